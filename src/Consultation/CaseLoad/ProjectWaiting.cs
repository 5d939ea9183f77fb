using Consultation.Calendar;
using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Routing;
using Consultation.Staff;
using Consultation.Topics;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.CaseLoad;

/// <summary>
/// What would happen to the waiting days if some experts were away, or one more came (P24): an estimate by <see cref="WaitingProjection"/> out of the rows
/// of the last weeks. A regional supervisor sees, and counts, the own district.
/// </summary>
/// <param name="Away">Experts who take on nothing in the period.</param>
/// <param name="From">First day of the period; the Monday after this week where null.</param>
/// <param name="To">Its last day; the Friday of its first week where null.</param>
/// <param name="Weeks">How many weeks back are counted, up to yesterday; 8 where null.</param>
[Requires(Permission.ViewCaseLoad)]
public sealed record ProjectWaiting(
    IReadOnlyList<ExpertId>? Away = null, DateOnly? From = null, DateOnly? To = null, int? Weeks = null, Affiliation? Added = null, IReadOnlyList<string>? AddedDistricts = null)
    : IQuery<WaitingProjectionView>
{
    public const int UsualWeeks = 8;
}

internal sealed class ProjectWaitingValidator : AbstractValidator<ProjectWaiting>
{
    public ProjectWaitingValidator()
    {
        RuleFor(r => r.Weeks).Must(w => w is null or (>= 1 and <= 52)).WithErrorCode("field.out_of_range").WithState(_ => new object?[] { 1, 52 });
        RuleForEach(r => r.AddedDistricts).Must(d => Districts.Find(d) is not null).WithErrorCode("field.unknown_code").OverridePropertyName("addedDistricts");
        RuleFor(r => r.From).Must(f => f is null or { Year: >= 2019 and <= 2045 }).WithErrorCode("field.impossible_date");
        RuleFor(r => r.To).Must(t => t is null or { Year: >= 2019 and <= 2045 }).WithErrorCode("field.impossible_date");
        RuleFor(r => r.To).Must((r, to) => to is null || r.From is null || r.From <= to).WithErrorCode("case_load.period_reversed");
    }
}

internal sealed class ProjectWaitingHandler(ConsultationDb db, Execution execution, DeskBook desks) : IRequestHandler<ProjectWaiting, WaitingProjectionView>
{
    private const int LongestDays = 366;

    public async Task<WaitingProjectionView> Handle(ProjectWaiting request, CancellationToken cancellationToken)
    {
        var today = JapanTime.DateOf(execution.Now);
        var (from, to) = PeriodOf(request, today);
        var since = today.AddDays(-7 * (request.Weeks ?? ProjectWaiting.UsualWeeks));
        var district = CaseLoadScope.DistrictOf(execution.Actor);
        var lanes = await LanesAsync(district, since, today, cancellationToken);
        var taken = lanes.SelectMany(l => l.Taken).GroupBy(t => t.Key).ToDictionary(g => g.Key, g => g.Sum(t => t.Value));
        var away = (request.Away ?? []).ToHashSet();
        var named = taken.Keys.Union(away).ToList();
        var names = await db.Set<Expert>().Where(e => named.Contains(e.Id)).Select(e => new { e.Id, e.Name, e.Affiliation }).ToDictionaryAsync(e => e.Id, cancellationToken);
        if (away.Any(id => !names.ContainsKey(id)))
        {
            throw new InvalidInput("away", "field.unknown_code");
        }

        var national = await desks.NationalAsync(cancellationToken);
        var counted = Math.Max(1, BusinessDays(national, since, today.AddDays(-1)));
        var added = request.Added is { } affiliation ? new AddedExpert(affiliation, request.AddedDistricts is { Count: > 0 } some ? some : null) : null;
        var change = new WaitingChange(counted, BusinessDays(national, today.AddDays(1), from.AddDays(-1)), BusinessDays(national, from > today ? from : today.AddDays(1), to), away, added);
        var experts = names.Values.Select(e => new ExpertThroughput(e.Id, e.Name, e.Affiliation, taken.GetValueOrDefault(e.Id), away.Contains(e.Id)))
            .OrderByDescending(e => e.Taken).ThenBy(e => e.Name, StringComparer.Ordinal).ThenBy(e => e.ExpertId.Value);
        return new(
            JapanTime.ToJapan(execution.Now), district, from, to, since, today.AddDays(-1), counted, change.DaysDuring, added?.Affiliation, added?.Districts?.ToList(), [.. experts],
            [.. WaitingProjection.Of(lanes, change)]);
    }

