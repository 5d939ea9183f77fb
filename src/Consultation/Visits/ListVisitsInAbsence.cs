using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Visits;

/// <summary>The booked visits of an expert that stand in an absence and wait for another time or another expert (journeys J14, J25).</summary>
[Requires(Permission.SignedIn)]
public sealed record ListVisitsInAbsence(ExpertId Expert) : IQuery<IReadOnlyList<DiaryVisit>>;

internal sealed class ListVisitsInAbsenceHandler(ConsultationDb db, Execution execution, ExpertAccess experts, DiaryReading reading) : IRequestHandler<ListVisitsInAbsence, IReadOnlyList<DiaryVisit>>
{
    public async Task<IReadOnlyList<DiaryVisit>> Handle(ListVisitsInAbsence request, CancellationToken cancellationToken)
    {
        var now = execution.Now.ToUniversalTime();
        var expert = await experts.Visible().Where(e => e.Id == request.Expert).Include(e => e.Absences.Where(a => a.EndsAt > now)).FirstOrDefaultAsync(cancellationToken) ?? throw new NotFound();
        if (expert.Absences.Count == 0)
        {
            return [];
        }

        var last = expert.Absences.Max(a => a.EndsAt);
        var visits = await reading.ReadAsync(
            expert, db.Set<DiaryEntry>().Where(e => e.EndsAt > now && e.StartsAt < last && (e.State == DiaryState.Held || e.State == DiaryState.Confirmed)), cancellationToken);
        execution.Audit("diary.viewed", expert.Id, string.Join(' ', visits.Select(v => v.Number).OfType<string>().Distinct()));
        return [.. visits.Where(v => v.InAbsence)];
    }
}
