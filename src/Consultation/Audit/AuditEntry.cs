using Consultation.Messaging;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Consultation.Audit;

/// <summary>
/// One change or view of personal data: who, when, what was done to which row. Insert-only; sealed later into a hash chain
/// (<see cref="SealAudit"/>), so that writers never wait for each other. Kept because 個人情報保護法 asks who touched what, and when.
/// </summary>
public sealed class AuditEntry
{
    private AuditEntry()
    {
    }

    public AuditEntry(Execution execution, AuditLine line)
    {
        At = execution.Now.ToUniversalTime();
        StaffId = execution.Actor.Staff;
        Actor = execution.Actor.Name;
        Role = execution.Actor.Role;
        Action = line.Action;
        Subject = line.Subject;
        SubjectId = line.SubjectId;
        Details = line.Details;
    }

    /// <summary>Given by the database, except to rows that are sealed as they are written (<c>Demo/Load</c>).</summary>
    public long Id { get; internal set; }
    public DateTimeOffset At { get; private set; }
    public StaffId? StaffId { get; private set; }
    public string Actor { get; private set; } = "";
    public Role Role { get; private set; }
    public string Action { get; private set; } = "";
    public string Subject { get; private set; } = "";
    public Ref SubjectId { get; private set; }
    public string? Details { get; private set; }
}

internal sealed class AuditMapping : IEntityTypeConfiguration<AuditEntry>
{
    public void Configure(EntityTypeBuilder<AuditEntry> builder)
    {
        builder.ToTable("audit_entry");
        builder.Property(e => e.Id).UseIdentityAlwaysColumn();
    }
}
