using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Organisations;
using Consultation.Reference;
using Consultation.Topics;

namespace Consultation.Cases;

public readonly record struct CaseId(Guid Value) : IStrongId<CaseId>
{
    public static CaseId New() => new(Guid.CreateVersion7());
    public static CaseId From(Guid value) => new(value);
    public static CaseId Parse(string s, IFormatProvider? provider) => StrongId.Parse<CaseId>(s);
    public static bool TryParse(string? s, IFormatProvider? provider, out CaseId result) => StrongId.TryParse(s, out result);
    public override string ToString() => Value.ToString();
}

public enum Channel { Phone, Email, Web, Event, Visit, Import }

/// <summary>導入状況 (domain.md §9.5): introduced, planned, none, on trial, stopped (出社回帰), unknown.</summary>
public enum TeleworkStatus { Introduced, Planned, None, Trial, Stopped, Unknown }

public enum CaseOutcome { Completed, Answered, Referred, OutOfScope, Withdrawn, Duplicate }

/// <summary>
/// A request for free advice (相談案件), from the first word to its end. State changes only through the methods here, each of which asks
/// <see cref="CaseActions"/> first and ends in <see cref="Settle"/>; handlers save.
/// </summary>
public sealed partial class Case
{
    private readonly List<CaseTrack> tracks = [];
    private readonly List<Deadline> deadlines = [];
    private readonly List<HistoryEntry> history = [];

    private Case()
    {
    }

    /// <summary>Opens a case as it was told; what is missing or doubtful is kept and named, never refused (design §6, "Intake").</summary>
    public Case(string number, DeskId desk, string district, Channel channel, DateTimeOffset receivedAt, string text, Suggestion suggestion, string? importKey, Occasion occasion)
    {
        Id = CaseId.New();
        Number = number;
        DeskId = desk;
        District = district;
        Channel = channel;
        ReceivedAt = receivedAt.ToUniversalTime();
        LoggedAt = occasion.Now.ToUniversalTime();
        Text = text;
        Suggestion = suggestion;
        Topics = suggestion.Topics.Select(t => t.Code).ToArray();
        ImportKey = importKey;
        QueueAt = ReceivedAt;
        Version = 1;
        Tell(occasion, "logged", $"受付（{CaseWords.Of(channel)}）");
        Start(DeadlineKind.FirstResponse, null, null, ReceivedAt, occasion.FirstResponse(ReceivedAt), occasion);
        Settle();
    }

    public CaseId Id { get; private set; }

    /// <summary>The number people read aloud: fiscal year of receipt and a sequence per year, gaps allowed (<c>R08-000123</c>).</summary>
    public string Number { get; private set; } = "";
    public DeskId DeskId { get; private set; }

    /// <summary>Slug of the district whose desk holds the case; row rights look here.</summary>
    public string District { get; private set; } = "";
    public CaseStatus Status { get; private set; }

    /// <summary>保留（相談者回答待ち）: a pause of the clocks on top of the status.</summary>
    public bool OnHold { get; private set; }
    public Channel Channel { get; private set; }
    public DateTimeOffset ReceivedAt { get; private set; }
    public DateTimeOffset LoggedAt { get; private set; }
    public string Text { get; private set; } = "";
    public Suggestion Suggestion { get; private set; } = null!;

    /// <summary>The topics as decided; the suggested ones until somebody decides.</summary>
    public string[] Topics { get; private set; } = [];
    public Track? Lead { get; private set; }
    public StaffId? Holder { get; private set; }
    public int OpenVisits { get; private set; }
    public int ReportsOwed { get; private set; }
    public bool ConsultingDone { get; private set; }
    public DateTimeOffset? ClosedAt { get; private set; }
    public CaseOutcome? Outcome { get; private set; }
    public TeleworkStatus TeleworkStatus { get; private set; } = TeleworkStatus.Unknown;
    public TeleworkStatus? TeleworkStatusAfter { get; private set; }
    public VisitMode? PreferredMode { get; private set; }

    /// <summary>第1希望 to 第3希望 of the client, in that order.</summary>
    public VisitWish[] Wishes { get; private set; } = [];
    public string? Source { get; private set; }

    /// <summary>When the client agreed, orally or in writing, that personal data go to both ministries' experts.</summary>
    public DateTimeOffset? ConsentedAt { get; private set; }

    /// <summary>Hash of the imported row; a row that comes again is recognised by it.</summary>
    public string? ImportKey { get; private set; }

