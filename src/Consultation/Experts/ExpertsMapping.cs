using Consultation.Experts.Outside;
using Consultation.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Consultation.Experts;

internal sealed class ExpertsMapping :
    IEntityTypeConfiguration<Expert>, IEntityTypeConfiguration<ExpertTopic>, IEntityTypeConfiguration<ExpertHours>, IEntityTypeConfiguration<ExpertDay>, IEntityTypeConfiguration<ExpertAbsence>,
    IEntityTypeConfiguration<DiaryEntry>, IEntityTypeConfiguration<ExpertCalendar>, IEntityTypeConfiguration<ExpertElsewhere>
{
    public void Configure(EntityTypeBuilder<Expert> builder)
    {
        builder.ToTable("experts");
        builder.Property(e => e.Version).IsConcurrencyToken();
        Texts(builder.Property(e => e.Modes));
        builder.HasMany(e => e.Topics).WithOne().HasForeignKey(t => t.ExpertId);
        builder.HasMany(e => e.Hours).WithOne().HasForeignKey(h => h.ExpertId);
        builder.HasMany(e => e.Days).WithOne().HasForeignKey(d => d.ExpertId);
        builder.HasMany(e => e.Absences).WithOne().HasForeignKey(a => a.ExpertId);
    }

    public void Configure(EntityTypeBuilder<ExpertTopic> builder) => builder.ToTable("expert_topics").HasKey(t => new { t.ExpertId, t.Topic });

    public void Configure(EntityTypeBuilder<ExpertHours> builder)
    {
        builder.ToTable("expert_hours");
        Texts(builder.Property(h => h.Modes));
    }

    public void Configure(EntityTypeBuilder<ExpertDay> builder)
    {
        builder.ToTable("expert_days");
        Texts(builder.Property(d => d.Modes));
    }

    public void Configure(EntityTypeBuilder<ExpertAbsence> builder) => builder.ToTable("expert_absences");

    public void Configure(EntityTypeBuilder<DiaryEntry> builder) => builder.ToTable("expert_diary");

    public void Configure(EntityTypeBuilder<ExpertCalendar> builder) => builder.ToTable("expert_calendars");

    public void Configure(EntityTypeBuilder<ExpertElsewhere> builder) => builder.ToTable("expert_elsewhere");

    private static void Texts(PropertyBuilder<VisitMode[]> property) => property.HasColumnType("text[]").HasConversion(
        modes => modes.Select(EnumText.Of).ToArray(),
        texts => texts.Select(EnumText.Parse<VisitMode>).ToArray(),
        new ValueComparer<VisitMode[]>((a, b) => a!.SequenceEqual(b!), a => a.Length, a => a.ToArray()));
}
