using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Consultation.Reference;
using Npgsql;
using NpgsqlTypes;

namespace Consultation.Benchmarks;

/// <summary>Each change is one statement that writes the rows the product writes, but no audit.</summary>
internal sealed class BaselineWrites
{
    private const string Log = """
        with found as (select id from organisations where name_key = $4 limit 1),
        own as (insert into organisations (id, name, name_key, prefecture, created_at) select $2, $3, $4, '13', app_now() where not exists (select from found) returning id),
        no as (select next_case_sequence(2026) as n),
        c as (insert into cases (
            id, number, desk_id, district, status, channel, received_at, logged_at, text, organisation_id, organisation_name, organisation_key, prefecture, city, industry, employees, capital_yen,
            contact_name, contact_role, phone, phone_digits, email, telework_status, preferred_mode, source, topics, suggestion, queue_at, version)
          select $1, 'R08-' || lpad(n::text, greatest(6, length(n::text)), '0'), $5, 'national', 'received', 'phone', app_now(), app_now(), $6, coalesce((select id from found), (select id from own)),
            $3, $4, '13', $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20::jsonb, app_now(), 1 from no
          returning number),
        k as (insert into contacts (id, case_id, direction, channel, at, person, result, staff_id, actor) values ($21, $1, 'in', 'phone', app_now(), $11, 'answered', $22, '計測')),
        d as (insert into deadlines (id, case_id, kind, started_at, due_at, why, state, ended_at, counting)
          values ($23, $1, 'first_response', app_now(), app_now() + interval '4 hours', $24, 'met', app_now(), $25::jsonb)),
        h as (insert into case_history (id, case_id, at, actor, kind, text) values ($26, $1, app_now(), '計測', 'logged', '受付（電話）')),
        s as (insert into case_search (case_id, folded, grams) values ($1, $27, $28))
        select number from c
        """;

    private const string Pass = """
        with c as (update cases set holder = $2, version = version + 1 where id = $1 and version = $3 returning version),
        h as (insert into case_history (id, case_id, at, actor, kind, text) select $4, $1, app_now(), '計測', 'edited', '窓口担当を変更' from c)
        select version from c
        """;

    private const string Note = """
        with c as (update cases set version = version + 1 where id = $1 returning version),
        n as (insert into case_notes (id, case_id, at, staff_id, actor, text) values ($2, $1, app_now(), $3, '計測', $4))
        select version from c
        """;

    private readonly NpgsqlDataSource source;
    private readonly Guid desk;
    private readonly Guid staff;
    private readonly string suggestion;
    private readonly string counting;

    private BaselineWrites(NpgsqlDataSource source, Guid desk, Guid staff, string suggestion, string counting) =>
        (this.source, this.desk, this.staff, this.suggestion, this.counting) = (source, desk, staff, suggestion, counting);

    /// <summary>Looks up the values that every case shares; the suggestion and the counting are those of a case that is there.</summary>
    public static async Task<BaselineWrites> OpenAsync(NpgsqlDataSource source)
    {
        await using var command = source.CreateCommand("""
            select (select id from desks where slug = 'national'), (select id from staff order by id limit 1), (select suggestion::text from cases limit 1), (select counting::text from deadlines where kind = 'first_response' limit 1)
            """);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return new(source, reader.GetGuid(0), reader.GetGuid(1), reader.GetString(2), reader.GetString(3));
    }

    public async Task CreateAsync(HttpContext http)
    {
        var told = await ReadAsync(http, BareJson.Plain.BareInquiry);
        var id = Guid.CreateVersion7();
        var said = string.Join('\n', told.Text, told.Organisation.Name, told.Contact.Name, told.Contact.Phone, told.Contact.Email);
        await using var command = source.CreateCommand(Log);
        Add(command, id, Guid.CreateVersion7(), told.Organisation.Name, OrganisationName.Key(told.Organisation.Name), desk, told.Text, told.Organisation.City, told.Organisation.Industry,
            told.Organisation.Employees, told.Organisation.CapitalYen, told.Contact.Name, told.Contact.Role, told.Contact.Phone, told.Contact.Phone.Replace("-", "", StringComparison.Ordinal),
            told.Contact.Email, told.TeleworkStatus, told.PreferredMode, told.Source, new[] { "security", "remote_access" }, suggestion, Guid.CreateVersion7(), staff, Guid.CreateVersion7(),
            "受付から4営業時間", counting, Guid.CreateVersion7(), JapaneseText.Fold(said), JapaneseText.Grams(said));
        await using var reader = await command.ExecuteReaderAsync(http.RequestAborted);
        await reader.ReadAsync(http.RequestAborted);
        await BaselineServer.AnswerAsync(http, new BareLogged(id, reader.GetString(0), "received"), BareJson.Plain.BareLogged, 201, 1);
    }

    public async Task PassAsync(HttpContext http)
    {
        var told = await ReadAsync(http, BareJson.Plain.BareHolder);
        var expected = int.Parse(http.Request.Headers.IfMatch.ToString().Trim('"'), System.Globalization.CultureInfo.InvariantCulture);
        await ChangeAsync(http, Pass, 200, BaselineServer.IdOf(http), told.Holder, expected, Guid.CreateVersion7());
    }

    public async Task NoteAsync(HttpContext http)
    {
        var told = await ReadAsync(http, BareJson.Plain.BareText);
        await ChangeAsync(http, Note, 201, BaselineServer.IdOf(http), Guid.CreateVersion7(), staff, told.Text);
    }

    public Task BookAsync(HttpContext http) => throw new NotSupportedException();

    private async Task ChangeAsync(HttpContext http, string sql, int status, params object[] values)
    {
        await using var command = source.CreateCommand(sql);
        Add(command, values);
        await using var reader = await command.ExecuteReaderAsync(http.RequestAborted);
        if (!await reader.ReadAsync(http.RequestAborted))
        {
            http.Response.StatusCode = 412;
            return;
        }

        var version = reader.GetInt32(0);
        await BaselineServer.AnswerAsync(http, new BareChanged((Guid)values[0], version), BareJson.Plain.BareChanged, status, version);
    }

    private static async Task<T> ReadAsync<T>(HttpContext http, JsonTypeInfo<T> type) =>
        await JsonSerializer.DeserializeAsync(http.Request.Body, type, http.RequestAborted) ?? throw new BadHttpRequestException("empty");

    private static void Add(NpgsqlCommand command, params object[] values)
    {
        foreach (var value in values)
        {
            command.Parameters.Add(value switch
            {
                Guid id => new NpgsqlParameter<Guid> { TypedValue = id },
                int number => new NpgsqlParameter<int> { TypedValue = number },
                long number => new NpgsqlParameter<long> { TypedValue = number },
                string text => new NpgsqlParameter<string> { TypedValue = text },
                string[] texts => new NpgsqlParameter<string[]> { TypedValue = texts, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
                DateTime time => new NpgsqlParameter<DateTime> { TypedValue = time },
                _ => throw new NotSupportedException(value.GetType().Name),
            });
        }
    }
}
