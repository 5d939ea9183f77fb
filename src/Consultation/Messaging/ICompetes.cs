namespace Consultation.Messaging;

/// <summary>
/// A command that competes with others for one thing. Whoever loses – by a constraint, or because contention did not end – gets one and the
/// same refusal (design §3).
/// </summary>
public interface ICompetes
{
    /// <summary>The code of that refusal; null where this very request competes for nothing.</summary>
    string? LostCode { get; }
}

/// <summary>A competition was lost and everything is rolled back; the room that knows what else there is adds it to the refusal.</summary>
public sealed record CompetitionLost(ICompetes Request, RuleViolation Refusal) : IDomainEvent;
