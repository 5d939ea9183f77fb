using Consultation.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Consultation.Cases;

internal sealed class CaseMapping :
    IEntityTypeConfiguration<Case>, IEntityTypeConfiguration<CaseTrack>, IEntityTypeConfiguration<Deadline>, IEntityTypeConfiguration<Contact>,
    IEntityTypeConfiguration<CallBack>, IEntityTypeConfiguration<CaseNote>, IEntityTypeConfiguration<HistoryEntry>, IEntityTypeConfiguration<CaseSearch>,
    IEntityTypeConfiguration<Tally>, IEntityTypeConfiguration<Consent>, IEntityTypeConfiguration<DeskNews>, IEntityTypeConfiguration<Referral>
{
    public void Configure(EntityTypeBuilder<Case> builder)
    {
        builder.ToTable("cases");
        builder.Property(c => c.Suggestion).HasJson();
        builder.Property(c => c.Wishes).HasColumnType("text[]").HasConversion(
            wishes => wishes.Select(w => w.Stored()).ToArray(), texts => texts.Select(VisitWish.Read).ToArray(),
            new ValueComparer<VisitWish[]>((a, b) => a!.SequenceEqual(b!), a => a.Length, a => a.ToArray()));
        builder.Property(c => c.Version).IsConcurrencyToken();
        builder.Ignore(c => c.AllowedActions).Ignore(c => c.Missing).Ignore(c => c.CanBeMailed);
        builder.HasMany(c => c.Tracks).WithOne().HasForeignKey(t => t.CaseId);
        builder.HasMany(c => c.Deadlines).WithOne().HasForeignKey(d => d.CaseId);
        builder.HasMany(c => c.History).WithOne().HasForeignKey(h => h.CaseId);
    }

    public void Configure(EntityTypeBuilder<CaseTrack> builder) => builder.ToTable("case_tracks").HasKey(t => new { t.CaseId, t.Track });

    public void Configure(EntityTypeBuilder<Deadline> builder)
    {
        builder.ToTable("deadlines").Ignore(d => d.IsRunning).Ignore(d => d.LeftWords);
        builder.Property(d => d.Counting!).HasJson();
    }

    public void Configure(EntityTypeBuilder<Contact> builder) => builder.ToTable("contacts");

    public void Configure(EntityTypeBuilder<CallBack> builder) => builder.ToTable("call_backs");

    public void Configure(EntityTypeBuilder<CaseNote> builder) => builder.ToTable("case_notes");

    public void Configure(EntityTypeBuilder<HistoryEntry> builder) => builder.ToTable("case_history");

    public void Configure(EntityTypeBuilder<CaseSearch> builder) => builder.ToTable("case_search").HasKey(s => s.CaseId);

    public void Configure(EntityTypeBuilder<Tally> builder) => builder.ToTable("tallies");

    public void Configure(EntityTypeBuilder<Consent> builder) => builder.ToTable("consents");

    public void Configure(EntityTypeBuilder<DeskNews> builder) => builder.ToTable("desk_news");

    public void Configure(EntityTypeBuilder<Referral> builder) => builder.ToTable("referrals");
}