    /// <summary>Exposed as the ETag; grows with every change.</summary>
    public int Version { get; private set; }

    public IReadOnlyList<CaseTrack> Tracks => tracks;

    /// <summary>The running deadlines; ended ones are not loaded with the case.</summary>
    public IReadOnlyList<Deadline> Deadlines => deadlines;

    /// <summary>What happened in this very change; earlier rows are not loaded with the case.</summary>
    public IReadOnlyList<HistoryEntry> History => history;

    /// <summary>What the pages offer: the table, and what the table cannot know.</summary>
    public IEnumerable<CaseAction> AllowedActions => Enum.GetValues<CaseAction>().Where(a => CaseActions.IsLegal(Status, a) && Applies(a));

    /// <summary>The status by the first condition that holds (design §2). Reads no clock: a booked visit past its hour stays Booked.</summary>
    public CaseStatus Settled() => this switch
    {
        { ClosedAt: not null } => CaseStatus.Closed,
        _ when tracks.All(t => t.State == TrackState.Dropped) => CaseStatus.Received,
        _ when tracks.Any(t => t.State == TrackState.Wanted) => CaseStatus.Waiting,
        _ when tracks.Any(t => t.State == TrackState.Offered) => CaseStatus.Offered,
        { OpenVisits: > 0 } => CaseStatus.Booked,
        { ReportsOwed: > 0 } => CaseStatus.ReportDue,
        { ConsultingDone: true } => CaseStatus.FollowingUp,
        _ => CaseStatus.Assigned,
    };

    public CaseTrack? TrackOf(Track track) => tracks.FirstOrDefault(t => t.Track == track);

    /// <exception cref="RuleViolation"><c>case.not_allowed</c>: the table refuses the action in this status.</exception>
    public void Demand(CaseAction action)
    {
        if (!CaseActions.IsLegal(Status, action))
        {
            throw new RuleViolation("case.not_allowed", CaseWords.Of(Status), CaseWords.Of(action));
        }
    }

    /// <summary>A line of the story (経過), in words a colleague understands.</summary>
    public void Tell(Occasion occasion, string kind, string text) => history.Add(new(Id, occasion.Now, occasion.Actor.Name, kind, text));

    /// <returns>False where it is on hold already; likewise the next three: a repeat of what already holds changes nothing.</returns>
    public bool Hold(string reason, Occasion occasion)
    {
        Demand(CaseAction.Hold);
        if (OnHold)
        {
            return false;
        }

        OnHold = true;
        deadlines.ForEach(d => d.Pause(occasion));
        Tell(occasion, "held", $"保留（相談者回答待ち）: {reason}");
        Changed();
        return true;
    }

    public bool Resume(Occasion occasion)
    {
        Demand(CaseAction.Resume);
        if (!OnHold)
        {
            return false;
        }

        OnHold = false;
        deadlines.ForEach(d => d.Resume(occasion));
        foreach (var asked in tracks.Where(t => t.State == TrackState.Offered))
        {
            asked.RespondBy = deadlines.FirstOrDefault(d => d.IsRunning && d.Kind == DeadlineKind.Acceptance && d.Track == asked.Track)?.DueAt ?? asked.RespondBy;
        }

        Tell(occasion, "resumed", "再開");
        Changed();
        return true;
    }

    public bool HandOver(DeskId desk, string district, string deskName, string reason, Occasion occasion)
    {
        Demand(CaseAction.HandOver);
        if (DeskId == desk)
        {
            return false;
        }

        DeskId = desk;
        District = district;
        Holder = null;
        Tell(occasion, "handed_over", $"{deskName}へ引継ぎ: {reason}");
        Changed();
        return true;
    }

