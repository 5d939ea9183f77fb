using Consultation.Persistence;
using Consultation.Routing.Board;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Consultation.Routing;

internal sealed class RoutingMapping : IEntityTypeConfiguration<Offer>, IEntityTypeConfiguration<MatchDecision>, IEntityTypeConfiguration<Wish>, IEntityTypeConfiguration<BoardPlan>, IEntityTypeConfiguration<BoardOffer>
{
    public void Configure(EntityTypeBuilder<Offer> builder) => builder.ToTable("offers").Ignore(o => o.AskedBy);

    public void Configure(EntityTypeBuilder<MatchDecision> builder)
    {
        builder.ToTable("match_decisions");
        builder.HasOne<Offer>().WithMany().HasForeignKey(d => d.OfferId);
        builder.Property(d => d.Need).HasJson();
        builder.Property(d => d.Facts).HasJson();
        builder.Property(d => d.Verdicts).HasJson();
        builder.Property(d => d.Others).HasJson();
    }

    public void Configure(EntityTypeBuilder<Wish> builder) => builder.ToTable("applicant_wishes").HasKey(w => new { w.CaseId, w.Track, w.Place });

    public void Configure(EntityTypeBuilder<BoardPlan> builder)
    {
        builder.ToTable("assignment_plans");
        builder.Property(p => p.Content).HasJson();
        builder.Property(p => p.Version).IsConcurrencyToken();
        builder.HasMany(p => p.Offers).WithOne().HasForeignKey(o => o.PlanId);
    }

    public void Configure(EntityTypeBuilder<BoardOffer> builder) => builder.ToTable("assignment_plan_offers").HasKey(o => new { o.PlanId, o.OfferId });
}
