using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Consultation.Cases;
using Consultation.Reference;
using Npgsql;
using NpgsqlTypes;

namespace Consultation.Benchmarks;

/// <summary>Each change is one statement that writes the rows the product writes, but no audit.</summary>
internal sealed class BaselineWrites
{
    private const string Counting = """{"from": "2026-11-24T00:21:45.662186+00:00", "work": "04:00:00", "businessDays": null, "calendarDays": null}""";
    private static readonly string[] Topics = ["LAB-CARE", "LAB-RULE", "LAB-TIME", "LAB-EVAL"];

    private const string Log = """
        with found as (select id from organisations where name_key = $4 limit 1),
        own as (insert into organisations (id, name, name_key, prefecture, created_at) select $2, $3, $4, '13', $29 where not exists (select from found) returning id),
        no as (select next_case_sequence(2026) as n),
        c as (insert into cases (
            id, number, desk_id, district, status, channel, received_at, logged_at, text, organisation_id, organisation_name, organisation_key, prefecture, city, industry, employees, capital_yen,
            contact_name, contact_role, phone, phone_digits, email, telework_status, preferred_mode, source, topics, suggestion, queue_at, version)
          select $1, 'R08-' || lpad(n::text, greatest(6, length(n::text)), '0'), $5, 'national', 'received', 'phone', $29, $29, $6, coalesce((select id from found), (select id from own)),
            $3, $4, '13', $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20::jsonb, $29 + interval '400 years', 1 from no
          returning number),
        k as (insert into contacts (id, case_id, direction, channel, at, person, result, staff_id, actor) values ($21, $1, 'in', 'phone', $29, $11, 'answered', $22, '計測')),
        d as (insert into deadlines (id, case_id, kind, started_at, due_at, why, state, ended_at, counting)
          values ($23, $1, 'first_response', $29, $29 + interval '4 hours', $24, 'met', $29, $25::jsonb)),
        h as (insert into case_history (id, case_id, at, actor, kind, text) values ($26, $1, $29, '計測', 'logged', '受付（電話）')),
        s as (insert into case_search (case_id, received_at, district, folded, grams) values ($1, $29, 'national', $27, $28))
        select number from c
        """;

    private const string Pass = """
        with c as (update cases set holder = $2, version = version + 1 where id = $1 and version = $3 returning version),
        h as (insert into case_history (id, case_id, at, actor, kind, text) select $4, $1, $5, '計測', 'edited', '窓口担当を変更' from c)
        select version from c
        """;

    private const string Note = """
        with c as (update cases set version = version + 1 where id = $1 returning version),
        n as (insert into case_notes (id, case_id, at, staff_id, actor, text) values ($2, $1, $5, $3, '計測', $4))
        select version from c
        """;

    private const string Take = """
        with b as (select c.id, c.organisation_id, c.email, t.track, t.expert_id, e.email as expert_email from cases c
          join case_tracks t on t.case_id = c.id and t.state in ('held', 'done') join experts e on e.id = t.expert_id where c.id = $1 limit 1),
        a as (insert into quota_accounts (id, organisation_id, programme, fiscal_year, "limit", held) select $3, organisation_id, 'one_stop', 2100, 1000000, 1 from b
          on conflict (organisation_id, programme, fiscal_year) do update set held = quota_accounts.held + 1 returning id),
        v as (insert into visits (id, case_id, organisation_id, ordinal, starts_at, ends_at, mode, stage, state, fiscal_year, quota_units, booked_by, booked_at)
          select $2, id, organisation_id, 1, $4, $5, $6, $7, 'confirmed', 2100, 1, '計測', $8 from b),
        x as (insert into visit_experts (visit_id, track, expert_id) select $2, track, expert_id from b),
        l as (insert into quota_ledger (id, account_id, kind, units, case_id, visit_id, visit_on, reason, actor, at) select $9, id, 'hold', 1, $1, $2, $4::date, '訪問の予約', '計測', $8 from a),
        d as (insert into expert_diary (id, expert_id, visit, busy, starts_at, ends_at, state) select $10, expert_id, $2, tstzrange($4, $5), $4, $5, 'confirmed' from b),
        m as (insert into outgoing_mail (id, event_key, recipient, template, reference, subject, body, message_id, next_attempt_at, created_at)
          select $11, 'visit-confirmed/' || $2::text, coalesce(email, 'nobody@example.jp'), 'visit-confirmed', $1, $13, $14, $11::text, $8, $8 from b
          union all select $12, 'visit-confirmed/' || $2::text, coalesce(expert_email, 'expert@example.jp'), 'visit-confirmed', $1, $13, $14, $12::text, $8, $8 from b),
        f as (update deadlines set state = 'met', ended_at = $8 where case_id = $1 and kind = 'first_visit' and state = 'open'),
        h as (insert into case_history (id, case_id, at, actor, kind, text) values ($15, $1, $8, '計測', 'booked', '電話相談を予約')),
        c as (update cases set status = 'booked', open_visits = open_visits + 1, next_due_at = null, next_due_kind = null, version = version + 1 where id = $1 returning version)
        select version from c
        """;

