using Consultation.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Consultation.Routing;

internal sealed class RoutingMapping : IEntityTypeConfiguration<Offer>, IEntityTypeConfiguration<MatchDecision>
{
    public void Configure(EntityTypeBuilder<Offer> builder) => builder.ToTable("offers");

    public void Configure(EntityTypeBuilder<MatchDecision> builder)
    {
        builder.ToTable("match_decisions");
        builder.HasOne<Offer>().WithMany().HasForeignKey(d => d.OfferId);
        builder.Property(d => d.Need).HasJson();
        builder.Property(d => d.Facts).HasJson();
        builder.Property(d => d.Verdicts).HasJson();
        builder.Property(d => d.Others).HasJson();
    }
}
