using Consultation.Calendar;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Topics;
using SuggestionOutcome = Consultation.Topics.Outcome;

namespace Consultation.Cases;

/// <summary>How two wanted tracks begin: the lead alone (default), or both at once, which needs a reason (design §2).</summary>
public enum StartMode { Lead, Together }

public sealed partial class Case
{
    /// <summary>
    /// Decides which ministries are wanted (振り分け). A later decision may add a track, or drop one that nobody holds.
    /// </summary>
    /// <exception cref="RuleViolation"><c>route.no_tracks</c>, <c>route.reason_needed</c> (together, or against the suggestion), <c>route.track_in_use</c>.</exception>
    public void Route(IReadOnlyCollection<Track> wanted, StartMode start, IReadOnlyList<string>? topics, string? reason, Occasion occasion)
    {
        Demand(CaseAction.Route);
        if (wanted.Count == 0)
        {
            throw new RuleViolation("route.no_tracks");
        }

        var both = wanted.Count > 1;
        var overrules = Suggestion.Outcome == SuggestionOutcome.Route && !Suggestion.Tracks.ToHashSet().SetEquals(wanted);
        if (string.IsNullOrWhiteSpace(reason) && ((both && start == StartMode.Together) || overrules))
        {
            throw new RuleViolation("route.reason_needed");
        }

        if (tracks.Any(t => !wanted.Contains(t.Track) && t.State is TrackState.Offered or TrackState.Held))
        {
            throw new RuleViolation("route.track_in_use");
        }

        var now = tracks.Where(t => t.State != TrackState.Dropped).Select(t => t.Track).ToHashSet();
        if (now.SetEquals(wanted) && !(start == StartMode.Together && tracks.Any(t => t.State == TrackState.Later)) && topics is null)
        {
            return;
        }

        Lead = both ? (Suggestion.Lead is { } lead && wanted.Contains(lead) ? lead : Lead ?? wanted.Min()) : wanted.Single();
        foreach (var dropped in tracks.Where(t => !wanted.Contains(t.Track) && t.State is TrackState.Wanted or TrackState.Later))
        {
            dropped.Free(TrackState.Dropped);
            Cancel(DeadlineKind.Assignment, dropped.Track, occasion);
        }

        foreach (var track in wanted.Order())
        {
            var immediate = !both || start == StartMode.Together || track == Lead;
            Want(track, immediate ? TrackState.Wanted : TrackState.Later, occasion);
        }

        Topics = topics is null ? Topics : [.. topics];
        ConsultingDone = false;
        Meet(DeadlineKind.FirstResponse, null, null, occasion);
        Tell(occasion, "routed", $"振り分け: {string.Join("・", wanted.Order().Select(CaseWords.Of))}{(both ? start == StartMode.Together ? "（同時に開始）" : $"（主担当 {CaseWords.Of(Lead.Value)} から）" : "")}{(string.IsNullOrWhiteSpace(reason) ? "" : $" 理由: {reason}")}");
        Changed();
    }

    /// <summary>The second ministry joins when lead or desk asks.</summary>
    public void JoinTrack(Track track, Occasion occasion)
    {
        Demand(CaseAction.JoinTrack);
        if (TrackOf(track) is not { State: TrackState.Later })
        {
            throw new RuleViolation("track.not_waiting_to_join");
        }

        Want(track, TrackState.Wanted, occasion);
        Tell(occasion, "joined", $"{CaseWords.Of(track)}も開始");
        Changed();
    }

    /// <exception cref="RuleViolation"><c>track.not_wanted</c>: the track has an open offer or a holder, or was never wanted.</exception>
    public void Offer(Track track, OfferId offer, ExpertId expert, string expertName, DueInstant respondBy, Occasion occasion)
    {
        Demand(CaseAction.Offer);
        if (TrackOf(track) is not { State: TrackState.Wanted } wanted)
        {
            throw new RuleViolation("track.not_wanted");
        }

        wanted.State = TrackState.Offered;
        wanted.OfferId = offer;
        wanted.ExpertId = expert;
        wanted.RespondBy = respondBy.Due.ToUniversalTime();
        Meet(DeadlineKind.Assignment, track, null, occasion);
        Start(DeadlineKind.Acceptance, track, null, occasion.Now, respondBy);
        Tell(occasion, "offered", $"{CaseWords.Of(track)}: {expertName} に打診");
        Changed();
    }

    public void Accept(Track track, string expertName, string? source, Occasion occasion)
    {
        if (TrackOf(track) is { State: TrackState.Held })
        {
            return;
        }

        Demand(CaseAction.AnswerOffer);
        var offered = Offered(track);
        offered.State = TrackState.Held;
        offered.RespondBy = null;
        Meet(DeadlineKind.Acceptance, track, null, occasion);
        Start(DeadlineKind.FirstVisit, track, null, occasion.Now, occasion.FirstVisit());
        Tell(occasion, "accepted", $"{CaseWords.Of(track)}: {expertName} が受諾{Via(source)}");
        Changed();
    }

