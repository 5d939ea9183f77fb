using Consultation.Messaging;
using Consultation.Topics;

namespace Consultation.Cases;

public sealed partial class Case
{
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

    /// <summary>Cancelled, expired or nobody there: a date is to be found again for every track that no other visit serves.</summary>
    /// <param name="covered">Tracks of the other visits of the case that are still open.</param>
    public void VisitFellThrough(IReadOnlyCollection<Track> visited, IReadOnlySet<Track> covered, string kind, string words, Occasion occasion)
    {
        Demand(CaseAction.ChangeVisit);
        OpenVisits--;
        foreach (var track in visited.Where(t => !covered.Contains(t) && TrackOf(t) is { State: TrackState.Held }))
        {
            Start(DeadlineKind.FirstVisit, track, null, occasion.Now, occasion.FirstVisit(), occasion);
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
            Start(DeadlineKind.Report, track, visit, end, occasion.Report(end), occasion);
        }

        Tell(occasion, "visit_took_place", words);
        Changed();
    }

    /// <param name="done">
    /// True where the report declares this track's consulting done, false where another consultation is to come; null where it states facts
    /// only: only the present holder's newest consultation speaks.
    /// </param>
    /// <param name="nextIsOpen">True where another consultation of the track is booked, or its report still owed by the holder.</param>
    public void ReportFiled(Ref visit, Track track, bool? done, bool nextIsOpen, string words, Occasion occasion)
    {
        Demand(CaseAction.WriteReport);
        ReportsOwed--;
        Meet(DeadlineKind.Report, track, visit, occasion);
        Declare(track, done, nextIsOpen, occasion);
        Tell(occasion, "reported", words);
        Changed();
    }

    /// <summary>The expert's own word about a report that was taken down as dictated; it was not owed any more, but may say otherwise.</summary>
    public void ReportConfirmed(Track track, bool? done, bool nextIsOpen, string words, Occasion occasion)
    {
        Demand(CaseAction.WriteReport);
        Declare(track, done, nextIsOpen, occasion);
        Tell(occasion, "report_confirmed", words);
        Changed();
    }

    /// <summary>The supervisor sends a report back: it is owed again from today.</summary>
    public void ReportReturned(Ref visit, Track track, string words, Occasion occasion)
    {
        Demand(CaseAction.WriteReport);
        ReportsOwed++;
        Start(DeadlineKind.Report, track, visit, occasion.Now, occasion.Report(occasion.Now), occasion);
        Tell(occasion, "report_returned", words);
        Changed();
    }

    /// <summary>Nobody will write this report any more (journey J61): closed as not filed. Nobody said that the consulting is done, so it goes on.</summary>
    public void ReportGivenUp(Ref visit, Track track, bool nextIsOpen, string words, Occasion occasion)
    {
        Demand(CaseAction.WriteReport);
        ReportsOwed--;
        End(DeadlineKind.Report, track, visit, DeadlineState.Cancelled, occasion);
        Declare(track, null, nextIsOpen, occasion);
        Tell(occasion, "report_not_filed", words);
        Changed();
    }

    /// <summary>A consultation may have taken place, and somebody may have been asked how it went.</summary>
    public bool AwaitsWord => Status is CaseStatus.FollowingUp or CaseStatus.ReportDue or CaseStatus.Assigned;

    /// <summary>A follow-up was worked: answered, put off, or due; the story tells it.</summary>
    /// <param name="status">導入状況 by then, where it was told: what stands as "after" until somebody says otherwise.</param>
    public void FollowedUp(string kind, string words, Occasion occasion, TeleworkStatus? status = null)
    {
        Demand(CaseAction.WorkFollowUp);
        TeleworkStatusAfter = status ?? TeleworkStatusAfter;
        Tell(occasion, kind, words);
        Changed();
    }

    private void Declare(Track track, bool? done, bool nextIsOpen, Occasion occasion)
    {
        if (done == true && TrackOf(track) is { State: TrackState.Held } held)
        {
            held.State = TrackState.Done;
            Cancel(DeadlineKind.FirstVisit, track, occasion);
        }
        else if (done == false && TrackOf(track) is { State: TrackState.Done } again)
        {
            again.State = TrackState.Held;
        }

        if (!nextIsOpen && TrackOf(track) is { State: TrackState.Held })
        {
            // The clock of the first visit anew, for the next one; whoever has it running already keeps it.
            var due = occasion.FirstVisit();
            Start(DeadlineKind.FirstVisit, track, null, occasion.Now, due with { Why = $"次の相談の日程調整: {due.Why}" }, occasion);
        }

        ConsultingDone = done is null ? ConsultingDone : tracks.Any(t => t.State == TrackState.Done) && tracks.All(t => t.State is TrackState.Done or TrackState.Dropped or TrackState.Later);
    }
}
