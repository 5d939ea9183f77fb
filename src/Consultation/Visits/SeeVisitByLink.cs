using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Staff;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Visits;

/// <summary>What the link of a letter opens: the visit as it is now, whatever the letter said. Changes nothing, however often it is read.</summary>
/// <exception cref="NotFound"><c>link.unknown</c></exception>
[Requires(Permission.FollowLink)]
public sealed record SeeVisitByLink(string? Secret) : IQuery<LinkedVisit>;

/// <summary>To come; running; over, with or without its client; given up.</summary>
public enum LinkedState { ToCome, Running, Over, Cancelled }

/// <param name="Place">In words, as in the letter; null once nobody need go there.</param>
/// <param name="Desk">The signature of the desk, with its hours.</param>
/// <param name="ConfirmedAt">When the client said that the date stands.</param>
/// <param name="Sequence">Grows with every change the client must learn of; an act tells which one it saw.</param>
/// <param name="CancellingCounts">Whether giving it up now would count as a consultation (journey J21); null where it takes none of the quota or cannot be given up.</param>
public sealed record LinkedVisit(
    LinkedState State, string Number, int Ordinal, VisitStage Stage, DateTimeOffset Start, DateTimeOffset End, VisitMode Mode, string? Place, IReadOnlyList<string> Experts, string Desk, string? DeskPhone,
    DateTimeOffset? ConfirmedAt, int Sequence, bool? CancellingCounts);

internal sealed class SeeVisitByLinkHandler(ConsultationDb db, Execution execution, VisitLinks links, VisitQuota quota, DeskBook desks) : IRequestHandler<SeeVisitByLink, LinkedVisit>
{
    public async Task<LinkedVisit> Handle(SeeVisitByLink request, CancellationToken cancellationToken)
    {
        var (visit, found) = await links.FindAsync(request.Secret, cancellationToken);
        var book = await desks.ReadAsync(cancellationToken);
        var desk = book.Find(found.DeskId);
        var state = visit.State == VisitState.Cancelled ? LinkedState.Cancelled
            : !visit.IsOpen || visit.EndsAt <= execution.Now ? LinkedState.Over
            : visit.StartsAt <= execution.Now ? LinkedState.Running : LinkedState.ToCome;
        var ids = visit.ExpertIds;
        var stands = state is LinkedState.ToCome or LinkedState.Running;
        var names = stands ? await db.Set<Expert>().Where(e => ids.Contains(e.Id)).OrderBy(e => e.Id).Select(e => e.Name).ToListAsync(cancellationToken) : [];
        execution.Audit("visit.link_opened", visit.Id);
        return new(
            state, found.Number, visit.Ordinal, visit.Stage, visit.Plan.Start, visit.Plan.End, visit.Mode, stands ? VisitWords.PlaceOf(visit, found) : null, names, desk?.Signature ?? "", desk?.Phone,
            visit.ClientConfirmedAt, visit.Sequence,
            state == LinkedState.ToCome && visit.ConsumesQuota
                ? QuotaRule.OfCancelling(visit, visit.State == VisitState.Confirmed, CancelledBy.Client, book.CalendarOf(found.DeskId), await quota.ProgrammeOf(visit, cancellationToken), execution.Now).Counts : null);
    }
}
