namespace Consultation.CaseLoad;

/// <summary>
/// The statement of the case load: the open cases once, keyed by what the rows stand for, and the visits of the period keyed the same way.
/// Parameters: 0 now, 1 the end of today, 2 and 3 the period, 4 the one district or nothing, 5 the JIS codes
/// of its prefectures. Answers one JSON text; the line with the empty
/// key is the total.
/// </summary>
internal static class CaseLoadSql
{
    private static readonly Dictionary<CaseLoadBy, string> Statements = Enum.GetValues<CaseLoadBy>().ToDictionary(by => by, Compose);

    public static string By(CaseLoadBy by) => Statements[by];

    private const string Figures = """
        count(*) as open, count(*) filter (where status = 'received') as sreceived, count(*) filter (where status = 'waiting') as swaiting,
        count(*) filter (where status = 'offered') as soffered, count(*) filter (where status = 'assigned') as sassigned,
        count(*) filter (where status = 'booked') as sbooked, count(*) filter (where status = 'report_due') as sreportdue,
        count(*) filter (where status = 'following_up') as sfollowingup, count(*) filter (where on_hold) as onhold,
        count(*) filter (where next_due_at <= {0}) as overdue,
        count(*) filter (where next_due_at > {0} and next_due_at < {1}) as duetoday,
        min(received_at) filter (where status in ('received', 'waiting', 'offered')) as oldest,
        count(*) filter (where joint) as joint
        """;

    private static string Compose(CaseLoadBy by)
    {
        var (cases, visits) = Keys(by);
        return $$"""
            with open_cases as (
              select c.id, c.desk_id, c.district, c.prefecture, c.topics, c.status, c.on_hold, c.received_at, c.next_due_at,
                mic.case_id is not null as mic, mhlw.case_id is not null as mhlw, mic.case_id is not null and mhlw.case_id is not null as joint
              from cases c
              left join case_tracks mic on mic.case_id = c.id and mic.track = 'mic' and mic.state <> 'dropped'
              left join case_tracks mhlw on mhlw.case_id = c.id and mhlw.track = 'mhlw' and mhlw.state <> 'dropped'
              where c.status <> 'closed' and ({4} = '' or c.district = {4})),
            done as (
              select v.id, c.desk_id, c.district, c.prefecture, c.topics from visits v join cases c on c.id = v.case_id
              where v.state = 'took_place' and v.starts_at >= {2} and v.starts_at < {3} and ({4} = '' or c.district = {4})),
            keyed as ({{cases}}),
            figures as (
              select '' as key, 0 as asked, {{Figures}} from open_cases
              union all
              select key, count(*) filter (where is_asked) as asked, {{Figures}} from keyed group by key),
            held as (
              select '' as key, count(*) as visits from done
              union all
              select key, count(distinct id) as visits from ({{visits}}) v group by key)
            select coalesce(json_agg(l), '[]')::text as "Value" from (
              select coalesce(f.key, h.key{{(Named(by) is null ? "" : ", n.key")}}) as key, coalesce(f.open, 0) as open, coalesce(f.sreceived, 0) as sreceived, coalesce(f.swaiting, 0) as swaiting,
                coalesce(f.soffered, 0) as soffered, coalesce(f.sassigned, 0) as sassigned, coalesce(f.sbooked, 0) as sbooked, coalesce(f.sreportdue, 0) as sreportdue,
                coalesce(f.sfollowingup, 0) as sfollowingup, coalesce(f.onhold, 0) as onhold, coalesce(f.overdue, 0) as overdue, coalesce(f.duetoday, 0) as duetoday, f.oldest,
                coalesce(f.joint, 0) as joint, coalesce(f.asked, 0) as asked, coalesce(h.visits, 0) as visits{{(by == CaseLoadBy.Expert ? ", n.name, n.affiliation, n.capacity, n.stopped, coalesce(n.load, 0) as load" : by == CaseLoadBy.Desk ? ", n.name" : "")}}
              from figures f full join held h on h.key = f.key {{(Named(by) is { } named ? $"full join ({named}) n on n.key = coalesce(f.key, h.key)" : "")}}
              {{(by == CaseLoadBy.Expert ? "where n.key is null or n.is_own or f.open > 0 or h.visits > 0" : "")}}) l
            """;
    }

    /// <summary>The cases with their key, and the visits with theirs.</summary>
    private static (string Cases, string Visits) Keys(CaseLoadBy by) => by switch
    {
        CaseLoadBy.Desk => Plain("o.desk_id::text"),
        CaseLoadBy.District => Plain("o.district"),
        CaseLoadBy.Prefecture => Plain("coalesce(o.prefecture, 'none')"),
        CaseLoadBy.Topic => (
            $"select t.key, {Columns} from open_cases o cross join lateral (select distinct unnest(case when cardinality(o.topics) = 0 then array['none'] else o.topics end) as key) t",
            "select t.key, o.id from done o cross join lateral (select unnest(case when cardinality(o.topics) = 0 then array['none'] else o.topics end) as key) t"),
        CaseLoadBy.Ministry => (
            $"select t.key, {Columns} from open_cases o join (values ('mic'), ('mhlw'), ('none')) t (key) on (t.key = 'mic' and o.mic) or (t.key = 'mhlw' and o.mhlw) or (t.key = 'none' and not o.mic and not o.mhlw)",
            "select e.track as key, o.id from done o join visit_experts e on e.visit_id = o.id"),
        CaseLoadBy.Expert => (
            $"""
            select t.key, t.is_asked, o.status, o.on_hold, o.received_at, o.next_due_at, o.joint from open_cases o
            join (select case_id, expert_id::text as key, bool_or(state = 'offered') as is_asked from case_tracks
                  where expert_id is not null and state in ('offered', 'held') group by case_id, expert_id) t on t.case_id = o.id
            """,
            "select e.expert_id::text as key, o.id from done o join visit_experts e on e.visit_id = o.id"),
        _ => throw new ArgumentOutOfRangeException(nameof(by)),
    };

    private const string Columns = "false as is_asked, o.status, o.on_hold, o.received_at, o.next_due_at, o.joint";

    private static (string, string) Plain(string key) => ($"select {key} as key, {Columns} from open_cases o", $"select {key} as key, o.id from done o");

    /// <summary>The rows that are named by a table and stand there also when they count nothing.</summary>
    private static string? Named(CaseLoadBy by) => by switch
    {
        CaseLoadBy.Desk => "select id::text as key, name from desks where {4} = '' or district = {4}",
        CaseLoadBy.Expert => """
            select e.id::text as key, e.name, e.affiliation, e.capacity, e.offers_stopped_why as stopped, coalesce(l.load, 0) as load,
              e.active and ({4} = '' or e.base_prefecture = any(string_to_array({5}, ','))) as is_own
            from experts e
            left join (select t.expert_id, count(distinct t.case_id) as load from case_tracks t join cases c on c.id = t.case_id
                       where t.expert_id is not null and t.state in ('offered', 'held') and c.status <> 'closed' group by t.expert_id) l on l.expert_id = e.id
            """,
        _ => null,
    };
}
