using Consultation.Audit;
using Consultation.Cases;
using Consultation.Experts;
using Consultation.Experts.Outside;
using Consultation.Messaging;
using Consultation.Organisations;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Staff;
using FluentValidation;
using MediatR;

namespace Consultation.Visits;

/// <summary>
/// The days of all experts based in a district, for those who book: what everybody has on with travel, absences, closed days and the time that
/// is free. Whose visit it is stands only where the case may be seen; why somebody is absent stands nowhere. A desk looks at its own district,
/// the centre and supervisors at any. Read in one round trip.
/// </summary>
/// <param name="District">Slug; the actor's own where null, and the first one for who has none.</param>
/// <param name="Days">1–7.</param>
/// <param name="After">The last expert of the page before; they stand by name.</param>
[Requires(Permission.OfferCase)]
public sealed record LookAtDistrict(string? District, DateOnly From, int Days, string? After = null, int Limit = LookAtDistrict.Most) : IQuery<DistrictDiary>
{
    /// <summary>Experts on one page; a district has some dozens.</summary>
    public const int Most = 100;
}

internal sealed class LookAtDistrictValidator : AbstractValidator<LookAtDistrict>
{
    public LookAtDistrictValidator()
    {
        RuleFor(r => r.District).Must(d => d is null || Districts.Find(d) is not null).WithErrorCode("field.unknown_code");
        RuleFor(r => r.From).Must(d => d.Year is >= 2019 and <= 2045).WithErrorCode("field.impossible_date");
        RuleFor(r => r.Days).InclusiveBetween(1, 7).WithErrorCode("field.out_of_range").WithState(_ => new object?[] { 1, 7 });
        RuleFor(r => r.After).Must(a => a is null || ExpertId.TryParse(a, null, out _)).WithErrorCode("page.malformed");
        RuleFor(r => r.Limit).InclusiveBetween(1, LookAtDistrict.Most).WithErrorCode("page.malformed");
    }
}

/// <param name="Next">Goes back as <c>After</c>; null on the last page.</param>
public sealed record DistrictDiary(string District, string Name, IReadOnlyList<DistrictDay> Days, IReadOnlyList<DistrictExpert> Experts, string? Next);

/// <param name="DeskClosed">Why the district's desk is closed that day beside the national calendar (臨時休業); visits are possible all the same.</param>
public sealed record DistrictDay(DateOnly Date, string? Closed, string? DeskClosed);

/// <param name="Days">As many as <see cref="DistrictDiary.Days"/>, in their order; absences without their reason.</param>
public sealed record DistrictExpert(ExpertId Id, string Name, Affiliation Affiliation, string BasePrefecture, IReadOnlyList<DiaryDay> Days);

internal sealed class LookAtDistrictHandler(ConsultationDb db, Execution execution, ExpertBook book, DeskBook desks, ProgrammeBook programmes) : IRequestHandler<LookAtDistrict, DistrictDiary>
{
    public async Task<DistrictDiary> Handle(LookAtDistrict request, CancellationToken cancellationToken)
    {
        var own = execution.Actor.District;
        if (execution.Actor.Role == Role.Desk && own is not null && request.District is { } other && other != own)
        {
            throw new NotFound();
        }

        var district = Districts.Find(request.District ?? own) ?? Districts.All[0];
        var calendar = await desks.ReadAsync(cancellationToken);
        var desk = calendar.Find(district.Slug);
        var trip = new RoundTrip(db);
        var sign = ExpertBook.Sign(trip);
        var people = Page(trip, district, request);
        var rows = Visits(trip, district, request, desk);
        var (from, to) = Window(request);
        var elsewhere = trip.Rows(
            $"select b.expert_id, b.starts_at, b.ends_at from ({Based(district, request)}) who join expert_elsewhere b on b.expert_id = who.id and b.ends_at > {from} and b.starts_at < {to}",
            r => (Expert: r.Id<ExpertId>(), Busy: new BusyPeriod(r.Time(), r.Time())));
        await trip.GoAsync(cancellationToken);

        var known = (await book.ReadAsync(sign[0], cancellationToken)).ToDictionary(e => e.Id);
        // A week may lie in two fiscal years.
        var (early, late) = (await programmes.FindAsync(FiscalYear.Of(request.From), cancellationToken), await programmes.FindAsync(FiscalYear.Of(request.From.AddDays(request.Days - 1)), cancellationToken));
        var (visits, busy) = (rows.ToLookup(r => r.Expert), elsewhere.ToLookup(b => b.Expert, b => b.Busy));
        IReadOnlyList<DateOnly> days = [.. Enumerable.Range(0, request.Days).Select(request.From.AddDays)];
        var shown = people.Take(request.Limit).Select(id => known[id]).Select(expert =>
        {
            IReadOnlyList<DiaryVisit> here = [.. visits[expert.Id].Select(row => row.Of(expert, known, busy[expert.Id]))];
            return new DistrictExpert(
                expert.Id, expert.Name, expert.Affiliation, Prefectures.Find(expert.BasePrefecture)?.Name ?? "",
                [.. days.Select(day => DiaryDays.Of(calendar.National, expert, day, here, busy[expert.Id], early?.FiscalYear == FiscalYear.Of(day).Year ? early : late, execution.Now)).Select(day => day with { Absences = [.. day.Absences.Select(a => a with { Reason = "" })] })]);
        }).ToList();
        return new(
            district.Slug, district.Name,
            [.. days.Select(day => new DistrictDay(day, DiaryDays.ClosedWhy(calendar.National, day), calendar.National.IsBusinessDay(day) && desk is not null ? calendar.CalendarOf(desk.Id).ClosedReason(day) : null))],
            shown, people.Count > request.Limit ? people[request.Limit - 1].ToString() : null);
    }

