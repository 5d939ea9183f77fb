using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.YearEnd;

/// <summary>
/// The hand-over list (引継ぎ一覧): what lies beyond the dates of its programme year or an expert's term, so that nothing is booked, promised or mailed for it
/// here. A regional supervisor's is that of the own district.
/// </summary>
[Requires(Permission.ReassignCase)]
public sealed record ListBeyond : IQuery<Beyond>;

/// <param name="Lines">By day, at most <see cref="MostLines"/>.</param>
/// <param name="OpenCases">Cases that are not closed; they go along with the export.</param>
/// <param name="ContractEndsOn">契約終了日 of this fiscal year's programme; null where there is none.</param>
public sealed record Beyond(IReadOnlyList<BeyondLine> Lines, bool More, int OpenCases, DateOnly? ContractEndsOn)
{
    public const int MostLines = 200;
}

/// <param name="What">フォローアップの種類、第何回か、or whose track.</param>
/// <param name="On">The day that lies beyond; the end of the term for a track.</param>
/// <param name="Limit">The last day until which it could have been.</param>
public sealed record BeyondLine(CaseId Case, string Number, string? Organisation, BeyondKind Kind, string What, DateOnly On, DateOnly Limit);

/// <summary>A follow-up after 契約終了日 · a visit after 最終実施日 · a visit after the expert's 委嘱期間 · a track whose holder's term is over · a promised call after 契約終了日.</summary>
public enum BeyondKind { FollowUp, Visit, ExpertsTerm, HoldersTerm, Promise }

internal sealed class ListBeyondHandler(ConsultationDb db, Execution execution) : IRequestHandler<ListBeyond, Beyond>
{
    private sealed record Row(Guid Id, string Number, string? Organisation, string Kind, string What, DateOnly On, DateOnly Limit);

    public async Task<Beyond> Handle(ListBeyond request, CancellationToken cancellationToken)
    {
        var only = execution.Actor.IsNationwide ? "" : execution.Actor.District ?? "-";
        var today = JapanTime.DateOf(execution.Now);
        var year = FiscalYear.Of(execution.Now).Year;
        var rows = await db.Database.SqlQuery<Row>($"""
            with coming as (
              select v.id, v.case_id, v.ordinal, v.fiscal_year, (v.starts_at at time zone 'Asia/Tokyo')::date as on_day from visits v where v.state in ('held', 'confirmed')),
            beyond as (
              select f.case_id, 'follow_up' as kind, f.kind as what, f.due_on as on_day, f.last_on as last_day from follow_ups f where f.state = 'hand_over'
              union all
              select v.case_id, 'visit', v.ordinal::text, v.on_day, least(p.last_visit_on, p.contract_ends_on) from coming v
                join programme_years p on p.fiscal_year = v.fiscal_year and p.programme = 'one-stop' and v.on_day > least(p.last_visit_on, p.contract_ends_on)
              union all
              select v.case_id, 'experts_term', v.ordinal::text, v.on_day, x.term_to from coming v join visit_experts e on e.visit_id = v.id join experts x on x.id = e.expert_id and v.on_day > x.term_to
              union all
              select t.case_id, 'holders_term', t.track, x.term_to, x.term_to from case_tracks t join experts x on x.id = t.expert_id and x.term_to < {today} where t.state in ('held', 'offered')
              union all
              select b.case_id, 'promise', '', (b.due_at at time zone 'Asia/Tokyo')::date, p.contract_ends_on from call_backs b
                join programme_years p on p.fiscal_year = extract(year from (b.due_at at time zone 'Asia/Tokyo') - interval '3 months')::int and p.programme = 'one-stop'
                where b.state = 'open' and b.kind = 'promise' and (b.due_at at time zone 'Asia/Tokyo')::date > p.contract_ends_on)
            select c.id as "Id", c.number as "Number", c.organisation_name as "Organisation", b.kind as "Kind", b.what as "What", b.on_day as "On", b.last_day as "Limit"
            from beyond b join cases c on c.id = b.case_id where {only} = '' or c.district = {only}
            order by b.on_day, c.number, b.kind, b.what limit {Beyond.MostLines + 1}
            """).ToListAsync(cancellationToken);
        var open = await db.Set<Case>().Where(CaseAccess.Visible(execution.Actor)).CountAsync(c => c.ClosedAt == null, cancellationToken);
        var ends = await db.Database.SqlQuery<DateOnly>($"select contract_ends_on as \"Value\" from programme_years where fiscal_year = {year} and programme = 'one-stop'").ToListAsync(cancellationToken);
        var lines = rows.Take(Beyond.MostLines).Select(r => new BeyondLine(new(r.Id), r.Number, r.Organisation, EnumText.Parse<BeyondKind>(r.Kind), r.What, r.On, r.Limit)).ToList();
        execution.Audit("hand_over.listed", CaseRows.AsList, string.Join(' ', lines.Select(l => l.Number).Distinct()));
        return new(lines, rows.Count > Beyond.MostLines, open, ends.Count == 0 ? null : ends[0]);
    }
}
