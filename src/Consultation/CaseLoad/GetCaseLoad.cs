using System.Globalization;
using System.Text.Json;
using Consultation.Calendar;
using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Staff;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.CaseLoad;

/// <summary>What the rows of a case load stand for.</summary>
public enum CaseLoadBy { Expert, Desk, District, Prefecture, Topic, Ministry }

/// <summary>
/// 担当・滞留状況 in figures, in one statement (design §6). A nationwide supervisor and the ministries count every case, a regional supervisor
/// the own district's; nobody's name or number is in it. A case stands in the row of each of its topics and ministries, and of each expert who
/// has one of its tracks, but once in the total: there the rows add up to more.
/// </summary>
/// <param name="From">First day of the period of the visits, Japan time; the beginning of the fiscal year where null.</param>
/// <param name="To">Its last day; today where null.</param>
/// <param name="Fullest">Of the experts only so many, the fullest, and in any case all that are over their capacity; null for all.</param>
[Requires(Permission.ViewCaseLoad)]
public sealed record GetCaseLoad(CaseLoadBy? By, DateOnly? From = null, DateOnly? To = null, int? Fullest = null) : IQuery<CaseLoadView>;

internal sealed class GetCaseLoadValidator : AbstractValidator<GetCaseLoad>
{
    public GetCaseLoadValidator()
    {
        RuleFor(r => r.By).NotNull().WithErrorCode("field.required");
        RuleFor(r => r.From).Must(f => f is null or { Year: >= 2019 and <= 2045 }).WithErrorCode("field.impossible_date");
        RuleFor(r => r.To).Must(t => t is null or { Year: >= 2019 and <= 2045 }).WithErrorCode("field.impossible_date");
        RuleFor(r => r.To).Must((r, to) => to is null || r.From is null || r.From <= to).WithErrorCode("case_load.period_reversed");
    }
}

internal sealed class GetCaseLoadHandler(ConsultationDb db, Execution execution, DeskBook desks) : IRequestHandler<GetCaseLoad, CaseLoadView>
{
    public async Task<CaseLoadView> Handle(GetCaseLoad request, CancellationToken cancellationToken)
    {
        var by = request.By!.Value;
        var today = JapanTime.DateOf(execution.Now);
        var to = request.To ?? today;
        // A period that ends before this year began asks for what lies before it.
        var from = request.From ?? (FiscalYear.Of(today).First is var first && first <= to ? first : FiscalYear.Of(to).First);
        if (from > to)
        {
            throw new InvalidInput("to", "case_load.period_reversed");
        }

        var district = CaseLoadScope.DistrictOf(execution.Actor);
        var json = await db.Database.SqlQueryRaw<string>(
            CaseLoadSql.By(by), execution.Now.ToUniversalTime(), Midnight(today.AddDays(1)), Midnight(from), Midnight(to.AddDays(1)), district ?? "",
            string.Join(',', Prefectures.All.Where(p => p.District.Slug == district).Select(p => p.Code)), request.Fullest?.ToString(CultureInfo.InvariantCulture) ?? "").SingleAsync(cancellationToken);
        var national = await desks.NationalAsync(cancellationToken);
        var lines = JsonSerializer.Deserialize<IReadOnlyList<CaseLoadLine>>(json, StoredJson.Options)!;
        var rows = CaseLoadRows.Of(by, lines, district, today, national);
        var total = lines.Single(l => l.Key == "");
        return new(by, JapanTime.ToJapan(execution.Now), from, to, district, rows, CaseLoadRow.Of("", "合計", total, today, national),
            by == CaseLoadBy.Expert ? new(total.Experts, total.Full, total.Beyond) : null);
    }

    private static DateTimeOffset Midnight(DateOnly day) => JapanTime.At(day, TimeOnly.MinValue).ToUniversalTime();
}

/// <summary>Whose cases an actor's figures count.</summary>
internal static class CaseLoadScope
{
    /// <summary>The slug of the one district; null for the whole country.</summary>
    public static string? DistrictOf(Actor actor) => actor.Role == Role.Supervisor ? actor.District : null;
}