    private static (DateOnly From, DateOnly To) PeriodOf(ProjectWaiting request, DateOnly today)
    {
        var monday = today.AddDays(8 - (today.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)today.DayOfWeek));
        var from = request.From ?? (request.To is { } last && last < monday ? last : monday);
        var to = request.To ?? from.AddDays(4);
        return to < today ? throw new InvalidInput("to", "case_load.period_past")
            : to.DayNumber - today.DayNumber > LongestDays ? throw new InvalidInput("to", "case_load.period_too_far")
            : (from, to);
    }

    private async Task<IReadOnlyList<WaitingLane>> LanesAsync(string? district, DateOnly since, DateOnly today, CancellationToken cancellationToken)
    {
        var (first, end) = (Midnight(since), Midnight(today));
        var cases = db.Set<Case>().Where(c => district == null || c.District == district);
        var waiting = await (
            from c in cases.Where(c => c.Status == CaseStatus.Waiting && !c.OnHold)
            from t in c.Tracks
            where t.State == TrackState.Wanted
            group t by new { c.District, t.Track } into lane
            select new { lane.Key.District, lane.Key.Track, Count = lane.Count() }).ToListAsync(cancellationToken);
        var arrived = await (
            from c in cases.Where(c => c.ReceivedAt >= first && c.ReceivedAt < end)
            from t in c.Tracks
            where t.State != TrackState.Later && t.State != TrackState.Dropped
            group t by new { c.District, t.Track } into lane
            select new { lane.Key.District, lane.Key.Track, Count = lane.Count() }).ToListAsync(cancellationToken);
        var taken = await (
            from o in db.Set<Offer>().Where(o => o.State == OfferState.Accepted && o.AnsweredAt >= first && o.AnsweredAt < end)
            join c in cases on o.CaseId equals c.Id
            group o by new { c.District, o.Track, o.ExpertId } into lane
            select new { lane.Key.District, lane.Key.Track, lane.Key.ExpertId, Count = lane.Count() }).ToListAsync(cancellationToken);

        var order = Districts.All.Select(d => d.Slug).ToList();
        return [.. waiting.Select(l => (l.District, l.Track)).Concat(arrived.Select(l => (l.District, l.Track))).Concat(taken.Select(l => (l.District, l.Track))).Distinct()
            .OrderBy(l => order.IndexOf(l.District) is var at && at < 0 ? order.Count : at).ThenBy(l => l.District, StringComparer.Ordinal).ThenBy(l => l.Track)
            .Select(l => new WaitingLane(
                l.District, l.Track, waiting.Find(w => (w.District, w.Track) == l)?.Count ?? 0, arrived.Find(w => (w.District, w.Track) == l)?.Count ?? 0,
                taken.Where(t => (t.District, t.Track) == l).ToDictionary(t => t.ExpertId, t => t.Count)))];
    }

    private static int BusinessDays(NationalCalendar national, DateOnly first, DateOnly last)
    {
        var days = 0;
        for (var day = first; day <= last; day = day.AddDays(1))
        {
            days += national.IsBusinessDay(day) ? 1 : 0;
        }

        return days;
    }

    private static DateTimeOffset Midnight(DateOnly day) => JapanTime.At(day, TimeOnly.MinValue).ToUniversalTime();
}

/// <param name="District">The slug of the one district that is counted; null for the whole country.</param>
/// <param name="CountedFrom">First day of the weeks that are counted; likewise their last.</param>
/// <param name="CountedDays">Their business days.</param>
/// <param name="PeriodDays">Business days of the period that are still to come.</param>
/// <param name="Experts">Whoever took on a track in those weeks, and whoever is said to be away.</param>
public sealed record WaitingProjectionView(
    DateTimeOffset AsOf, string? District, DateOnly From, DateOnly To, DateOnly CountedFrom, DateOnly CountedTo, int CountedDays, int PeriodDays, Affiliation? Added,
    IReadOnlyList<string>? AddedDistricts, IReadOnlyList<ExpertThroughput> Experts, IReadOnlyList<ProjectedLane> Lanes);

/// <param name="Taken">Tracks taken on in the weeks that are counted.</param>
public sealed record ExpertThroughput(ExpertId ExpertId, string Name, Affiliation Affiliation, int Taken, bool Away);
