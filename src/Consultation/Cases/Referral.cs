using Consultation.Messaging;

namespace Consultation.Cases;

public readonly record struct ReferralId(Guid Value) : IStrongId<ReferralId>
{
    public static ReferralId New() => new(Guid.CreateVersion7());
    public static ReferralId From(Guid value) => new(value);
    public static ReferralId Parse(string s, IFormatProvider? provider) => StrongId.Parse<ReferralId>(s);
    public static bool TryParse(string? s, IFormatProvider? provider, out ReferralId result) => StrongId.TryParse(s, out result);
    public override string ToString() => Value.ToString();
}

/// <summary>他機関紹介: which body the client was told of, under the name it had that day, and how it was told (domain.md §14).</summary>
public sealed class Referral(CaseId caseId, string target, string targetName, Channel channel, string? note, DateTimeOffset at, StaffId? staffId, string actor)
{
    public ReferralId Id { get; private set; } = ReferralId.New();
    public CaseId CaseId { get; private set; } = caseId;

    /// <summary>The key of <see cref="Reference.ReferralTargets"/>; names change, the key stays.</summary>
    public string Target { get; private set; } = target;
    public string TargetName { get; private set; } = targetName;
    public Channel Channel { get; private set; } = channel;
    public string? Note { get; private set; } = note;
    public DateTimeOffset At { get; private set; } = at.ToUniversalTime();
    public StaffId? StaffId { get; private set; } = staffId;
    public string Actor { get; private set; } = actor;
}