    /// <summary>The offer ends without a yes (declined, expired, withdrawn): the track waits again, with the case's age as it was (J15).</summary>
    public void OfferEnded(Track track, string kind, string words, Occasion occasion)
    {
        Demand(CaseAction.AnswerOffer);
        Offered(track).Free(TrackState.Wanted);
        Cancel(DeadlineKind.Acceptance, track, occasion);
        Start(DeadlineKind.Assignment, track, null, occasion.Now, occasion.Assignment());
        Tell(occasion, kind, $"{CaseWords.Of(track)}: {words}");
        Changed();
    }

    /// <summary>Takes the track from its expert; it waits again.</summary>
    public void TakeBack(Track track, string reason, Occasion occasion)
    {
        Demand(CaseAction.Reassign);
        if (TrackOf(track) is not { State: TrackState.Held or TrackState.Offered } taken)
        {
            throw new RuleViolation("track.not_held");
        }

        taken.Free(TrackState.Wanted);
        Cancel(DeadlineKind.Acceptance, track, occasion);
        Cancel(DeadlineKind.FirstVisit, track, occasion);
        Start(DeadlineKind.Assignment, track, null, occasion.Now, occasion.Assignment());
        Tell(occasion, "taken_back", $"{CaseWords.Of(track)}: 担当を外して再割当て: {reason}");
        Changed();
    }

    /// <summary>A visit was booked or held for these tracks; a finished consultation begins again.</summary>
    /// <exception cref="RuleViolation"><c>track.not_held</c>: a track has no holder who could come.</exception>
    public void VisitBooked(IReadOnlyCollection<Track> visited, string words, Occasion occasion)
    {
        Demand(CaseAction.Book);
        foreach (var track in visited)
        {
            if (TrackOf(track) is not { State: TrackState.Held or TrackState.Done } holder)
            {
                throw new RuleViolation("track.not_held");
            }

            holder.State = TrackState.Held;
            Meet(DeadlineKind.FirstVisit, track, null, occasion);
        }

        OpenVisits++;
        ConsultingDone = false;
        Tell(occasion, "visit_booked", words);
        Changed();
    }

    /// <summary>Confirmed or moved: nothing of the case's state changes, but the story does.</summary>
    public void VisitChanged(string kind, string words, Occasion occasion)
    {
        Demand(CaseAction.ChangeVisit);
        Tell(occasion, kind, words);
        Changed();
    }

    /// <summary>Cancelled, expired or nobody there: a date is to be found again.</summary>
    public void VisitFellThrough(IReadOnlyCollection<Track> visited, string kind, string words, Occasion occasion)
    {
        Demand(CaseAction.ChangeVisit);
        OpenVisits--;
        foreach (var track in visited.Where(t => OpenVisits == 0 && TrackOf(t) is { State: TrackState.Held }))
        {
            Start(DeadlineKind.FirstVisit, track, null, occasion.Now, occasion.FirstVisit());
        }

        Tell(occasion, kind, words);
        Changed();
    }

    /// <summary>That it took place is one act; the reports it owes, one per track, are another (design §2).</summary>
    public void VisitTookPlace(Ref visit, IReadOnlyCollection<Track> visited, DateTimeOffset end, string words, Occasion occasion)
    {
        Demand(CaseAction.CompleteVisit);
        OpenVisits--;
        ReportsOwed += visited.Count;
        foreach (var track in visited)
        {
            Start(DeadlineKind.Report, track, visit, end, occasion.Report(end));
        }

        Tell(occasion, "visit_took_place", words);
        Changed();
    }

    /// <param name="done">True where the expert declares this track's consulting done; false where another consultation is to come.</param>
    public void ReportFiled(Ref visit, Track track, bool done, string words, Occasion occasion)
    {
        Demand(CaseAction.WriteReport);
        ReportsOwed--;
        Meet(DeadlineKind.Report, track, visit, occasion);
        Declare(track, done, occasion);
        Tell(occasion, "reported", words);
        Changed();
    }

    /// <summary>The expert's own word about a report that was taken down as dictated; it was not owed any more, but may say otherwise.</summary>
    public void ReportConfirmed(Track track, bool done, string words, Occasion occasion)
    {
        Demand(CaseAction.WriteReport);
        Declare(track, done, occasion);
        Tell(occasion, "report_confirmed", words);
        Changed();
    }

    /// <summary>The supervisor sends a report back: it is owed again from today.</summary>
    public void ReportReturned(Ref visit, Track track, string words, Occasion occasion)
    {
        Demand(CaseAction.WriteReport);
        ReportsOwed++;
        Start(DeadlineKind.Report, track, visit, occasion.Now, occasion.Report(occasion.Now));
        Tell(occasion, "report_returned", words);
        Changed();
    }

