using Consultation.Calendar;
using Consultation.Messaging;
using Consultation.Organisations;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Staff;
using Consultation.Topics;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Demo;

/// <summary>
/// What even an empty installation has (design §6, <c>--empty</c>): the 11 district desks and the national one, the shipped 振り分け基準, the
/// national holidays and the programme of this fiscal year and the last (3回). Adds what is missing and changes nothing that is there.
/// </summary>
[Requires(Permission.Operate)]
public sealed record SeedEssentials : ICommand<bool>;

internal sealed class SeedEssentialsHandler(ConsultationDb db, Execution execution, DeskBook desks) : IRequestHandler<SeedEssentials, bool>
{
    // The public hours of the national desk (domain.md §1); regional desks keep the same until told otherwise.
    private static readonly OpeningHours Hours = new(new(9, 0), new(17, 0));
    private static readonly DateOnly Since = new(2022, 6, 10);

    public async Task<bool> Handle(SeedEssentials request, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(5527153)", cancellationToken);
        var known = await db.Set<Desk>().Select(d => d.Slug).ToListAsync(cancellationToken);
        var wanted = Districts.All.Select(d => new Desk(d.Slug, $"{d.Name}窓口", DeskKind.Regional, Hours, Since))
            .Append(new Desk("national", "テレワーク相談センター", DeskKind.National, Hours, Since));
        db.AddRange(wanted.Where(d => !known.Contains(d.Slug)));

        if (!await db.Set<RuleVersion>().AnyAsync(cancellationToken))
        {
            db.Add(new RuleVersion(RuleBase.Default.Version, RuleBase.Default.ToJson(), execution.Now.ToUniversalTime(), execution.Actor.Name));
        }

        if (!await db.Set<HolidayTable>().AnyAsync(cancellationToken))
        {
            db.Add(HolidayTable.Shipped(execution.Now, execution.Actor.Name));
        }

        var thisYear = FiscalYear.Of(execution.Now).Year;
        foreach (var year in new[] { thisYear - 1, thisYear })
        {
            if (await ProgrammeYear.FindAsync(db, new(year), cancellationToken) is null)
            {
                db.Add(new ProgrammeYear(ProgrammeYear.OneStop, new(year)));
            }
        }

        await db.Database.ExecuteSqlAsync($"update installation set seeded_at = coalesce(seeded_at, clock_timestamp())", cancellationToken);
        execution.AfterCommit(desks.Drop);
        return true;
    }
}
