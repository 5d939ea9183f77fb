using Consultation.Experts;
using Consultation.Experts.Outside;
using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Visits;

/// <summary>The booked visits of an expert that stand in an absence, or where the expert's own calendar says busy, and wait for another time or another expert (journeys J14, J25).</summary>
[Requires(Permission.SignedIn)]
public sealed record ListVisitsInAbsence(ExpertId Expert) : IQuery<IReadOnlyList<DiaryVisit>>;

internal sealed class ListVisitsInAbsenceHandler(ConsultationDb db, Execution execution, ExpertAccess experts, DiaryReading reading) : IRequestHandler<ListVisitsInAbsence, IReadOnlyList<DiaryVisit>>
{
    public async Task<IReadOnlyList<DiaryVisit>> Handle(ListVisitsInAbsence request, CancellationToken cancellationToken)
    {
        var now = execution.Now.ToUniversalTime();
        var expert = await experts.Visible().Where(e => e.Id == request.Expert).Include(e => e.Absences.Where(a => a.EndsAt > now)).FirstOrDefaultAsync(cancellationToken) ?? throw new NotFound();
        var elsewhere = await db.Set<ExpertElsewhere>().Where(b => b.ExpertId == expert.Id && b.EndsAt > now).Select(b => (DateTimeOffset?)b.EndsAt).MaxAsync(cancellationToken);
        if (expert.Absences.Select(a => (DateTimeOffset?)a.EndsAt).Append(elsewhere).Max() is not { } last)
        {
            return [];
        }

        var visits = await reading.ReadAsync(
            expert, db.Set<DiaryEntry>().Where(e => e.EndsAt > now && e.StartsAt < last && (e.State == DiaryState.Held || e.State == DiaryState.Confirmed)), cancellationToken);
        execution.Audit("diary.viewed", expert.Id, string.Join(' ', visits.Select(v => v.Number).OfType<string>().Distinct()));
        return [.. visits.Where(v => v.InAbsence || v.IsElsewhere)];
    }
}
