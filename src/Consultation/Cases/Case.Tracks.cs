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
    /// <returns>False where it is decided so already.</returns>
    /// <exception cref="RuleViolation"><c>route.no_tracks</c>, <c>route.reason_needed</c> (together, or against the suggestion), <c>route.track_in_use</c>.</exception>
    public bool Route(IReadOnlyCollection<Track> wanted, StartMode start, IReadOnlyList<string>? topics, string? reason, Occasion occasion)
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
        if (now.SetEquals(wanted) && !(start == StartMode.Together && tracks.Any(t => t.State == TrackState.Later)) && (topics is null || topics.SequenceEqual(Topics)))
        {
            return false;
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
        // A finished track stays finished; only a new wish takes the consultation up again.
        ConsultingDone = ConsultingDone && !tracks.Any(t => t.State == TrackState.Wanted);
        Meet(DeadlineKind.FirstResponse, null, null, occasion);
        Tell(occasion, "routed", $"振り分け: {string.Join("・", wanted.Order().Select(CaseWords.Of))}{(both ? start == StartMode.Together ? "（同時に開始）" : $"（主担当 {CaseWords.Of(Lead.Value)} から）" : "")}{(string.IsNullOrWhiteSpace(reason) ? "" : $" 理由: {reason}")}");
        Changed();
        return true;
    }

    /// <summary>Who may ask the second ministry in: the expert who took the lead's track.</summary>
    public bool IsLedBy(ExpertId? expert) =>
        expert is not null && Lead is { } lead && TrackOf(lead) is { State: TrackState.Held or TrackState.Done, ExpertId: var holder } && holder == expert;

    /// <summary>The second ministry joins when lead or desk asks.</summary>
    public void JoinTrack(Track track, Occasion occasion)
    {
        Demand(CaseAction.JoinTrack);
        if (TrackOf(track) is not { State: TrackState.Later })
        {
            throw new RuleViolation("track.not_waiting_to_join");
        }

        Want(track, TrackState.Wanted, occasion);
        ConsultingDone = false;
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
        Start(DeadlineKind.Acceptance, track, null, occasion.Now, respondBy, occasion);
        Tell(occasion, "offered", $"{CaseWords.Of(track)}: {expertName} に打診");
        Changed();
    }

    /// <summary>The applicant named whom to be advised by, best first; nobody where the wishes were taken back.</summary>
    /// <exception cref="RuleViolation"><c>track.not_wanted</c></exception>
    public void CandidatesRanked(Track track, IReadOnlyList<string> experts, string? told, Occasion occasion)
    {
        Demand(CaseAction.Offer);
        if (TrackOf(track) is not { State: TrackState.Wanted })
        {
            throw new RuleViolation("track.not_wanted");
        }

        Tell(occasion, "candidates_ranked", experts.Count == 0 ? $"{CaseWords.Of(track)}: 専門家の希望を取消し"
            : $"{CaseWords.Of(track)}: 相談者の希望 {string.Join("、", experts.Select((name, at) => $"第{at + 1}希望 {name}"))}{Via(told)}");
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
        Start(DeadlineKind.FirstVisit, track, null, occasion.Now, occasion.FirstVisit(), occasion);
        Tell(occasion, "accepted", $"{CaseWords.Of(track)}: {expertName} が受諾{Via(source)}");
        Changed();
    }

    /// <summary>The offer ends without a yes (declined, expired, withdrawn): the track waits again, with the case's age as it was (J15).</summary>
    public void OfferEnded(Track track, string kind, string words, Occasion occasion)
    {
        Demand(CaseAction.AnswerOffer);
        Offered(track).Free(TrackState.Wanted);
        Cancel(DeadlineKind.Acceptance, track, occasion);
        Start(DeadlineKind.Assignment, track, null, occasion.Now, occasion.Assignment(), occasion);
        Tell(occasion, kind, $"{CaseWords.Of(track)}: {words}");
        Changed();
    }

    /// <summary>
    /// The question is taken back as if it had not been asked: the track waits again, and its assignment is due when it was due before.
    /// </summary>
    /// <param name="assignment">The clock that ended with the offer; a new one starts where there was none.</param>
    public void OfferUndone(Track track, string words, Deadline? assignment, Occasion occasion)
    {
        Demand(CaseAction.AnswerOffer);
        Offered(track).Free(TrackState.Wanted);
        Cancel(DeadlineKind.Acceptance, track, occasion);
        Start(DeadlineKind.Assignment, track, null, assignment?.StartedAt ?? occasion.Now, assignment?.AsBefore(occasion) ?? occasion.Assignment(), occasion);
        Tell(occasion, "offer_withdrawn", $"{CaseWords.Of(track)}: {words}");
        Changed();
    }

    /// <summary>The holder can go on no longer and gives the track back; it waits again.</summary>
    /// <exception cref="RuleViolation"><c>track.not_held</c></exception>
    public void HandBack(Track track, string expertName, string reason, string? source, Occasion occasion)
    {
        Demand(CaseAction.Reassign);
        if (TrackOf(track) is not { State: TrackState.Held })
        {
            throw new RuleViolation("track.not_held");
        }

        Release(track, "handed_back", $"{expertName}が担当を返上{Via(source)}: {reason}", occasion);
    }

    /// <summary>Takes the track from its expert; it waits again.</summary>
    public void TakeBack(Track track, string reason, Occasion occasion)
    {
        Demand(CaseAction.Reassign);
        if (TrackOf(track) is not { State: TrackState.Held or TrackState.Offered })
        {
            throw new RuleViolation("track.not_held");
        }

        Release(track, "taken_back", $"担当を外して再割当て: {reason}", occasion);
    }

    /// <summary>
    /// Another expert takes over what one held, with all that is agreed in it: no clock begins anew, and the case waits for nobody (journey J14).
    /// </summary>
    /// <param name="offer">The question that the new holder has said yes to.</param>
    /// <exception cref="RuleViolation"><c>track.not_held</c></exception>
    public void PassOn(Track track, OfferId offer, ExpertId expert, string from, string to, string source, Occasion occasion)
    {
        Demand(CaseAction.Reassign);
        if (TrackOf(track) is not { State: TrackState.Held } held)
        {
            throw new RuleViolation("track.not_held");
        }

        held.OfferId = offer;
        held.ExpertId = expert;
        Tell(occasion, "offered", $"{CaseWords.Of(track)}: {to} に引継ぎを打診");
        Tell(occasion, "accepted", $"{CaseWords.Of(track)}: {from} から {to} に引継ぎ{Via(source)}");
        Changed();
    }

    private void Release(Track track, string kind, string words, Occasion occasion)
    {
        TrackOf(track)!.Free(TrackState.Wanted);
        Cancel(DeadlineKind.Acceptance, track, occasion);
        Cancel(DeadlineKind.FirstVisit, track, occasion);
        Start(DeadlineKind.Assignment, track, null, occasion.Now, occasion.Assignment(), occasion);
        Tell(occasion, kind, $"{CaseWords.Of(track)}: {words}");
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
    public void PromiseCall(CallBack call, Occasion occasion)
    {
        RunClockOf(call, occasion);
        Tell(occasion, "call_back_promised", $"折り返しの約束: {JapaneseDate.NearTime(call.DueAt, occasion.Now)}");
        Changed();
    }

    /// <summary>A call stands in for a mail that cannot go anywhere, or is a task of the desk.</summary>
    /// <param name="told">The line of the story.</param>
    public void OweCall(CallBack call, string told, Occasion occasion)
    {
        RunClockOf(call, occasion);
        Tell(occasion, "call_owed", told);
        Changed();
    }

    public void CallBackEnded(CallBack call, bool kept, Occasion occasion)
    {
        call.End(kept ? CallBackState.Kept : CallBackState.Dropped, occasion.Now);
        End(DeadlineKind.CallBack, null, Ref.To(call.Id), kept ? DeadlineState.Met : DeadlineState.Cancelled, occasion);
        Changed();
    }

    /// <summary>A promise is kept and a letter told after the end too, but no clock of a closed case runs.</summary>
    private void RunClockOf(CallBack call, Occasion occasion)
    {
        if (ClosedAt is null)
        {
            Start(DeadlineKind.CallBack, null, Ref.To(call.Id), occasion.Now, new(call.DueAt, call.WhyOn(occasion.Now)), occasion);
        }
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
        else
        {
            return;
        }

        if (known.State == TrackState.Wanted)
        {
            Start(DeadlineKind.Assignment, track, null, occasion.Now, occasion.Assignment(), occasion);
        }
    }

    private CaseTrack Offered(Track track) =>
        TrackOf(track) is { State: TrackState.Offered } offered ? offered : throw new RuleViolation("offer.closed");

    private static string Via(string? source) => string.IsNullOrWhiteSpace(source) ? "" : $"（{source}）";

    private void Start(DeadlineKind kind, Track? track, Ref? subject, DateTimeOffset startedAt, DueInstant due, Occasion occasion)
    {
        if (deadlines.Any(d => d.IsRunning && d.Kind == kind && d.Track == track && d.Subject == subject))
        {
            return;
        }

        var started = new Deadline(Id, kind, track, subject, startedAt, due);
        deadlines.Add(started);
        if (OnHold)
        {
            started.Pause(occasion);
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
