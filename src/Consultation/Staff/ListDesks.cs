using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Staff;

/// <summary>All desks, also those not in force, the national one last.</summary>
[Requires(Permission.Administer)]
public sealed record ListDesks : IQuery<IReadOnlyList<DeskLine>>;

/// <summary>A desk as it is kept; hours are Japan time.</summary>
/// <param name="InForce">Whether it takes new inquiries today.</param>
public sealed record DeskLine(
    DeskId Id, int Version, string Slug, string Name, DeskKind Kind, TimeOnly Opens, TimeOnly Closes, TimeOnly? LunchFrom, TimeOnly? LunchTo, DateOnly EffectiveFrom, DateOnly? EffectiveTo, string? Phone, bool InForce,
    TimeOnly? MailFrom, TimeOnly? MailUntil, bool MailOpenDaysOnly);

internal sealed class ListDesksHandler(ConsultationDb db, Execution execution) : IRequestHandler<ListDesks, IReadOnlyList<DeskLine>>
{
    public async Task<IReadOnlyList<DeskLine>> Handle(ListDesks request, CancellationToken cancellationToken)
    {
        var today = JapanTime.DateOf(execution.Now);
        var order = Districts.All.Select((district, at) => (district.Slug, at)).ToDictionary(d => d.Slug, d => d.at);
        var desks = await db.Set<Desk>().AsNoTracking().ToListAsync(cancellationToken);
        return [.. desks.OrderBy(d => order.GetValueOrDefault(d.Slug, int.MaxValue)).ThenBy(d => d.Slug, StringComparer.Ordinal).Select(d =>
            new DeskLine(d.Id, d.Version, d.Slug, d.Name, d.Kind, d.Opens, d.Closes, d.LunchFrom, d.LunchTo, d.EffectiveFrom, d.EffectiveTo, d.Phone, d.IsInForceOn(today), d.MailFrom, d.MailUntil, d.MailOpenDaysOnly))];
    }
}