    /// <summary>Nobody will write this report any more (journey J61): closed as not filed.</summary>
    public void ReportGivenUp(Ref visit, Track track, string words, Occasion occasion)
    {
        Demand(CaseAction.WriteReport);
        ReportsOwed--;
        End(DeadlineKind.Report, track, visit, DeadlineState.Cancelled, occasion);
        Tell(occasion, "report_not_filed", words);
        Changed();
    }

    /// <summary>A follow-up was worked: answered, put off, or due; the story tells it.</summary>
    public void FollowedUp(string kind, string words, Occasion occasion)
    {
        Demand(CaseAction.WorkFollowUp);
        Tell(occasion, kind, words);
        Changed();
    }

    /// <summary>Someone spoke with the client, or the desk answered: the first response is met.</summary>
    public void Responded(Occasion occasion)
    {
        if (Meet(DeadlineKind.FirstResponse, null, null, occasion))
        {
            Changed();
        }
    }

    /// <summary>A call was promised for a time (折り返し); shown to the minute.</summary>
    public void PromiseCall(Ref callBack, DateTimeOffset at, Occasion occasion)
    {
        Start(DeadlineKind.CallBack, null, callBack, occasion.Now, new(at, $"{JapaneseDate.ShortTime(at)} に電話する約束"));
        Tell(occasion, "call_back_promised", $"折り返しの約束: {JapaneseDate.ShortTime(at)}");
        Changed();
    }

    /// <summary>A call stands in for a mail that cannot go anywhere; owed from the next opening on.</summary>
    public void OweCall(Ref callBack, DateTimeOffset from, Occasion occasion)
    {
        // A letter after the end, such as thanks, is a call too, but no clock of a closed case runs.
        if (ClosedAt is null)
        {
            Start(DeadlineKind.CallBack, null, callBack, occasion.Now, new(from, $"メールの代わりに {JapaneseDate.ShortTime(from)} から電話"));
        }

        Tell(occasion, "call_owed", "メールを送れないため、同じ内容を電話で伝えます");
        Changed();
    }

    public void CallBackEnded(Ref callBack, bool kept, Occasion occasion)
    {
        if (kept)
        {
            Meet(DeadlineKind.CallBack, null, callBack, occasion);
            Meet(DeadlineKind.FirstResponse, null, null, occasion);
        }
        else
        {
            End(DeadlineKind.CallBack, null, callBack, DeadlineState.Cancelled, occasion);
        }

        Changed();
    }

    private void Declare(Track track, bool done, Occasion occasion)
    {
        if (done && TrackOf(track) is { State: TrackState.Held } held)
        {
            held.State = TrackState.Done;
            Cancel(DeadlineKind.FirstVisit, track, occasion);
        }
        else if (!done && TrackOf(track) is { State: TrackState.Done } again)
        {
            again.State = TrackState.Held;
        }

        ConsultingDone = tracks.Any(t => t.State == TrackState.Done) && tracks.All(t => t.State is TrackState.Done or TrackState.Dropped or TrackState.Later);
    }

    private void Want(Track track, TrackState state, Occasion occasion)
    {
        var known = TrackOf(track);
        if (known is null)
        {
            tracks.Add(known = new(Id, track, state));
        }
        else if (known.State is TrackState.Later or TrackState.Dropped)
        {
            known.Free(known.State == TrackState.Later && state == TrackState.Later ? TrackState.Later : state);
        }
        else if (known.State == TrackState.Done)
        {
            known.State = TrackState.Held;
            return;
        }
        else
        {
            return;
        }

        if (known.State == TrackState.Wanted)
        {
            Start(DeadlineKind.Assignment, track, null, occasion.Now, occasion.Assignment());
        }
    }

    private CaseTrack Offered(Track track) =>
        TrackOf(track) is { State: TrackState.Offered } offered ? offered : throw new RuleViolation("offer.closed");

    private static string Via(string? source) => string.IsNullOrWhiteSpace(source) ? "" : $"（{source}）";

    private void Start(DeadlineKind kind, Track? track, Ref? subject, DateTimeOffset startedAt, DueInstant due)
    {
        if (!deadlines.Any(d => d.IsRunning && d.Kind == kind && d.Track == track && d.Subject == subject))
        {
            deadlines.Add(new(Id, kind, track, subject, startedAt, due));
        }
    }

    private bool Meet(DeadlineKind kind, Track? track, Ref? subject, Occasion occasion) => End(kind, track, subject, DeadlineState.Met, occasion);

    private void Cancel(DeadlineKind kind, Track track, Occasion occasion) => End(kind, track, null, DeadlineState.Cancelled, occasion);

    private bool End(DeadlineKind kind, Track? track, Ref? subject, DeadlineState state, Occasion occasion)
    {
        var running = deadlines.FirstOrDefault(d => d.IsRunning && d.Kind == kind && d.Track == track && d.Subject == subject);
        running?.End(state, occasion.Now);
        return running is not null;
    }
}
