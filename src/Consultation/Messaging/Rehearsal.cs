namespace Consultation.Messaging;

/// <summary>A letter that a command would send.</summary>
/// <param name="Expert">The expert it goes to; null for the client.</param>
/// <param name="Recipient">Masked for whoever may not see the client's address.</param>
/// <param name="Body">Without the secrets of links.</param>
/// <param name="NotBefore">Held back until then, and why; null where it leaves at once.</param>
public sealed record RehearsedLetter(string Template, string? Expert, string Recipient, string Subject, string Body, bool HasCalendar, DateTimeOffset? NotBefore, string? NotBeforeWhy);

/// <summary>A call that a command would owe, because what it tells cannot be mailed.</summary>
public sealed record RehearsedCall(string Title, string? Phone, DateTimeOffset From, DateTimeOffset Due);

/// <summary>What a command would send, were it sent now (journey P08: before acting).</summary>
/// <param name="Recalled">Letters of earlier acts that have not left and would not any more: template and recipient.</param>
public sealed record Rehearsed(IReadOnlyList<RehearsedLetter> Letters, IReadOnlyList<RehearsedCall> Calls, IReadOnlyList<RehearsedLetter> Recalled);

/// <summary>
/// Marks the run of a command that is done with everything it does and taken back whole: nothing of it stands in the database afterwards, no audit row, no
/// letter, no bell; only that somebody has looked. The pipeline fills <see cref="Seen"/>.
/// </summary>
public sealed class Rehearsal
{
    public Rehearsed Seen { get; set; } = new([], [], []);
}
