namespace Consultation.CaseLoad;

/// <summary>
/// The statement of the case load: what is counted ahead (<c>0085_case_load.sql</c>), added up by what the rows stand for.
/// Parameters: 0 now, 1 the end of today, 2 and 3 the period, 4 the one district or nothing, 5 the JIS codes
/// of its prefectures. Answers one JSON text; the line with the empty
/// key is the total.
/// </summary>
internal static class CaseLoadSql
{
    private const string Open = "figure in ('received', 'waiting', 'offered', 'assigned', 'booked', 'report_due', 'following_up')";

    private static readonly Dictionary<CaseLoadBy, string> Statements = Enum.GetValues<CaseLoadBy>().ToDictionary(by => by, Compose);

    public static string By(CaseLoadBy by) => Statements[by];

    // An expert is weighed by the cases of the whole country; every other figure is of the own ones.
    private static string Compose(CaseLoadBy by) => $$"""
        with named as ({{Named(by)}}),
        counted as (
          select key, figure, at, n, {4} = '' or district = {4} as own from case_load_lines('{{Persistence.EnumText.Of(by)}}', {1}, {2}, {3})
          union all select key, '', null, 0, true from named
          union all select '', '', null, 0, true),
        figures as (
          select key, {{Sum("open", Open)}},
            {{Sum("sreceived", "figure = 'received'")}}, {{Sum("swaiting", "figure = 'waiting'")}}, {{Sum("soffered", "figure = 'offered'")}},
            {{Sum("sassigned", "figure = 'assigned'")}}, {{Sum("sbooked", "figure = 'booked'")}}, {{Sum("sreportdue", "figure = 'report_due'")}},
            {{Sum("sfollowingup", "figure = 'following_up'")}}, {{Sum("onhold", "figure = 'on_hold'")}},
            {{Sum("overdue", "figure = 'due' and at <= {0}")}}, {{Sum("duetoday", "figure = 'due' and at > {0}")}},
            min(at) filter (where own and figure = 'waits') as oldest,
            {{Sum("joint", "figure = 'joint'")}}, {{Sum("asked", "figure = 'asked'")}}, {{Sum("visits", "figure = 'visits'")}},
            coalesce(sum(n) filter (where {{Open}}), 0) as load
          from counted {{(by == CaseLoadBy.Expert ? "" : "where own ")}}group by key)
        select coalesce(json_agg(l), '[]')::text as "Value" from (
          select f.*, n.name, n.affiliation, n.capacity, n.stopped from figures f left join named n on n.key = f.key
          where n.key is null or n.is_own or f.open > 0 or f.visits > 0) l
        """;

    private static string Sum(string name, string of) => $"coalesce(sum(n) filter (where own and {of}), 0) as {name}";

    /// <summary>The rows that are named by a table and stand there also when they count nothing.</summary>
    private static string Named(CaseLoadBy by) => by switch
    {
        CaseLoadBy.Desk => "select id::text as key, name, null as affiliation, null::int as capacity, null as stopped, true as is_own from desks where {4} = '' or district = {4}",
        CaseLoadBy.Expert => """
            select id::text as key, name, affiliation, capacity, offers_stopped_why as stopped, active and ({4} = '' or base_prefecture = any(string_to_array({5}, ','))) as is_own from experts
            """,
        _ => "select null as key, null as name, null as affiliation, null::int as capacity, null as stopped, true as is_own where false",
    };
}