    private static FormattableString Based(District district, LookAtDistrict request)
    {
        string[] codes = [.. Prefectures.All.Where(p => p.District == district).Select(p => p.Code)];
        var (from, to) = Window(request);
        FormattableString behind = $"true";
        if (ExpertId.TryParse(request.After, null, out var last))
        {
            behind = $"(e.name, e.id) > (select x.name, x.id from experts x where x.id = {last.Value})";
        }

        // Who left the programme is shown as long as something of theirs stands in the days.
        return $"""
            select e.id, e.name from experts e
            where e.base_prefecture = any({codes})
              and (e.active or exists (select 1 from expert_diary d where d.expert_id = e.id and d.starts_at >= {from} and d.starts_at < {to} and d.state <> 'cancelled'))
              and {behind}
            order by e.name, e.id limit {request.Limit + 1}
            """;
    }

    private static IReadOnlyList<ExpertId> Page(RoundTrip trip, District district, LookAtDistrict request) => trip.Rows(Based(district, request), r => r.Id<ExpertId>());

    /// <summary>What stands in their diaries, the roads of other days too, and in the same breath the audit of it. A visit never crosses midnight, so that its beginning tells the day.</summary>
    private IReadOnlyList<DiaryRow> Visits(RoundTrip trip, District district, LookAtDistrict request, Desk? desk)
    {
        var (from, to) = Window(request);
        var reach = CaseAccess.Reach.Of(execution.Actor);
        FormattableString standing = $"""
            from ({Based(district, request)}) who
            join expert_diary d on d.expert_id = who.id and d.starts_at >= {from.AddDays(-BookableTime.Around)} and d.starts_at < {to.AddDays(BookableTime.Around)} and d.state <> 'cancelled'
              and d.busy && tstzrange({from}, {to})
            join visits v on v.id = d.visit join cases on cases.id = v.case_id
            """;
        if (desk is not null)
        {
            execution.Audit("diary.district_viewed", desk.Id);
            AuditTrail.Join(trip, execution, details: $"(select string_agg(distinct cases.number, ' ') {standing} where {reach.Covers})");
        }

        return trip.Rows(
            $"""
            select d.expert_id, v.id, lower(d.busy), d.starts_at, d.ends_at, upper(d.busy), v.mode, v.stage, v.ordinal, case when d.state = 'away' and v.state <> 'no_show' then 'cancelled' else v.state end, d.state = 'away',
              array(select distinct x.expert_id from visit_experts x where x.visit_id = v.id and x.expert_id <> d.expert_id),
              {reach.Covers}, cases.id, cases.number, cases.organisation_name, cases.prefecture, cases.city, v.place
            {standing} order by d.starts_at, d.id
            """,
            r => new DiaryRow(
                r.Id<ExpertId>(), r.Id<VisitId>(), r.Time(), r.Time(), r.Time(), r.Time(), r.Code<VisitMode>(), r.Code<VisitStage>(), r.Value<int>(), r.Code<VisitState>(), r.Value<bool>(),
                r.Value<Guid[]>(), r.Value<bool>(), r.Id<CaseId>(), r.Text(), r.MaybeText(), r.MaybeText(), r.MaybeText(), r.MaybeText()));
    }

    private static (DateTimeOffset From, DateTimeOffset To) Window(LookAtDistrict request) =>
        (JapanTime.At(request.From, TimeOnly.MinValue).ToUniversalTime(), JapanTime.At(request.From.AddDays(request.Days), TimeOnly.MinValue).ToUniversalTime());

    private sealed record DiaryRow(
        ExpertId Expert, VisitId Visit, DateTimeOffset Leave, DateTimeOffset Start, DateTimeOffset End, DateTimeOffset Back, VisitMode Mode, VisitStage Stage, int Ordinal, VisitState State, bool IsAway,
        Guid[] Others, bool MaySee, CaseId Case, string Number, string? Organisation, string? Prefecture, string? City, string? Place)
    {
        public DiaryVisit Of(Expert expert, IReadOnlyDictionary<ExpertId, Expert> known, IEnumerable<BusyPeriod> elsewhere) => new(
            Visit, MaySee ? Case : null, MaySee ? Number : null, MaySee ? Organisation : null, MaySee ? Prefectures.Find(Prefecture)?.Name : null, MaySee ? City : null, MaySee ? Place : null,
            JapanTime.ToJapan(Leave), JapanTime.ToJapan(Start), JapanTime.ToJapan(End), JapanTime.ToJapan(Back), Mode, Stage, Ordinal, State,
            [.. Others.Select(o => known[new(o)].Name).Order(StringComparer.Ordinal)],
            State is VisitState.Held or VisitState.Confirmed && expert.Absences.Any(a => a.StartsAt < End && Start < a.EndsAt))
        {
            IsAway = IsAway,
            IsElsewhere = State is VisitState.Held or VisitState.Confirmed && elsewhere.Any(b => b.From < End && Start < b.To),
        };
    }
}
