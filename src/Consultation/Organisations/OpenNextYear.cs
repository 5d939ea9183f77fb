using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Organisations;

/// <summary>Opens the fiscal year after the newest one with its settings, the dates a year later; they are then changed as needed.</summary>
[Requires(Permission.Administer)]
public sealed record OpenNextYear : ICommand<OpenedYear>;

public sealed record OpenedYear(ProgrammeYearId Id, int FiscalYear);

internal sealed class OpenNextYearHandler(ConsultationDb db, Execution execution, ProgrammeBook programmes) : IRequestHandler<OpenNextYear, OpenedYear>
{
    /// <summary>Years ahead of today's; what lies further is a slip of the hand.</summary>
    private const int MostAhead = 2;

    public async Task<OpenedYear> Handle(OpenNextYear request, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(5527156)", cancellationToken);
        var newest = await db.Set<ProgrammeYear>().Where(p => p.Programme == ProgrammeYear.OneStop).OrderByDescending(p => p.FiscalYear).FirstOrDefaultAsync(cancellationToken)
            ?? throw new RuleViolation("programme.no_year", FiscalYear.Of(execution.Now).Label);
        if (newest.FiscalYear >= FiscalYear.Of(execution.Now).Year + MostAhead)
        {
            throw new RuleViolation("programme.far_ahead", new FiscalYear(newest.FiscalYear).Label);
        }

        var next = newest.Next();
        db.Add(next);
        execution.AfterCommit(programmes.Drop);
        execution.Audit("programme.year_opened", next.Id, $"{next.FiscalYear} like {newest.FiscalYear}");
        return new(next.Id, next.FiscalYear);
    }
}
