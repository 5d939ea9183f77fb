using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Organisations;

/// <summary>The programme's years with their settings, newest first, and how much of the quota the organisations of each have taken.</summary>
[Requires(Permission.Administer)]
public sealed record ListProgrammeYears : IQuery<IReadOnlyList<ProgrammeYearRow>>;

/// <param name="Taken">How many organisations (社) have taken how many units (used or held), without those who have none.</param>
public sealed record ProgrammeYearRow(ProgrammeYearId Id, FiscalYear Year, bool IsCurrent, ProgrammeSettings Settings, int Version, IReadOnlyList<TakenUnits> Taken);

public sealed record TakenUnits(int Units, int Organisations);

internal sealed class ListProgrammeYearsHandler(ConsultationDb db, Execution execution) : IRequestHandler<ListProgrammeYears, IReadOnlyList<ProgrammeYearRow>>
{
    public async Task<IReadOnlyList<ProgrammeYearRow>> Handle(ListProgrammeYears request, CancellationToken cancellationToken)
    {
        var years = await db.Set<ProgrammeYear>().AsNoTracking().Where(p => p.Programme == ProgrammeYear.OneStop).OrderByDescending(p => p.FiscalYear).ToListAsync(cancellationToken);
        var taken = await db.Set<QuotaAccount>().Where(a => a.Programme == ProgrammeYear.OneStop && a.Held + a.Used > 0)
            .GroupBy(a => new { a.FiscalYear, Units = a.Held + a.Used }).Select(g => new { g.Key.FiscalYear, g.Key.Units, Count = g.Count() }).ToListAsync(cancellationToken);
        var current = FiscalYear.Of(execution.Now).Year;
        return
        [
            .. years.Select(y => new ProgrammeYearRow(
                y.Id, new(y.FiscalYear), y.FiscalYear == current, y.Settings, y.Version,
                [.. taken.Where(t => t.FiscalYear == y.FiscalYear).OrderBy(t => t.Units).Select(t => new TakenUnits(t.Units, t.Count))])),
        ];
    }
}
