using Consultation.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Consultation.Handover;

internal sealed class HandoverMapping : IEntityTypeConfiguration<HandoverPlan>
{
    public void Configure(EntityTypeBuilder<HandoverPlan> builder)
    {
        builder.ToTable("handover_plans");
        builder.Property(p => p.Items).HasJson();
        builder.Property(p => p.FollowUps).HasJson();
        builder.Property(p => p.Content).HasJson();
        builder.Property(p => p.Done).HasJson();
    }
}