    /// <summary>Rooms above have already had their say through <see cref="CaseClosing"/>.</summary>
    /// <exception cref="RuleViolation"><c>case.status_after_missing</c>: 導入状況 afterwards is mandatory once a consultation was completed (domain.md §8).</exception>
    public bool Close(CaseOutcome outcome, TeleworkStatus? after, string? reason, Occasion occasion)
    {
        if (Status == CaseStatus.Closed && Outcome == outcome)
        {
            return false;
        }

        Demand(CaseAction.Close);
        // What a follow-up heard last holds until the end says otherwise.
        after ??= TeleworkStatusAfter;
        if (outcome == CaseOutcome.Completed && after is null)
        {
            throw new RuleViolation("case.status_after_missing");
        }

        // Closing is an answer; what else was running is owed no more.
        Meet(DeadlineKind.FirstResponse, null, null, occasion);
        deadlines.Where(d => d.IsRunning).ToList().ForEach(d => d.End(DeadlineState.Cancelled, occasion.Now));
        var waiting = tracks.Where(t => t.State is TrackState.Wanted or TrackState.Later).OrderBy(t => t.Track).ToList();
        waiting.ForEach(t => t.Free(TrackState.Dropped));

        OnHold = false;
        ClosedAt = occasion.Now.ToUniversalTime();
        Outcome = outcome;
        TeleworkStatusAfter = after;
        Tell(occasion, "closed", $"完了（{CaseWords.Of(outcome)}）{(reason is null ? "" : $": {reason}")}{(waiting.Count == 0 ? "" : $"（{string.Join("・", waiting.Select(t => CaseWords.Of(t.Track)))}は取りやめ）")}");
        Changed();
        return true;
    }

    /// <param name="calls">The calls that are still owed; their clocks run from now on.</param>
    public void Reopen(string reason, IEnumerable<CallBack> calls, Occasion occasion)
    {
        Demand(CaseAction.Reopen);
        ClosedAt = null;
        Outcome = null;
        TeleworkStatusAfter = null;
        foreach (var held in tracks.Where(t => t.State == TrackState.Held && OpenVisits == 0))
        {
            Start(DeadlineKind.FirstVisit, held.Track, null, occasion.Now, occasion.FirstVisit(), occasion);
        }

        foreach (var call in calls)
        {
            RunClockOf(call, occasion);
        }

        // Closing drops what nobody had taken; the case goes on with what is left.
        var live = tracks.Where(t => t.State != TrackState.Dropped).Select(t => t.Track).Order().ToList();
        Lead = Lead is { } lead && live.Contains(lead) ? lead : live.Count > 0 ? live[0] : null;
        var dropped = tracks.Where(t => t.State == TrackState.Dropped).OrderBy(t => t.Track).Select(t => CaseWords.Of(t.Track)).ToList();
        Tell(occasion, "reopened", $"再開: {reason}{(dropped.Count == 0 ? "" : $"（{string.Join("・", dropped)}は取りやめのまま。必要なら振り分けで加えます）")}");
        Changed();
    }

    /// <summary>Ends every change: the status, the next deadline and the place in the queue follow from what is there.</summary>
    internal void Settle()
    {
        Status = Settled();
        var next = deadlines.Where(d => d.State == DeadlineState.Open).OrderBy(d => d.DueAt).ThenBy(d => d.Id.Value).FirstOrDefault();
        NextDueAt = next?.DueAt;
        NextDueKind = next?.Kind;
        NextDueTrack = next?.Track;
        NextDueWhy = next?.Why;
        QueueAt = next?.DueAt ?? (OnHold ? Paused : ReceivedAt.AddYears(BehindAllDates));
    }

    // One column orders the queue, so that a page costs the same wherever it begins: what has a date by that date, then what has none by
    // its age, then what is paused – but for a call that is owed, which no hold moves. Four hundred years are one whole cycle of the calendar and lie beyond every deadline.
    private const int BehindAllDates = 400;

    private static readonly DateTimeOffset Paused = new(2999, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public DateTimeOffset? NextDueAt { get; private set; }
    public DeadlineKind? NextDueKind { get; private set; }
    public Track? NextDueTrack { get; private set; }
    public string? NextDueWhy { get; private set; }

    /// <summary>The order of the queue.</summary>
    public DateTimeOffset QueueAt { get; private set; }

    private void Changed()
    {
        Version++;
        Settle();
    }

    private bool Applies(CaseAction action) => action switch
    {
        CaseAction.Hold => !OnHold,
        CaseAction.Resume => OnHold,
        CaseAction.JoinTrack => tracks.Any(t => t.State == TrackState.Later),
        CaseAction.AnswerOffer => tracks.Any(t => t.State == TrackState.Offered),
        CaseAction.Reassign => tracks.Any(t => t.State is TrackState.Offered or TrackState.Held),
        CaseAction.Book => tracks.Any(t => t.State is TrackState.Held or TrackState.Done),
        CaseAction.ChangeVisit or CaseAction.CompleteVisit => OpenVisits > 0,
        CaseAction.WriteReport => ReportsOwed > 0,
        _ => true,
    };
}
