using Consultation.Messaging;

namespace Consultation.Cases;

/// <summary>
/// A case is about to be closed: every room adds what speaks against it, and one refusal carries the whole list. With
/// <see cref="CloseOpenWork"/> each room cancels its own instead (journey J37).
/// </summary>
public sealed record CaseClosing(CaseId Case, bool CloseOpenWork, List<Objection> Objections) : IDomainEvent;

/// <summary>
/// A case is about to be locked by an act that may end what other rooms keep for it. They lock first what stands before a case in the order of locks,
/// so that nobody waits for who waits for them (design §5).
/// </summary>
public sealed record CaseLocking(CaseId Case) : IDomainEvent;

/// <summary>What stands against closing: a code and a Japanese sentence without personal data.</summary>
public sealed record Objection(string Code, string Text);

/// <summary>A closed case was taken up again by a person.</summary>
public sealed record CaseReopened(CaseId Case) : IDomainEvent;

/// <summary>A case went to another desk with everything that is still to be done.</summary>
public sealed record CaseHandedOver(CaseId Case, DeskId Desk) : IDomainEvent;

/// <summary>The client of a case that has had a consultation was reached, called or wrote; told only where somebody may be waiting for a word.</summary>
/// <param name="At">When it was said.</param>
public sealed record ClientSpoke(CaseId Case, DateTimeOffset At) : IDomainEvent;

/// <summary>A call was opened for a mail that never arrived; rooms above end it where what the mail was about has gone meanwhile.</summary>
public sealed record LetterLost(CaseId Case, string EventKey) : IDomainEvent;

/// <summary>The search row was written anew from what the room Cases knows; rooms above add what they know.</summary>
public sealed record CaseSearchRewritten(CaseId Case) : IDomainEvent;
