using System.Text.Json;
using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Topics;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.CaseLoad;

/// <summary>
/// The month's table (月次報告) in one statement: contacts and cases apart (延べ and 実), visits that took place – a joint one once in the total
/// and once for each ministry –, reports that were not filed, minutes by expert and ministry, outcomes, tallies. Figures only, of now; a
/// regional supervisor's are those of the own district.
/// </summary>
/// <param name="Month">Any day of the month; the current month where null.</param>
[Requires(Permission.ViewCaseLoad)]
public sealed record ReportMonth(DateOnly? Month = null) : IQuery<MonthReport>;

internal sealed class ReportMonthValidator : AbstractValidator<ReportMonth>
{
    public ReportMonthValidator() => RuleFor(r => r.Month).Must(m => m is null or { Year: >= 2019 and <= 2045 }).WithErrorCode("field.impossible_date");
}

/// <param name="Month">Its first day.</param>
/// <param name="District">The one district that is counted; null for the whole country.</param>
public sealed record MonthReport(
    DateOnly Month, DateTimeOffset AsOf, string? District, MonthInquiries Inquiries, MonthVisits Visits, IReadOnlyList<MonthOfMinistry> Ministries,
    IReadOnlyList<MonthOfExpert> Experts, IReadOnlyList<MonthCount<VisitMode>> Modes, IReadOnlyList<MonthCount<CaseOutcome>> Outcomes, IReadOnlyList<MonthCount<TallyKind>> Tallies,
    MonthSurveys Surveys, IReadOnlyList<MonthStatus> Statuses);

/// <param name="Contacts">延べ: every call, mail and talk of the month, in both directions, failed attempts too.</param>
/// <param name="Incoming">Of these, from the client.</param>
/// <param name="NoAnswer">Of these, attempts that reached nobody (不在).</param>
/// <param name="Cases">実: cases with at least one contact in the month, each once.</param>
/// <param name="NewCases">Cases received in the month.</param>
public sealed record MonthInquiries(int Contacts, int Incoming, int NoAnswer, int Cases, int NewCases, IReadOnlyList<MonthCount<Channel>> Channels);

/// <param name="TookPlace">Each visit once, a joint one too.</param>
/// <param name="Joint">Visits of both ministries.</param>
/// <param name="Minutes">Each visit's minutes once.</param>
/// <param name="NoShow">先方不在.</param>
/// <param name="NotCounted">Of those that took place, the ones that were not counted (電話での短い確認 …).</param>
/// <param name="BeyondQuota">Booked beyond the limit by a supervisor's word and not cancelled (journey J20).</param>
/// <param name="KeptByRule">Fell through and count all the same (journey J21).</param>
public sealed record MonthVisits(int TookPlace, int Joint, int Minutes, int NoShow, int NotCounted = 0, int BeyondQuota = 0, int KeptByRule = 0);

/// <summary>One ministry's share; a joint visit stands in both.</summary>
/// <param name="Filed">Reports of the month's visits that are there.</param>
/// <param name="NotFiled">未提出: closed as not filed.</param>
/// <param name="Owed">Still awaited.</param>
/// <param name="Overdue">Of these, past their deadline, which are 未提出 as of now.</param>
/// <param name="Minutes">As the ministry's expert reported them; the visit's where the report says nothing.</param>
/// <param name="FeeMinutes">Minutes a fee is due for, as reported.</param>
/// <param name="TravelKm">Kilometres there and back, as reported.</param>
public sealed record MonthOfMinistry(Track Track, int Visits, int Minutes, int Filed, int NotFiled, int Owed, int Overdue, int FeeMinutes = 0, int TravelKm = 0);

/// <summary>One expert's visits for one ministry; one who came for both stands in two rows.</summary>
public sealed record MonthOfExpert(ExpertId Expert, string Name, Track Track, int Visits, int Minutes, int NotFiled, int Owed, int FeeMinutes = 0, int TravelKm = 0);

