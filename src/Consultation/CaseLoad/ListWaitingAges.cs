using System.Text.Json;
using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Staff;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.CaseLoad;

/// <summary>How long the cases without an expert have waited, in business days since their receipt (待ち日数).</summary>
[Requires(Permission.ViewCaseLoad)]
public sealed record ListWaitingAges : IQuery<WaitingAgesView>;

/// <param name="Average">Business days; null where nobody waits.</param>
public sealed record WaitingAgesView(IReadOnlyList<WaitingAgeLine> Lines, double? Average);

public sealed record WaitingAgeLine(WaitingAge Age, int Count);

/// <param name="Day">Of receipt, in Japan.</param>
internal sealed record WaitingSince(DateOnly Day, int Count);

internal sealed class ListWaitingAgesHandler(ConsultationDb db, Execution execution, DeskBook desks) : IRequestHandler<ListWaitingAges, WaitingAgesView>
{
    public async Task<WaitingAgesView> Handle(ListWaitingAges request, CancellationToken cancellationToken)
    {
        var today = JapanTime.DateOf(execution.Now);
        var district = CaseLoadScope.DistrictOf(execution.Actor) ?? "";
        var json = await db.Database.SqlQuery<string>($"""
            select coalesce(json_agg(l), '[]')::text as "Value" from (
              select (at at time zone 'Asia/Tokyo')::date as day, sum(n) as count from case_load_lines('total', null, null, null, null)
              where figure = 'waits' and ({district} = '' or district = {district}) group by at) l
            """).SingleAsync(cancellationToken);
        var national = await desks.NationalAsync(cancellationToken);
        var counted = JsonSerializer.Deserialize<IReadOnlyList<WaitingSince>>(json, StoredJson.Options)!;
        var all = counted.Sum(d => d.Count);
        return new(
            [.. Enum.GetValues<WaitingAge>().Select(age =>
            {
                var (first, last) = WaitingAges.ReceivedIn(national, age, today);
                // What was entered with a receipt of a later day counts as of today.
                return new WaitingAgeLine(age, counted.Where(d => (first is null || d.Day >= first) && (d.Day <= last || age == WaitingAge.UpToOne)).Sum(d => d.Count));
            })],
            all == 0 ? null : Math.Round(counted.Sum(d => (double)WaitingAges.Of(national, d.Day, today) * d.Count) / all, 1));
    }
}
