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

/// <summary>
/// What one ministry's expert advised at one visit (実施報告). The desk may write down what the expert dictates, with its source; the report
/// then waits for the expert's own word (<see cref="Confirmed"/>).
/// </summary>
public sealed class SessionReport
{
    private SessionReport()
    {
    }

    public SessionReport(Visit visit, Track track, string text, IReadOnlyList<string> topics, ReportNext next, string? source, bool own, Occasion occasion)
        : this(visit, track)
    {
        Write(text, topics, next, source, own, occasion);
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

    public bool Says(string text, ReportNext next) => Text == text && Next == next;

    public void Write(string text, IReadOnlyList<string> topics, ReportNext next, string? source, bool own, Occasion occasion)
    {
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