/// <summary>
/// 満足度アンケート sent in the month, with the answers until now. What is measured is divided by those who answered, never by cases (domain.md §8).
/// </summary>
/// <param name="Satisfied">満足 and やや満足.</param>
/// <param name="Achieved">問い合わせの目的が達成できた.</param>
/// <param name="Actively">テレワークの導入を積極的に検討する.</param>
public sealed record MonthSurveys(int Sent, int Answered, int Satisfied, int Achieved, int Actively)
{
    /// <summary>A share in percent with one decimal, as it is published; null where there is nobody to divide by.</summary>
    public static decimal? Percent(int part, int whole) => whole == 0 ? null : Math.Round(100m * part / whole, 1, MidpointRounding.AwayFromZero);
}

/// <summary>導入状況 of the cases whose support was completed in the month, before and after.</summary>
public sealed record MonthStatus(TeleworkStatus Before, TeleworkStatus After, int Count);

public sealed record MonthCount<TCode>(TCode Code, int Count) where TCode : struct, Enum;

internal sealed class ReportMonthHandler(ConsultationDb db, Execution execution) : IRequestHandler<ReportMonth, MonthReport>
{
    public async Task<MonthReport> Handle(ReportMonth request, CancellationToken cancellationToken)
    {
        var asked = request.Month ?? JapanTime.DateOf(execution.Now);
        var month = new DateOnly(asked.Year, asked.Month, 1);
        var district = CaseLoadScope.DistrictOf(execution.Actor);
        var (from, to, now, only) = (Midnight(month), Midnight(month.AddMonths(1)), execution.Now.ToUniversalTime(), district ?? "");
        var json = await db.Database.SqlQuery<string>($"""
            with said as (
              select x.case_id, x.direction, x.result from contacts x join cases c on c.id = x.case_id
              where x.at >= {from} and x.at < {to} and ({only} = '' or c.district = {only})),
            came as (
              select c.channel from cases c where c.received_at >= {from} and c.received_at < {to} and ({only} = '' or c.district = {only})),
            met as (
              select v.id, v.state, v.mode, coalesce(v.minutes, 0) as minutes, v.quota_units, (select count(*) from visit_experts e where e.visit_id = v.id) > 1 as joint
              from visits v join cases c on c.id = v.case_id
              where v.state in ('took_place', 'no_show') and v.starts_at >= {from} and v.starts_at < {to} and ({only} = '' or c.district = {only})),
            charged as (
              select v.quota_extra, v.quota_kept from visits v join cases c on c.id = v.case_id
              where v.starts_at >= {from} and v.starts_at < {to} and ({only} = '' or c.district = {only}) and (v.quota_extra > 0 or v.quota_kept)),
            told as (
              select e.track, e.expert_id, coalesce(r.minutes, m.minutes) as minutes, coalesce(r.fee_minutes, 0) as fee_minutes, coalesce(r.travel_km, 0) as travel_km, coalesce(r.state in ('submitted', 'approved'), false) as filed, coalesce(r.state = 'not_filed', false) as not_filed,
                coalesce(r.state = 'returned', true) as owed,
                exists (select 1 from deadlines d where d.kind = 'report' and d.subject = m.id and d.track = e.track and d.case_id = v.case_id and d.state = 'open' and d.due_at <= {now}) as late
              from met m join visits v on v.id = m.id join visit_experts e on e.visit_id = m.id left join session_reports r on r.visit_id = m.id and r.track = e.track
              where m.state = 'took_place')
            select json_build_object(
              'inquiries', json_build_object(
                'contacts', (select count(*) from said), 'incoming', (select count(*) from said where direction = 'in'),
                'noAnswer', (select count(*) from said where result = 'no_answer'), 'cases', (select count(distinct case_id) from said), 'newCases', (select count(*) from came),
                'channels', (select coalesce(json_agg(l), '[]') from (select channel as code, count(*) as count from came group by channel order by count(*) desc, channel) l)),
              'visits', (select json_build_object(
                'tookPlace', count(*) filter (where state = 'took_place'), 'joint', count(*) filter (where state = 'took_place' and joint),
                'minutes', coalesce(sum(minutes) filter (where state = 'took_place'), 0), 'noShow', count(*) filter (where state = 'no_show'),
                'notCounted', count(*) filter (where state = 'took_place' and quota_units = 0),
                'beyondQuota', (select count(*) from charged where quota_extra > 0), 'keptByRule', (select count(*) from charged where quota_kept)) from met),
              'ministries', (select json_agg(l) from (
                select k.track, count(t.track) as visits, coalesce(sum(t.minutes), 0) as minutes, count(*) filter (where t.filed) as filed,
                  count(*) filter (where t.not_filed) as "notFiled", count(*) filter (where t.owed) as owed, count(*) filter (where t.owed and t.late) as overdue, coalesce(sum(t.fee_minutes), 0) as "feeMinutes", coalesce(sum(t.travel_km), 0) as "travelKm"
                from (values ('mic'), ('mhlw')) k (track) left join told t on t.track = k.track group by k.track order by k.track desc) l),
              'experts', (select coalesce(json_agg(l), '[]') from (
                select t.expert_id as expert, x.name, t.track, count(*) as visits, sum(t.minutes) as minutes, count(*) filter (where t.not_filed) as "notFiled", count(*) filter (where t.owed) as owed,
                  sum(t.fee_minutes) as "feeMinutes", sum(t.travel_km) as "travelKm"
                from told t join experts x on x.id = t.expert_id group by t.expert_id, x.name, t.track order by x.name, t.expert_id, t.track desc) l),
              'modes', (select coalesce(json_agg(l), '[]') from (select mode as code, count(*) as count from met where state = 'took_place' group by mode order by count(*) desc, mode) l),
              'outcomes', (select coalesce(json_agg(l), '[]') from (
                select c.outcome as code, count(*) as count from cases c where c.closed_at >= {from} and c.closed_at < {to} and ({only} = '' or c.district = {only})
                group by c.outcome order by count(*) desc, c.outcome) l),
              'surveys', (select json_build_object(
                'sent', count(*), 'answered', count(*) filter (where s.state = 'answered'),
                'satisfied', count(*) filter (where s.satisfaction in ('very_satisfied', 'satisfied')), 'achieved', count(*) filter (where s.achievement = 'achieved'),
                'actively', count(*) filter (where s.intent = 'actively'))
                from surveys s join cases c on c.id = s.case_id where s.sent_at >= {from} and s.sent_at < {to} and ({only} = '' or c.district = {only})),
              'statuses', (select coalesce(json_agg(l), '[]') from (
                select c.telework_status as before, c.telework_status_after as after, count(*) as count from cases c
                where c.closed_at >= {from} and c.closed_at < {to} and c.outcome = 'completed' and c.telework_status_after is not null and ({only} = '' or c.district = {only})
                group by c.telework_status, c.telework_status_after order by count(*) desc, c.telework_status, c.telework_status_after) l),
              'tallies', (select coalesce(json_agg(l), '[]') from (
                select t.kind as code, count(*) as count from tallies t join desks d on d.id = t.desk_id where t.at >= {from} and t.at < {to} and ({only} = '' or d.district = {only})
                group by t.kind order by count(*) desc, t.kind) l))::text as "Value"
            """).SingleAsync(cancellationToken);
        return JsonSerializer.Deserialize<MonthReport>(json, StoredJson.Options)! with { Month = month, AsOf = JapanTime.ToJapan(execution.Now), District = district };
    }

    private static DateTimeOffset Midnight(DateOnly day) => JapanTime.At(day, TimeOnly.MinValue).ToUniversalTime();
}
