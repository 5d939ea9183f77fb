using Consultation.Messaging;

namespace Consultation.Staff;

/// <summary>
/// A person or an integration that may act. <see cref="Organisation"/> is the contractor, ministry or firm the person belongs to, so that
/// re-delegation stays visible (domain.md §11).
/// </summary>
public sealed class StaffMember
{
    private StaffMember()
    {
    }

    public StaffMember(string name, string? email, Role role, DeskId? deskId, ExpertId? expertId, string organisation, DateTimeOffset now, bool isIntegration = false)
    {
        Id = StaffId.New();
        Name = name;
        Email = email;
        Role = role;
        DeskId = deskId;
        ExpertId = expertId;
        Organisation = organisation;
        IsIntegration = isIntegration;
        CreatedAt = now;
    }

    public StaffId Id { get; private set; }
    public string Name { get; private set; } = "";
    public string? Email { get; private set; }
    public Role Role { get; private set; }
    public DeskId? DeskId { get; private set; }
    public ExpertId? ExpertId { get; private set; }
    public string Organisation { get; private set; } = "";
    public bool IsIntegration { get; private set; }
    public bool Active { get; private set; } = true;
    public DateTimeOffset CreatedAt { get; private set; }
    public int Version { get; private set; } = 1;

    internal void Change(string name, string? email, Role role, DeskId? desk, ExpertId? expert, string organisation)
    {
        Name = name;
        Email = email;
        Role = role;
        DeskId = desk;
        ExpertId = expert;
        Organisation = organisation;
        Version++;
    }

    internal void Retire()
    {
        Active = false;
        Version++;
    }

    internal void Reinstate()
    {
        Active = true;
        Version++;
    }
}

/// <summary>A bearer token of the API; only its SHA-256 is kept. Ends by date or by revocation.</summary>
public sealed class AccessToken
{
    private AccessToken()
    {
    }

    public AccessToken(StaffId staffId, byte[] hash, string name, DateTimeOffset createdAt, DateTimeOffset? expiresAt)
    {
        Id = AccessTokenId.New();
        StaffId = staffId;
        Hash = hash;
        Name = name;
        CreatedAt = createdAt;
        ExpiresAt = expiresAt;
    }

    public AccessTokenId Id { get; private set; }
    public StaffId StaffId { get; private set; }
    public byte[] Hash { get; private set; } = [];
    public string Name { get; private set; } = "";
    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset? ExpiresAt { get; private set; }
    public DateTimeOffset? RevokedAt { get; private set; }

    /// <returns>False where it was revoked before.</returns>
    internal bool Revoke(DateTimeOffset now)
    {
        if (RevokedAt is not null)
        {
            return false;
        }

        RevokedAt = now.ToUniversalTime();
        return true;
    }
}

public readonly record struct AccessTokenId(Guid Value) : IStrongId<AccessTokenId>
{
    public static AccessTokenId New() => new(Guid.CreateVersion7());
    public static AccessTokenId From(Guid value) => new(value);
    public static AccessTokenId Parse(string s, IFormatProvider? provider) => StrongId.Parse<AccessTokenId>(s);
    public static bool TryParse(string? s, IFormatProvider? provider, out AccessTokenId result) => StrongId.TryParse(s, out result);
    public override string ToString() => Value.ToString();
}
