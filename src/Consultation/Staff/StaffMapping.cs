using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Consultation.Staff;

internal sealed class StaffMapping :
    IEntityTypeConfiguration<Desk>, IEntityTypeConfiguration<Closure>, IEntityTypeConfiguration<StaffMember>, IEntityTypeConfiguration<AccessToken>
{
    public void Configure(EntityTypeBuilder<Desk> builder) => builder.ToTable("desks").Ignore(d => d.Hours).Property(d => d.Version).IsConcurrencyToken();

    public void Configure(EntityTypeBuilder<Closure> builder) => builder.ToTable("closures");

    public void Configure(EntityTypeBuilder<StaffMember> builder) => builder.ToTable("staff").Property(m => m.Version).IsConcurrencyToken();

    // Told so that a new person is inserted before the token that points there.
    public void Configure(EntityTypeBuilder<AccessToken> builder) =>
        builder.ToTable("access_tokens").HasOne<StaffMember>().WithMany().HasForeignKey(t => t.StaffId);
}
