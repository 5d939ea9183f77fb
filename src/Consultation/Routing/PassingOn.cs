using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Topics;

namespace Consultation.Routing;

/// <summary>
/// Gives a track that one expert holds to another who has already said yes, to somebody who writes down how (design §2: on an expert's behalf,
/// with source). Unlike a reassignment nothing falls through; rooms above change what stands in the expert's name.
/// </summary>
public sealed class PassingOn(ConsultationDb db, Execution execution, OfferCalls calls)
{
    /// <param name="found">Loaded for change.</param>
    /// <param name="match">Why this expert; null where somebody only gets back what was the own.</param>
    internal async Task<OfferId> PassOnAsync(
        Case found, Track track, (ExpertId Id, string Name) to, Match? match, string source, string reason, Occasion occasion, CancellationToken cancellationToken)
    {
        if (found.TrackOf(track) is not { State: TrackState.Held, OfferId: { } standing })
        {
            throw new RuleViolation("track.not_held");
        }

        var (before, name) = await OfferAccess.WithNameAsync(db, standing, cancellationToken);
        before.Withdraw(reason, execution.Actor, execution.Now);
        await calls.EndAsync(before, found, occasion, cancellationToken);
        var offer = new Offer(found.Id, track, to.Id, execution.Now, reason, execution.Actor, execution.Now);
        offer.Accept(source, execution.Actor, execution.Now);
        db.Add(offer);
        if (match is not null)
        {
            db.Add(new MatchDecision(offer, false, match.Need, match.Facts, match.Verdicts));
        }

        found.PassOn(track, offer.Id, to.Id, name, to.Name, source, occasion);
        execution.Audit("offer.made", offer.Id, "passed on");
        execution.Audit("track.passed_on", found.Id, track.ToString());
        return offer.Id;
    }
}
