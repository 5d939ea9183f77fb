using System.Globalization;
using System.Net;
using System.Text;
using Npgsql;

namespace Consultation.Benchmarks;

/// <summary>Each answer is one statement.</summary>
internal sealed class BaselineReads(NpgsqlDataSource source, NpgsqlDataSource perWord)
{
    private const int Most = 50;

    private const string Row = """
        c.id, c.number, c.status, c.on_hold, c.organisation_name, c.prefecture, c.district, c.topics,
        (select coalesce(json_agg(json_build_object('track', t.track, 'state', t.state, 'expertId', t.expert_id)), '[]')::text from case_tracks t where t.case_id = c.id),
        c.next_due_kind, c.next_due_track, c.next_due_at, c.next_due_why, c.holder, c.received_at
        """;

    private const string Queue = $"""
        select {Row} from cases c where c.status in ('received', 'waiting', 'offered', 'assigned', 'report_due') order by c.queue_at, c.id limit 51
        """;

    private const string Found = $"""
        select {Row} from (select case_id from baseline_text where folded like $1 limit 50) f join cases c on c.id = f.case_id
        """;

    private const string FoundNewest = $"""
        select {Row} from baseline_text f join cases c on c.id = f.case_id where f.folded like $1 order by c.received_at desc, c.id desc limit 51
        """;

    private const string Case = """
        select c.id, c.number, c.status, c.holder, c.next_due_at, c.version, c.desk_id, c.district, c.on_hold, c.channel, c.received_at, c.logged_at, c.text,
          c.organisation_name, c.kana, c.corporate_number, c.prefecture, c.city, c.industry, c.employees, c.capital_yen,
          c.contact_name, c.contact_role, c.phone, c.email, c.telework_status, c.preferred_mode, c.source, c.topics, c.suggestion::text,
          (select coalesce(json_agg(json_build_object('track', t.track, 'state', t.state, 'offerId', t.offer_id, 'expertId', t.expert_id, 'expert', e.name, 'respondBy', t.respond_by)), '[]')::text
             from case_tracks t left join experts e on e.id = t.expert_id where t.case_id = c.id),
          (select coalesce(json_agg(json_build_object('kind', d.kind, 'track', d.track, 'due', d.due_at, 'why', d.why, 'state', d.state) order by d.due_at), '[]')::text
             from deadlines d where d.case_id = c.id and d.state in ('open', 'paused')),
          (select coalesce(json_agg(json_build_object('id', o.id, 'direction', o.direction, 'channel', o.channel, 'at', o.at, 'minutes', o.minutes, 'person', o.person, 'result', o.result, 'text', o.text, 'by', o.actor)), '[]')::text
             from (select * from contacts x where x.case_id = c.id order by x.at desc limit 50) o),
          (select coalesce(json_agg(json_build_object('at', n.at, 'by', n.actor, 'text', n.text)), '[]')::text
             from (select * from case_notes x where x.case_id = c.id order by x.at desc limit 50) n),
          (select coalesce(json_agg(json_build_object('at', h.at, 'by', h.actor, 'kind', h.kind, 'text', h.text)), '[]')::text
             from (select * from case_history x where x.case_id = c.id order by x.at desc, x.id desc limit 50) h),
          (select coalesce(json_agg(json_build_object('id', v.id, 'ordinal', v.ordinal, 'start', v.starts_at, 'end', v.ends_at, 'mode', v.mode, 'place', v.place, 'stage', v.stage, 'state', v.state, 'minutes', v.minutes,
             'experts', (select json_agg(json_build_object('track', x.track, 'expertId', x.expert_id, 'name', e.name)) from visit_experts x join experts e on e.id = x.expert_id where x.visit_id = v.id),
             'reports', (select json_agg(json_build_object('track', r.track, 'state', r.state, 'text', r.text, 'next', r.next, 'filedAt', r.filed_at)) from session_reports r where r.visit_id = v.id)) order by v.starts_at), '[]')::text
             from visits v where v.case_id = c.id),
          (select coalesce(json_agg(json_build_object('id', f.id, 'kind', f.kind, 'due', f.due_on, 'why', f.why, 'state', f.state, 'result', f.result) order by f.due_on), '[]')::text
             from follow_ups f where f.case_id = c.id)
        from cases c where c.id = $1
        """;