/// <param name="District">The slug of the one district that is counted; null for the whole country.</param>
/// <param name="Total">Every case once.</param>
/// <param name="Experts">How many experts are counted, also where only the fullest are told; null where the rows are no experts.</param>
public sealed record CaseLoadView(
    CaseLoadBy By, DateTimeOffset AsOf, DateOnly From, DateOnly To, string? District, IReadOnlyList<CaseLoadRow> Rows, CaseLoadRow Total, ExpertsInLoad? Experts);

/// <param name="Full">Whose load is just their capacity.</param>
/// <param name="Over">Whose load is above it.</param>
public sealed record ExpertsInLoad(int Count, int Full, int Over);

/// <summary>One row of the case load; all figures but the visits are of now and count cases that are not closed.</summary>
/// <param name="Key">Id of expert or desk, slug of the district, JIS code, code of topic or ministry; <c>none</c> for what nobody has told or decided.</param>
/// <param name="ByStatus">Open cases by status; every open status is there.</param>
/// <param name="Waiting">Cases whose experts are not settled: 受付, 割当待ち and 受諾待ち.</param>
/// <param name="Overdue">Cases whose next deadline has passed.</param>
/// <param name="DueToday">Cases whose next deadline falls in what is left of today.</param>
/// <param name="OldestWaitingDays">Calendar days since the receipt of the oldest waiting case; null where none waits.</param>
/// <param name="OldestWaitingBusinessDays">The same in business days of the national calendar.</param>
/// <param name="Joint">Cases that want both ministries.</param>
/// <param name="JointShare">Their part of the open cases, 0 to 1.</param>
/// <param name="Visits">Visits that took place in the period, a joint one once in each row it belongs to.</param>
/// <param name="Expert">What only an expert's row has.</param>
public sealed record CaseLoadRow(
    string Key, string Name, int Open, IReadOnlyDictionary<CaseStatus, int> ByStatus, int OnHold, int Waiting, int Overdue, int DueToday, int? OldestWaitingDays,
    int? OldestWaitingBusinessDays, int Joint, double JointShare, int Visits, CaseLoadOfExpert? Expert)
{
    internal static CaseLoadRow Of(string key, string name, CaseLoadLine line, DateOnly today, NationalCalendar national)
    {
        var oldest = line.Oldest is { } received ? JapanTime.DateOf(received) : (DateOnly?)null;
        return new(
            key, name, line.Open, Statuses(line), line.Onhold, line.Sreceived + line.Swaiting + line.Soffered, line.Overdue, line.Duetoday,
            oldest is { } day ? today.DayNumber - day.DayNumber : null, oldest is { } first ? WaitingAges.Of(national, first, today) : null,
            line.Joint, line.Open == 0 ? 0 : Math.Round((double)line.Joint / line.Open, 4), line.Visits,
            line.Capacity is { } capacity ? new(line.Affiliation!.Value, line.Asked, line.Load, capacity, line.Stopped) : null);
    }

    private static Dictionary<CaseStatus, int> Statuses(CaseLoadLine l) => new()
    {
        [CaseStatus.Received] = l.Sreceived, [CaseStatus.Waiting] = l.Swaiting, [CaseStatus.Offered] = l.Soffered, [CaseStatus.Assigned] = l.Sassigned,
        [CaseStatus.Booked] = l.Sbooked, [CaseStatus.ReportDue] = l.Sreportdue, [CaseStatus.FollowingUp] = l.Sfollowingup,
    };
}

/// <param name="Asked">Cases of the row that wait for the expert's answer.</param>
/// <param name="Load">Tracks offered to or held by the expert in the whole country; what <paramref name="Capacity"/> limits.</param>
/// <param name="Stopped">Why a supervisor lets nobody ask the expert anew; null where offers go on.</param>
public sealed record CaseLoadOfExpert(Affiliation Affiliation, int Asked, int Load, int Capacity, string? Stopped);