    private static readonly string Letter = string.Concat(Enumerable.Repeat("下記のとおり、テレワークに関する相談の日程が決まりました。ご不明な点は窓口までご連絡ください。\n", 12));

    private readonly NpgsqlDataSource source;
    private readonly Guid desk;
    private readonly Guid staff;
    private readonly string suggestion;
    private readonly string counting;
    private readonly TimeSpan shift;

    private BaselineWrites(NpgsqlDataSource source, Guid desk, Guid staff, string suggestion, string counting, TimeSpan shift) =>
        (this.source, this.desk, this.staff, this.suggestion, this.counting, this.shift) = (source, desk, staff, suggestion, counting, shift);

    /// <summary>Looks up the values that every case shares; the suggestion and the counting are those of a case that is there.</summary>
    public static async Task<BaselineWrites> OpenAsync(NpgsqlDataSource source)
    {
        await using var command = source.CreateCommand("""
            select (select id from desks where slug = 'national'), (select id from staff order by id limit 1), (select suggestion::text from (select suggestion from cases limit 1000) c order by length(suggestion::text) offset 500 limit 1),
              (select counting::text from deadlines where kind = 'first_response' and counting is not null limit 1), (select clock_shift from installation)
            """);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return new(source, reader.GetGuid(0), reader.GetGuid(1), reader.GetString(2), reader.IsDBNull(3) ? Counting : reader.GetString(3), reader.GetTimeSpan(4));
    }

    public async Task CreateAsync(HttpContext http)
    {
        var told = await ReadAsync(http, BareJson.Plain.BareInquiry);
        var id = Guid.CreateVersion7();
        var said = string.Join('\n', told.Text, told.Organisation.Name, "東京都", told.Organisation.City, told.Contact.Name, told.Contact.Phone, told.Contact.Email);
        await using var command = source.CreateCommand(Log);
        Add(command, id, Guid.CreateVersion7(), told.Organisation.Name, OrganisationName.Key(told.Organisation.Name), desk, told.Text, told.Organisation.City, told.Organisation.Industry,
            told.Organisation.Employees, told.Organisation.CapitalYen, told.Contact.Name, told.Contact.Role, told.Contact.Phone, told.Contact.Phone.Replace("-", "", StringComparison.Ordinal),
            told.Contact.Email, told.TeleworkStatus, told.PreferredMode, told.Source, Topics, suggestion, Guid.CreateVersion7(), staff, Guid.CreateVersion7(),
            "11月24日(火) 9:21 受付 → 4営業時間 → 11月24日(火) 13:21", counting, Guid.CreateVersion7(), JapaneseText.Fold(said), JapaneseText.Grams(said), Now);
        await using var reader = await command.ExecuteReaderAsync(http.RequestAborted);
        await reader.ReadAsync(http.RequestAborted);
        await BaselineServer.AnswerAsync(http, new BareLogged(id, reader.GetString(0), "received"), BareJson.Plain.BareLogged, 201, 1);
    }

    public async Task PassAsync(HttpContext http)
    {
        var told = await ReadAsync(http, BareJson.Plain.BareHolder);
        var expected = int.Parse(http.Request.Headers.IfMatch.ToString().Trim('"'), System.Globalization.CultureInfo.InvariantCulture);
        await ChangeAsync(http, Pass, 200, BaselineServer.IdOf(http), told.Holder, expected, Guid.CreateVersion7(), Now);
    }

    public async Task NoteAsync(HttpContext http)
    {
        var told = await ReadAsync(http, BareJson.Plain.BareText);
        await ChangeAsync(http, Note, 201, BaselineServer.IdOf(http), Guid.CreateVersion7(), staff, told.Text, Now);
    }

    public async Task BookAsync(HttpContext http)
    {
        var told = await ReadAsync(http, BareJson.Plain.BareBooking);
        await ChangeAsync(
            http, Take, 201, BaselineServer.IdOf(http), Guid.CreateVersion7(), Guid.CreateVersion7(), told.Start.UtcDateTime, told.End.UtcDateTime, told.Mode, told.Stage, Now,
            Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), "相談の日程が決まりました", Letter, Guid.CreateVersion7());
    }

    private DateTime Now => TimeProvider.System.GetUtcNow().UtcDateTime + shift;

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
                int[] numbers => new NpgsqlParameter<int[]> { TypedValue = numbers },
                DateTime time => new NpgsqlParameter<DateTime> { TypedValue = time },
                _ => throw new NotSupportedException(value.GetType().Name),
            });
        }
    }
}
