namespace Consultation.CaseLoad;

/// <summary>
/// The statement of the case load: what is counted ahead (<c>0085_case_load.sql</c>), added up by what the rows stand for.
/// Parameters: 0 now, 1 the end of today, 2 and 3 the period, 4 the one district or nothing, 5 the JIS codes
/// of its prefectures, 6 how many experts are asked for, nothing for all. Answers one JSON text; the line with the empty
/// key is the total, with the numbers of experts.
/// </summary>
internal static class CaseLoadSql
{
    private const string Open = "figure in ('received', 'waiting', 'offered', 'assigned', 'booked', 'report_due', 'following_up')";

    private static readonly Dictionary<CaseLoadBy, string> Statements = Enum.GetValues<CaseLoadBy>().ToDictionary(by => by, Compose);

    public static string By(CaseLoadBy by) => Statements[by];

    // An expert is weighed by the cases of the whole country; every other figure is of the own ones. Names come as lines of their own and not by a join,
    // whose sides a planner would swap with the number of experts.
    private static string Compose(CaseLoadBy by) => $$"""
        with counted as (
          select key, figure, at, n, {4} = '' or district = {4} as own, null as name, null as affiliation, null::int as capacity, null as stopped, null::boolean as stays
          from case_load_lines('{{Persistence.EnumText.Of(by)}}', {0}, {1}, {2}, {3})
          union all select '', '', null, 0, true, null, null, null, null, null{{Named(by)}}),
        figures as (
          select key, max(name) as name, max(affiliation) as affiliation, max(capacity) as capacity, max(stopped) as stopped, coalesce(bool_or(stays), true) as stays,
            {{Sum("open", Open)}},
            {{Sum("sreceived", "figure = 'received'")}}, {{Sum("swaiting", "figure = 'waiting'")}}, {{Sum("soffered", "figure = 'offered'")}},
            {{Sum("sassigned", "figure = 'assigned'")}}, {{Sum("sbooked", "figure = 'booked'")}}, {{Sum("sreportdue", "figure = 'report_due'")}},
            {{Sum("sfollowingup", "figure = 'following_up'")}}, {{Sum("onhold", "figure = 'on_hold'")}},
            {{Sum("overdue", "figure = 'overdue'")}}, {{Sum("duetoday", "figure = 'due_today'")}},
            min(at) filter (where own and figure = 'waits') as oldest,
            {{Sum("joint", "figure = 'joint'")}}, {{Sum("asked", "figure = 'asked'")}}, {{Sum("visits", "figure = 'visits'")}},
            coalesce(sum(n) filter (where {{Open}}), 0) as load
          from counted {{(by == CaseLoadBy.Expert ? "" : "where own ")}}group by key)
        {{(by == CaseLoadBy.Expert ? Fullest : """select coalesce(json_agg(f), '[]')::text as "Value" from figures f where f.stays or f.open > 0 or f.visits > 0""")}}
        """;

    // Thousands of experts are counted and the fullest told: to tell all of them costs more than to count them.
    private const string Fullest = """
        select coalesce(json_agg(s), '[]')::text as "Value" from (
            select f.*, count(*) filter (where f.key <> '') over () as experts, count(*) filter (where f.load > f.capacity) over () as beyond, count(*) filter (where f.load = f.capacity) over () as full,
              row_number() over (order by f.key = '' desc, case when f.capacity > 0 then f.load::float8 / f.capacity else f.open end desc, f.name collate "C", f.key) as place
            from figures f where f.stays or f.open > 0 or f.visits > 0) s
          where {6} = '' or s.place <= 1 + greatest(nullif({6}, '')::int, s.beyond)
        """;

    private static string Sum(string name, string of) => $"coalesce(sum(n) filter (where own and {of}), 0) as {name}";

    /// <summary>The rows that are named by a table and stand there also when they count nothing; others' experts only where they count something.</summary>
    private static string Named(CaseLoadBy by) => by switch
    {
        CaseLoadBy.Desk => "\n  union all select id::text, '', null, 0, true, name, null, null, null, true from desks where {4} = '' or district = {4}",
        CaseLoadBy.Expert => """

              union all select id::text, '', null, 0, true, name, affiliation, capacity, offers_stopped_why, active and ({4} = '' or base_prefecture = any(string_to_array({5}, ','))) from experts
            """,
        _ => "",
    };
}
