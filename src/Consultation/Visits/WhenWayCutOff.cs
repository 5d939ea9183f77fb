using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Visits;

/// <summary>
/// A visit from which, or to which, an expert went straight is gone or held from afar, and its neighbours are too far from each other now: both stay
/// booked, and the desk of the later one has a call to make. It cannot follow from what was offered alone, but from a talk that is now held where
/// the way would lie, from the estimate's own steps, and from two changes of the same moment.
/// </summary>
internal sealed class WhenWayCutOff(ConsultationDb db, Execution execution, CaseAccess access, CallTasks calls) : INotificationHandler<WayCutOff>
{
    public async Task Handle(WayCutOff notification, CancellationToken cancellationToken)
    {
        var (one, other) = (new VisitId(notification.Before.Value), new VisitId(notification.After.Value));
        var visits = await db.Set<Visit>().Where(v => v.Id == one || v.Id == other).OrderBy(v => v.StartsAt).ToListAsync(cancellationToken);
        if (visits.LastOrDefault(v => v.IsOpen) is not { } open)
        {
            return;
        }

        // Whose case it is shows only once the stretch is free, behind the lock of the case that freed it, so that two cases may be locked against their
        // order. Nobody waits for the other but where two experts' chains cut each other's cases off in the same second: PostgreSQL then ends one, and it
        // is done again as a whole. To know these cases beforehand every change of a visit would have to read its neighbours and lock them, for what almost never follows.
        var found = await access.ForConsequenceAsync(open.CaseId, cancellationToken);
        var occasion = await access.OccasionAsync(found.DeskId, cancellationToken);
        var name = await db.Set<Expert>().Where(e => e.Id == notification.Expert).Select(e => e.Name).SingleAsync(cancellationToken);
        var cases = visits.Select(v => v.CaseId).ToList();
        var numbers = await db.Set<Case>().Where(c => cases.Contains(c.Id)).ToDictionaryAsync(c => c.Id, c => c.Number, cancellationToken);
        var both = string.Join("と、", visits.Select(v => $"{numbers[v.CaseId]} {VisitWords.Of(v)}"));
        var words = $"{name}さんの移動が間に合わないおそれがあります（{both}）";
        await calls.OweAsync(
            found, $"way-cut-off/{notification.Expert}/{(open.Id == one ? other : one)}/{open.Id}", $"{words}。予約はそのままです。専門家に確かめ、必要なら日時を変えるか、別の専門家に替えてください。",
            $"{words}。予約はそのままで、窓口が対応します", occasion, cancellationToken);
        execution.Audit("visit.way_cut_off", open.Id);
    }
}
