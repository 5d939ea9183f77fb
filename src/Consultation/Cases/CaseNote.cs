using Consultation.Messaging;

namespace Consultation.Cases;

public readonly record struct CaseNoteId(Guid Value) : IStrongId<CaseNoteId>
{
    public static CaseNoteId New() => new(Guid.CreateVersion7());
    public static CaseNoteId From(Guid value) => new(value);
    public static CaseNoteId Parse(string s, IFormatProvider? provider) => StrongId.Parse<CaseNoteId>(s);
    public static bool TryParse(string? s, IFormatProvider? provider, out CaseNoteId result) => StrongId.TryParse(s, out result);
    public override string ToString() => Value.ToString();
}

/// <summary>内部メモ: a table of its own, so that nothing that leaves the house is ever built from the same rows (journey J34).</summary>
public sealed class CaseNote(CaseId caseId, DateTimeOffset at, StaffId? staffId, string actor, string text)
{
    public CaseNoteId Id { get; private set; } = CaseNoteId.New();
    public CaseId CaseId { get; private set; } = caseId;
    public DateTimeOffset At { get; private set; } = at.ToUniversalTime();
    public StaffId? StaffId { get; private set; } = staffId;
    public string Actor { get; private set; } = actor;
    public string Text { get; private set; } = text;
}

public readonly record struct HistoryEntryId(Guid Value) : IStrongId<HistoryEntryId>
{
    public static HistoryEntryId New() => new(Guid.CreateVersion7());
    public static HistoryEntryId From(Guid value) => new(value);
    public static HistoryEntryId Parse(string s, IFormatProvider? provider) => StrongId.Parse<HistoryEntryId>(s);
    public static bool TryParse(string? s, IFormatProvider? provider, out HistoryEntryId result) => StrongId.TryParse(s, out result);
    public override string ToString() => Value.ToString();
}

/// <summary>経過: one line of what happened to a case. <c>Kind</c> is a stable code, <c>Text</c> Japanese.</summary>
public sealed class HistoryEntry(CaseId caseId, DateTimeOffset at, string actor, string kind, string text)
{
    public HistoryEntryId Id { get; private set; } = HistoryEntryId.New();
    public CaseId CaseId { get; private set; } = caseId;
    public DateTimeOffset At { get; private set; } = at.ToUniversalTime();
    public string Actor { get; private set; } = actor;
    public string Kind { get; private set; } = kind;
    public string Text { get; private set; } = text;
}

public readonly record struct TallyId(Guid Value) : IStrongId<TallyId>
{
    public static TallyId New() => new(Guid.CreateVersion7());
    public static TallyId From(Guid value) => new(value);
    public static TallyId Parse(string s, IFormatProvider? provider) => StrongId.Parse<TallyId>(s);
    public static bool TryParse(string? s, IFormatProvider? provider, out TallyId result) => StrongId.TryParse(s, out result);
    public override string ToString() => Value.ToString();
}

/// <summary>What a tally counts: questions that are no case, such as 「受付時間は？」 (design §2).</summary>
public enum TallyKind { OpeningHours, HowToApply, OtherOffice, WrongNumber, SalesCall, Other }

/// <summary>One question answered on the spot; counted, never followed.</summary>
public sealed class Tally(DeskId deskId, Channel channel, TallyKind kind, DateTimeOffset at, string actor)
{
    public TallyId Id { get; private set; } = TallyId.New();
    public DeskId DeskId { get; private set; } = deskId;
    public Channel Channel { get; private set; } = channel;
    public TallyKind Kind { get; private set; } = kind;
    public DateTimeOffset At { get; private set; } = at.ToUniversalTime();
    public string Actor { get; private set; } = actor;
}
