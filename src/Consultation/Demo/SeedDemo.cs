using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Staff;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Demo;

/// <summary>
/// Fills an empty database with plainly invented people and 91 inquiries (the 40 samples first), taken along the way of a case by the very requests
/// the product offers, at the times the demo's clock shows; ends on Tuesday 2026-11-24 at 09:20 Japan time. Repeating it changes nothing.
/// </summary>
[Requires(Permission.Operate)]
[OutsideTransaction]
public sealed record SeedDemo : ICommand<IReadOnlyList<DemoPerson>>;

/// <summary>Somebody who can sign in to the demo; the address is the sign-in name.</summary>
public sealed record DemoPerson(StaffId Id, string Email, string Name, Role Role);

internal sealed class SeedDemoHandler(ConsultationDb db, Dispatcher dispatcher) : IRequestHandler<SeedDemo, IReadOnlyList<DemoPerson>>
{
    private static readonly DateTimeOffset Opening = new(2026, 11, 2, 9, 0, 0, JapanTime.Offset);
    private static readonly DateTimeOffset Today = new(2026, 11, 24, 9, 20, 0, JapanTime.Offset);

    public async Task<IReadOnlyList<DemoPerson>> Handle(SeedDemo request, CancellationToken cancellationToken)
    {
        if (!await db.Database.SqlQuery<bool>($"select demo as \"Value\" from installation").SingleAsync(cancellationToken))
        {
            if (await db.Set<Case>().AnyAsync(cancellationToken) || await db.Set<StaffMember>().AnyAsync(cancellationToken))
            {
                throw new RuleViolation("demo.not_empty");
            }

            await db.Database.ExecuteSqlAsync($"update installation set demo = true", cancellationToken);
            var system = Actor.System("demo");
            await dispatcher.Send(new SetClock(Opening), system, cancellationToken);
            await dispatcher.Send(new SeedEssentials(), system, cancellationToken);
            var people = await DemoPeople.SeedAsync(dispatcher, cancellationToken);
            await new DemoWeeks(dispatcher, people, Today).RunAsync(cancellationToken);
            await dispatcher.Send(new SetClock(Today), system, cancellationToken);
        }

        return await db.Set<StaffMember>().Where(m => m.Email != null).OrderBy(m => m.Role).ThenBy(m => m.Email)
            .Select(m => new DemoPerson(m.Id, m.Email!, m.Name, m.Role)).ToListAsync(cancellationToken);
    }
}
