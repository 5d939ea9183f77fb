using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Topics;

namespace Consultation.Visits;

public readonly record struct SessionReportId(Guid Value) : IStrongId<SessionReportId>
{
    public static SessionReportId New() => new(Guid.CreateVersion7());
    public static SessionReportId From(Guid value) => new(value);
    public static SessionReportId Parse(string s, IFormatProvider? provider) => StrongId.Parse<SessionReportId>(s);
    public static bool TryParse(string? s, IFormatProvider? provider, out SessionReportId result) => StrongId.TryParse(s, out result);
    public override string ToString() => Value.ToString();
}

/// <summary>Whether this ministry's consulting goes on or is declared done.</summary>
public enum ReportNext { Another, Done }

/// <summary>提出済 → 承認 | 差戻し (owed again); 未提出で終了 where a supervisor gave it up (journey J61).</summary>
public enum ReportState { Submitted, Returned, Approved, NotFiled }

/// <summary>What was advised on one topic.</summary>
public sealed record TopicAdvice(string Topic, string Text);

/// <summary>
/// What a report tells beside its text: advice by topic, 導入状況 before and after as the expert saw it, and the facts by which each ministry
/// pays (domain.md §15) – facts only, nothing is paid here.
/// </summary>
/// <param name="Minutes">How long this ministry's expert was there; the visit's minutes where null.</param>
/// <param name="TravelKm">There and back, in kilometres.</param>
/// <param name="ExpenseNote">The way and what was spent on it, as typed.</param>
/// <param name="FeeMinutes">The minutes a fee is due for (謝金), with preparation where the ministry counts it.</param>
public sealed record ReportFacts(
    IReadOnlyList<TopicAdvice>? Advice = null, TeleworkStatus? StatusBefore = null, TeleworkStatus? StatusAfter = null, int? Minutes = null, int? TravelKm = null, string? ExpenseNote = null,
    int? FeeMinutes = null)
{
    /// <summary>Whether both tell the same; lists are compared by what stands in them.</summary>
    public bool Tells(ReportFacts other) => this with { Advice = null } == other with { Advice = null } && (Advice ?? []).SequenceEqual(other.Advice ?? []);

    /// <summary>Without what is blank.</summary>
    internal ReportFacts Trimmed() => this with
    {
        Advice = [.. (Advice ?? []).Where(a => !string.IsNullOrWhiteSpace(a.Text)).Select(a => a with { Text = a.Text.Trim() })],
        ExpenseNote = string.IsNullOrWhiteSpace(ExpenseNote) ? null : ExpenseNote.Trim(),
    };
}

/// <summary>
/// What one ministry's expert advised at one visit (実施報告). The desk may write down what the expert dictates, with its source; the report
/// then waits for the expert's own word (<see cref="Confirmed"/>).
/// </summary>
public sealed class SessionReport
{
    private SessionReport()
    {
    }

    public SessionReport(Visit visit, Track track, string text, IReadOnlyList<string> topics, ReportNext next, string? source, bool own, Occasion occasion, ReportFacts? facts = null)
        : this(visit, track)
    {
        Write(text, topics, next, source, own, occasion, facts);
    }

    private SessionReport(Visit visit, Track track)
    {
        Id = SessionReportId.New();
        VisitId = visit.Id;
        CaseId = visit.CaseId;
        Track = track;
        ExpertId = visit.Experts.Single(e => e.Track == track).ExpertId;
    }

    public SessionReportId Id { get; private set; }
    public VisitId VisitId { get; private set; }
    public CaseId CaseId { get; private set; }
    public Track Track { get; private set; }
    public ExpertId ExpertId { get; private set; }
    public string Text { get; private set; } = "";
    public string[] Topics { get; private set; } = [];
    public ReportNext Next { get; private set; }
    public IReadOnlyList<TopicAdvice> Advice { get; private set; } = [];
    public TeleworkStatus? StatusBefore { get; private set; }
    public TeleworkStatus? StatusAfter { get; private set; }
    public int? Minutes { get; private set; }
    public int? TravelKm { get; private set; }
    public string? ExpenseNote { get; private set; }
    public int? FeeMinutes { get; private set; }

    public ReportFacts Facts => new(Advice, StatusBefore, StatusAfter, Minutes, TravelKm, ExpenseNote, FeeMinutes);
    public ReportState State { get; private set; }

    /// <summary>How the desk learned it (電話で口述); null where the expert wrote it.</summary>
    public string? Source { get; private set; }

    /// <summary>The expert's own word; false while it was only dictated.</summary>
    public bool Confirmed { get; private set; }
    public string FiledBy { get; private set; } = "";
    public DateTimeOffset FiledAt { get; private set; }
    public string? ReviewedBy { get; private set; }
    public DateTimeOffset? ReviewedAt { get; private set; }

    /// <summary>Why it was returned or given up.</summary>
    public string? Review { get; private set; }

    /// <summary>A report nobody will write any more.</summary>
    public static SessionReport GivenUp(Visit visit, Track track, string reason, Occasion occasion)
    {
        var report = new SessionReport(visit, track) { FiledBy = occasion.Actor.Name, FiledAt = occasion.Now.ToUniversalTime() };
        report.GiveUp(reason, occasion);
        return report;
    }

    /// <param name="facts">Not asked where null.</param>
    public bool Says(string text, ReportNext next, ReportFacts? facts) => Text == text && Next == next && (facts is null || Facts.Tells(facts));

    /// <param name="facts">Those told before stay where null.</param>
    public void Write(string text, IReadOnlyList<string> topics, ReportNext next, string? source, bool own, Occasion occasion, ReportFacts? facts = null)
    {
        if (facts is not null)
        {
            (Advice, StatusBefore, StatusAfter) = (facts.Advice ?? [], facts.StatusBefore, facts.StatusAfter);
            (Minutes, TravelKm, ExpenseNote, FeeMinutes) = (facts.Minutes, facts.TravelKm, facts.ExpenseNote, facts.FeeMinutes);
        }

        Text = text;
        Topics = [.. topics];
        Next = next;
        Source = source;
        Confirmed = own;
        State = ReportState.Submitted;
        FiledBy = occasion.Actor.Name;
        FiledAt = occasion.Now.ToUniversalTime();
    }

    /// <summary>The expert's own word about a dictated text; what the supervisor said of it stands.</summary>
    public void Confirm() => Confirmed = true;

    /// <exception cref="RuleViolation"><c>report.not_submitted</c>.</exception>
    public bool Approve(Occasion occasion)
    {
        if (State == ReportState.Approved)
        {
            return false;
        }

        DemandSubmitted();
        Reviewed(ReportState.Approved, null, occasion);
        return true;
    }

    /// <exception cref="RuleViolation"><c>report.not_submitted</c>: approved, given up, or returned for another reason already.</exception>
    public bool Return(string reason, Occasion occasion)
    {
        if (State == ReportState.Returned)
        {
            return false;
        }

        DemandSubmitted();
        Reviewed(ReportState.Returned, reason, occasion);
        return true;
    }

    public void GiveUp(string reason, Occasion occasion) => Reviewed(ReportState.NotFiled, reason, occasion);

    private void DemandSubmitted()
    {
        if (State != ReportState.Submitted)
        {
            throw new RuleViolation("report.not_submitted", VisitWords.Of(State));
        }
    }

    private void Reviewed(ReportState state, string? review, Occasion occasion)
    {
        State = state;
        Review = review;
        ReviewedBy = occasion.Actor.Name;
        ReviewedAt = occasion.Now.ToUniversalTime();
    }
}
