namespace Consultation.Messaging;

/// <summary>A person or an integration that acts; the row lives in the room Staff.</summary>
public readonly record struct StaffId(Guid Value) : IStrongId<StaffId>
{
    public static StaffId New() => new(Guid.CreateVersion7());
    public static StaffId From(Guid value) => new(value);
    public static StaffId Parse(string s, IFormatProvider? provider) => StrongId.Parse<StaffId>(s);
    public static bool TryParse(string? s, IFormatProvider? provider, out StaffId result) => StrongId.TryParse(s, out result);
    public override string ToString() => Value.ToString();
}

/// <summary>A first-contact desk (一次相談窓口); the row lives in the room Staff.</summary>
public readonly record struct DeskId(Guid Value) : IStrongId<DeskId>
{
    public static DeskId New() => new(Guid.CreateVersion7());
    public static DeskId From(Guid value) => new(value);
    public static DeskId Parse(string s, IFormatProvider? provider) => StrongId.Parse<DeskId>(s);
    public static bool TryParse(string? s, IFormatProvider? provider, out DeskId result) => StrongId.TryParse(s, out result);
    public override string ToString() => Value.ToString();
}

/// <summary>An expert (専門家); the row lives in the room Experts.</summary>
public readonly record struct ExpertId(Guid Value) : IStrongId<ExpertId>
{
    public static ExpertId New() => new(Guid.CreateVersion7());
    public static ExpertId From(Guid value) => new(value);
    public static ExpertId Parse(string s, IFormatProvider? provider) => StrongId.Parse<ExpertId>(s);
    public static bool TryParse(string? s, IFormatProvider? provider, out ExpertId result) => StrongId.TryParse(s, out result);
    public override string ToString() => Value.ToString();
}

/// <summary>The roles of domain.md §2. <c>System</c> is background work and the command line, <c>Public</c> the applicant.</summary>
public enum Role { Desk, Centre, Expert, Supervisor, Ministry, Auditor, Administrator, System, Public }

/// <summary>Who asks, with all that row rights need. <c>District</c> is the slug of the actor's desk, null where the actor works nationwide.</summary>
public sealed record Actor(StaffId? Staff, string Name, Role Role, DeskId? Desk = null, string? District = null, ExpertId? Expert = null)
{
    /// <summary>Background work and the command line act under the name of the job, never as a person.</summary>
    public static Actor System(string name) => new(null, name, Role.System);

    /// <summary>A client who opens the link of a letter: whoever holds it, known by it alone.</summary>
    public static readonly Actor ClientByLink = new(null, "相談者（メールのリンク）", Role.Public);

    /// <summary>True where the actor may see the cases of every district (centre, supervisor without a desk, system).</summary>
    public bool IsNationwide => Role is Role.Centre or Role.System || (Role == Role.Supervisor && District is null);

    public bool Can(Permission permission) => Permissions.Of(Role).Contains(permission);
}
