using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Staff;
using Consultation.Topics;

namespace Consultation.Visits;

/// <summary>Another expert comes to a visit that stays as it is: nothing is asked of the client, and the quota knows nothing of it (journey J14).</summary>
public sealed class VisitSubstitution(ConsultationDb db, Execution execution, DeskBook desks, ExpertDiary diary, VisitLetters letters)
{
    /// <param name="visit">With its experts; the diaries of both experts and the case are locked.</param>
    /// <param name="found">Its track is the substitute's already.</param>
    /// <exception cref="RuleViolation"><c>visit.taken</c>, <c>visit.not_open</c>, or what else keeps the substitute from coming at that time.</exception>
    internal async Task SubstituteAsync(Visit visit, Case found, Track track, ExpertId from, (ExpertId Id, string Name) to, Occasion occasion, CancellationToken cancellationToken)
    {
        visit.DemandOpen();
        // One expert of both ministries who comes already only does more there.
        if (!visit.ExpertIds.Contains(to.Id))
        {
            var time = await TimeOfAsync(visit, found, [to.Id], cancellationToken);
            if (time.Against(visit.Plan, execution.Now) is { } refusal)
            {
                throw refusal;
            }

            if (time.IsTaken(visit.Plan))
            {
                throw new RuleViolation("visit.taken");
            }

            if (BookableTime.GoingOn(time.Road, [to.Id], found.Prefecture, visit.Plan) is { Count: > 0 } goingOn)
            {
                await diary.ReleaseAsync(Ref.To(visit.Id), cancellationToken, only: to.Id, goingOn: goingOn);
            }

            await time.TakeAsync(diary, time.Experts[0], Ref.To(visit.Id), visit.Plan, visit.State == VisitState.Held ? DiaryState.Held : DiaryState.Confirmed, cancellationToken);
        }

        visit.PassTo(track, to.Id);
        if (!visit.ExpertIds.Contains(from))
        {
            await diary.ReleaseAsync(Ref.To(visit.Id), cancellationToken, only: from);
        }

        found.VisitChanged("visit_expert_changed", $"{VisitWords.Of(visit)}に、{CaseWords.Of(track)}は{to.Name}さんが代わりに行きます", occasion);
        await letters.EndCallsAsync(visit, found, occasion, cancellationToken, moved: true);
        execution.Audit("visit.expert_changed", visit.Id, track.ToString());
    }

    /// <summary>Whether each of these experts could come to the visit. Who is on the road for it still, since it was that one's before, goes on.</summary>
    internal async Task<BookableTime> TimeOfAsync(Visit visit, Case found, IReadOnlyCollection<ExpertId> experts, CancellationToken cancellationToken)
    {
        await diary.WriteAsync(cancellationToken);
        var own = Ref.To(visit.Id);
        var time = await BookableTime.ReadAsync(db, await desks.NationalAsync(cancellationToken), execution.Now, experts, found.Prefecture, visit.StartsAt, visit.EndsAt, new HashSet<Ref> { own }, cancellationToken);
        time.Road = await diary.OnTheRoadAsync(own, cancellationToken);
        return time;
    }
}
