using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Consultation.Organisations;

internal sealed class OrganisationsMapping :
    IEntityTypeConfiguration<Organisation>, IEntityTypeConfiguration<ProgrammeYear>, IEntityTypeConfiguration<QuotaAccount>, IEntityTypeConfiguration<QuotaLedgerEntry>
{
    public void Configure(EntityTypeBuilder<Organisation> builder) => builder.ToTable("organisations");

    public void Configure(EntityTypeBuilder<ProgrammeYear> builder) => 
        builder.ToTable("programme_years").Ignore(p => p.Settings).Property(p => p.Version).IsConcurrencyToken();

    public void Configure(EntityTypeBuilder<QuotaAccount> builder) => builder.ToTable("quota_accounts").Ignore(a => a.Left);

    public void Configure(EntityTypeBuilder<QuotaLedgerEntry> builder) => builder.ToTable("quota_ledger");
}