    public async Task CaseAsync(HttpContext http)
    {
        await using var command = source.CreateCommand(Case);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = BaselineServer.IdOf(http) });
        await using var reader = await command.ExecuteReaderAsync(http.RequestAborted);
        if (!await reader.ReadAsync(http.RequestAborted))
        {
            http.Response.StatusCode = 404;
            return;
        }

        var found = new BareCase(
            reader.GetGuid(0), reader.GetString(1), reader.GetString(2), Id(reader, 3), Time(reader, 4), reader.GetInt32(5), reader.GetGuid(6), reader.GetString(7), reader.GetBoolean(8),
            reader.GetString(9), reader.GetDateTime(10), reader.GetDateTime(11), reader.GetString(12), Text(reader, 13), Text(reader, 14), Text(reader, 15), Text(reader, 16), Text(reader, 17),
            Text(reader, 18), reader.IsDBNull(19) ? null : reader.GetInt32(19), reader.IsDBNull(20) ? null : reader.GetInt64(20), Text(reader, 21), Text(reader, 22), Text(reader, 23),
            Text(reader, 24), reader.GetString(25), Text(reader, 26), Text(reader, 27), reader.GetFieldValue<string[]>(28), Raw(reader, 29), Raw(reader, 30), Raw(reader, 31), Raw(reader, 32),
            Raw(reader, 33), Raw(reader, 34), Raw(reader, 35), Raw(reader, 36));
        await BaselineServer.AnswerAsync(http, found, BareJson.Plain.BareCase, version: found.Version);
    }

    public async Task QueueAsync(HttpContext http) => await AnswerAsync(http, await RowsAsync(source.CreateCommand(Queue), http.RequestAborted));

    public async Task QueuePageAsync(HttpContext http)
    {
        var rows = await RowsAsync(source.CreateCommand(Queue), http.RequestAborted);
        var page = new StringBuilder(64 * 1024).Append("<!doctype html><html lang=\"ja\"><meta charset=\"utf-8\"><title>案件一覧</title><table><tr><th>番号<th>状態<th>企業<th>所在地<th>主題<th>担当省<th>期限<th>理由<th>受付");
        foreach (var row in rows.Take(Most))
        {
            page.Append("<tr><td><a href=\"/cases/").Append(row.Id).Append("\">").Append(row.Number).Append("</a><td>").Append(row.Status)
                .Append("<td>").Append(WebUtility.HtmlEncode(row.Organisation)).Append("<td>").Append(row.Prefecture).Append(' ').Append(row.District)
                .Append("<td>").AppendJoin('、', row.Topics).Append("<td>").Append(WebUtility.HtmlEncode(row.Tracks.Text))
                .Append("<td>").Append(row.DueAt?.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)).Append("<td>").Append(WebUtility.HtmlEncode(row.DueWhy))
                .Append("<td>").Append(row.ReceivedAt.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture));
        }

        http.Response.ContentType = "text/html; charset=utf-8";
        await http.Response.WriteAsync(page.Append("</table></html>").ToString(), http.RequestAborted);
    }

    public async Task SearchAsync(HttpContext http)
    {
        var command = perWord.CreateCommand(http.Request.Query.ContainsKey("newest") ? FoundNewest : Found);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = $"%{http.Request.Query["q"]}%" });
        await AnswerAsync(http, await RowsAsync(command, http.RequestAborted));
    }

    private static Task AnswerAsync(HttpContext http, List<BareRow> rows) => BaselineServer.AnswerAsync(
        http, new BarePage<BareRow>(rows.Count > Most ? rows[..Most] : rows, rows.Count > Most ? rows[Most - 1].Id.ToString() : null), BareJson.Plain.BarePageBareRow);

    private static async Task<List<BareRow>> RowsAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var _ = command;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<BareRow>(Most + 1);
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(new(
                reader.GetGuid(0), reader.GetString(1), reader.GetString(2), reader.GetBoolean(3), Text(reader, 4), Text(reader, 5), reader.GetString(6), reader.GetFieldValue<string[]>(7),
                Raw(reader, 8), Text(reader, 9), Text(reader, 10), Time(reader, 11), Text(reader, 12), Id(reader, 13), reader.GetDateTime(14)));
        }

        return rows;
    }

    private static string? Text(NpgsqlDataReader reader, int at) => reader.IsDBNull(at) ? null : reader.GetString(at);

    private static DateTime? Time(NpgsqlDataReader reader, int at) => reader.IsDBNull(at) ? null : reader.GetDateTime(at);

    private static Guid? Id(NpgsqlDataReader reader, int at) => reader.IsDBNull(at) ? null : reader.GetGuid(at);

    private static RawJson Raw(NpgsqlDataReader reader, int at) => new(reader.GetString(at));
}
