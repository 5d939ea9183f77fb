using Consultation.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Consultation.Visits;

internal sealed class VisitsMapping : IEntityTypeConfiguration<Visit>, IEntityTypeConfiguration<VisitExpert>, IEntityTypeConfiguration<SessionReport>, IEntityTypeConfiguration<ReportDraft>, IEntityTypeConfiguration<SlotWish>, IEntityTypeConfiguration<VisitLink>, IEntityTypeConfiguration<CalendarFeed>
{
    public void Configure(EntityTypeBuilder<Visit> builder)
    {
        builder.ToTable("visits");
        builder.Ignore(v => v.IsOpen).Ignore(v => v.ConsumesQuota).Ignore(v => v.IsCounted).Ignore(v => v.Plan).Ignore(v => v.Tracks).Ignore(v => v.ExpertIds);
        builder.HasMany(v => v.Experts).WithOne().HasForeignKey(e => e.VisitId);
    }

    public void Configure(EntityTypeBuilder<VisitExpert> builder) => builder.ToTable("visit_experts").HasKey(e => new { e.VisitId, e.Track });

    public void Configure(EntityTypeBuilder<SlotWish> builder)
    {
        builder.ToTable("slot_wishes");
        builder.Ignore(w => w.IsOpen).Ignore(w => w.Wanted);
    }

    public void Configure(EntityTypeBuilder<VisitLink> builder) => builder.ToTable("visit_links");

    public void Configure(EntityTypeBuilder<CalendarFeed> builder) => builder.ToTable("calendar_feeds").HasKey(f => f.ExpertId);

    public void Configure(EntityTypeBuilder<SessionReport> builder)
    {
        builder.ToTable("session_reports").Ignore(r => r.Facts);
        builder.Property(r => r.Advice).HasJson();
    }

    public void Configure(EntityTypeBuilder<ReportDraft> builder)
    {
        builder.ToTable("report_drafts").HasKey(d => new { d.VisitId, d.Track, d.StaffId });
        builder.Property(d => d.Content).HasJson();
    }
}
