using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Reference;
using Npgsql;

namespace Consultation.Tests.Cases;

/// <summary>What the search finds, page by page, is what a look at every stored text finds: no hit more, none less, none twice, in the same order.</summary>
public sealed class SearchTests(SearchTests.Office office) : IClassFixture<SearchTests.Office>
{
    // Voiced by a mark of its own or not, half-width, other forms of a character, outside the basic plane, what SQL and regular expressions read otherwise.
    private static readonly string[] Letters =
    [
        "あ", "ア", "ｱ", "か", "が", "か\u3099", "ｶﾞ", "カ゛", "は", "ぱ", "ﾊﾟ", "ー", "-", "辺", "邊", "邉", "高", "髙", "会社", "㈱", "在宅", "勤務", "在", "宅", "V", "ｖ", "Ｐ", "n",
        "%", "_", "\\", "'", "\"", "*", "😀", "𠮷", "葛\U000E0100", "。", " ", "　", "\n", "の", "の", "の", "の",
    ];

    [Fact]
    public async Task Every_hit_is_found_once_and_nothing_else()
    {
        var random = new Random(20261124);
        var met = 0;
        for (var turn = 0; turn < 120; turn++)
        {
            var query = office.Query(random);
            var (request, actor, asked) = (turn % 6) switch
            {
                0 => (new ListCases(query, Status: CaseStatus.Closed), office.Centre, office.Rows.Where(r => r.Status == "closed")),
                1 => (new ListCases(query), office.Tohoku, office.Rows.Where(r => r.District == "tohoku")),
                2 => (new ListCases(query, District: "kanto"), office.Centre, office.Rows.Where(r => r.District == "kanto")),
                3 => (new ListCases(query, Status: CaseStatus.Received), office.Tohoku, office.Rows.Where(r => r is { District: "tohoku", Status: "received" })),
                _ => (new ListCases(query), office.Centre, office.Rows),
            };
            var words = JapaneseText.Fold(query).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            var expected = asked.Where(r => words.All(w => r.Folded.Contains(w, StringComparison.Ordinal)) || r.Number == CaseNumber.Read(query)).Select(r => r.Id).ToList();
            var found = await office.PagesAsync(request with { Limit = random.Next(4) == 0 ? 200 : random.Next(1, 30) }, actor);
            Assert.True(expected.SequenceEqual(found), $"'{query}' ({turn}): expected {expected.Count}, found {found.Count}");
            met += expected.Count > 30 ? 1 : 0;
        }

        Assert.InRange(met, 20, 100);
    }

    [Fact]
    public async Task A_desk_does_not_find_another_districts_case_by_asking_for_that_district()
    {
        Assert.Empty(await office.PagesAsync(new ListCases("の", District: "kanto"), office.Tohoku));
        Assert.Empty(await office.PagesAsync(new ListCases("の", District: "kanto", Status: CaseStatus.Received), office.Tohoku));
    }

    /// <summary>Cases of random texts, received within the same second or years apart, some closed, some of them with another desk by now.</summary>
    public sealed class Office : TestApp
    {
        private const int Cases = 420;

        public sealed record Row(CaseId Id, string Number, DateTimeOffset At, string District, string Status, string Folded);

        public Actor Centre { get; private set; } = null!;

        public Actor Tohoku { get; private set; } = null!;

        /// <summary>From the newest on.</summary>
        public IReadOnlyList<Row> Rows { get; private set; } = [];

        public override async ValueTask InitializeAsync()
        {
            await base.InitializeAsync();
            (Centre, Tohoku) = (await this.CentreAsync(), await this.DeskAsync("tohoku"));
            var random = new Random(4);
            var at = Start;
            for (var n = 0; n < Cases; n++)
            {
                at = random.Next(4) == 0 ? at : at.AddSeconds(-Math.Exp(random.NextDouble() * 14));
                var desk = random.Next(3) == 0 ? "tohoku" : "kanto";
                var logged = await Send(new LogInquiry(Channel.Email, $"{Text(random, 1, 40)}相談", at, Desk: desk, Receipt: false), Centre);
                if (random.Next(8) == 0)
                {
                    await Send(new HandOverCase(logged.Id, desk == "kanto" ? "tohoku" : "kanto", "管轄"), Centre);
                }

                if (random.Next(5) == 0)
                {
                    await Send(new RecordContact(logged.Id, ContactDirection.Out, Channel.Phone, ContactResult.Answered, Text: Text(random, 1, 20) + "。"), Centre);
                    await Send(new CloseCase(logged.Id, CaseOutcome.Answered), Centre);
                }
            }

            await ReadRowsAsync();
        }

        /// <summary>Adds copies of some cases that came within one hour, several in the same second, as a bulk import leaves them.</summary>
        /// <param name="from">Rows to copy; what they do not say stands nowhere in that hour.</param>
        public async Task PlantAsync(DateTimeOffset hour, int cases, IReadOnlyList<Row> from)
        {
            await using (var source = NpgsqlDataSource.Create(OwnerConnectionString))
            {
                await using var command = source.CreateCommand("""
                    with planted as (
                      select ($3::uuid[])[1 + n * 31 % cardinality($3)] as source, md5($1::text || n)::uuid as id, 'B' || to_char($1::timestamptz, 'YYYYMMDDHH24') || '-' || n as number, $1::timestamptz + n / 4 * interval '1 second' as at
                      from generate_series(1, $2) n),
                    cases as (
                      insert into cases select (jsonb_populate_record(c, jsonb_build_object('id', p.id, 'number', p.number, 'received_at', p.at, 'import_key', null))).* from planted p join cases c on c.id = p.source)
                    insert into case_search select p.id, p.at, s.district, s.folded, s.grams from planted p join case_search s on s.case_id = p.source
                    """);
                command.Parameters.AddWithValue(hour.ToUniversalTime());
                command.Parameters.AddWithValue(cases);
                command.Parameters.AddWithValue(from.Select(r => r.Id.Value).ToArray());
                await command.ExecuteNonQueryAsync();
            }

            await ReadRowsAsync();
        }

        private async Task ReadRowsAsync()
        {
            await using var source = NpgsqlDataSource.Create(OwnerConnectionString);
            await using var command = source.CreateCommand("select c.id, c.number, c.received_at, c.district, c.status, s.folded from cases c join case_search s on s.case_id = c.id order by c.received_at desc, c.id desc");
            await using var reader = await command.ExecuteReaderAsync();
            var rows = new List<Row>();
            while (await reader.ReadAsync())
            {
                rows.Add(new(new(reader.GetGuid(0)), reader.GetString(1), reader.GetDateTime(2), reader.GetString(3), reader.GetString(4), reader.GetString(5)));
            }

            Rows = rows;
        }

        public string Query(Random random)
        {
            var query = string.Join(' ', Enumerable.Range(0, random.Next(4) == 0 ? 2 : 1).Select(_ => Word(random)));
            return string.IsNullOrWhiteSpace(JapaneseText.Fold(query)) ? "の" : query;
        }

        public async Task<List<CaseId>> PagesAsync(ListCases request, Actor actor)
        {
            var found = new List<CaseId>();
            for (Page<CaseRow>? page = null; page is null || page.Next is not null;)
            {
                page = await Send(request with { After = page?.Next }, actor);
                found.AddRange(page.Items.Where(r => !r.Reduced).Select(r => r.Id));
            }

            return found;
        }

        private static string Text(Random random, int least, int most) => string.Concat(Enumerable.Range(0, random.Next(least, most)).Select(_ => Letters[random.Next(Letters.Length)]));

        /// <summary>Letters at random, or a piece out of a text.</summary>
        private string Word(Random random)
        {
            var folded = Rows[random.Next(Rows.Count)].Folded.EnumerateRunes().ToList();
            return random.Next(3) == 0 ? Text(random, 1, 4) : string.Concat(folded.Skip(random.Next(folded.Count)).Take(random.Next(1, 7)));
        }
    }
}

/// <summary>Apart, because they add cases.</summary>
public sealed class SearchInABulkTests(SearchTests.Office office) : IClassFixture<SearchTests.Office>
{
    [Fact]
    public async Task An_hour_with_more_cases_than_a_page_is_searched_like_any_other()
    {
        var kinds = office.Rows.ToList();
        // Of the hour just gone, of few kinds of text, and of one long ago.
        await office.PlantAsync(office.Rows[0].At.AddHours(1), 1_700, kinds[..12]);
        await office.PlantAsync(office.Rows[^200].At.AddHours(-1), 900, kinds);
        var random = new Random(5);
        var (walked, empty) = (0, 0);
        for (var turn = 0; turn < 48; turn++)
        {
            var (request, actor, asked) = (turn % 3) switch
            {
                0 => (new ListCases(office.Query(random)), office.Tohoku, office.Rows.Where(r => r.District == "tohoku")),
                1 => (new ListCases(office.Query(random), District: "kanto"), office.Centre, office.Rows.Where(r => r.District == "kanto")),
                _ => (new ListCases(office.Query(random)), office.Centre, office.Rows),
            };
            var words = JapaneseText.Fold(request.Query!).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            var expected = asked.Where(r => words.All(w => r.Folded.Contains(w, StringComparison.Ordinal)) || r.Number == CaseNumber.Read(request.Query!)).ToList();
            var found = await office.PagesAsync(request with { Limit = random.Next(40, 200) }, actor);
            Assert.True(expected.Select(r => r.Id).SequenceEqual(found), $"'{request.Query}' ({turn}): expected {expected.Count}, found {found.Count}");
            walked += expected.Count > 300 ? 1 : 0;
            empty += expected.Count > 0 && expected.TrueForAll(r => r.At < kinds[0].At) ? 1 : 0;
        }

        Assert.True(walked >= 5 && empty >= 5, $"{walked} frequent, {empty} that do not stand in the newest hour");
    }
}

/// <summary>Apart, because it adds cases.</summary>
public sealed class SearchWhileLoggingTests(SearchTests.Office office) : IClassFixture<SearchTests.Office>
{
    [Fact]
    public async Task What_is_logged_while_somebody_turns_pages_neither_hides_a_hit_nor_shows_one_twice()
    {
        var expected = office.Rows.Where(r => r.Folded.Contains('ノ')).Select(r => r.Id).ToList();
        var found = new List<CaseId>();
        string? after = null;
        do
        {
            var page = await office.Send(new ListCases("の", After: after, Limit: 50), office.Centre);
            found.AddRange(page.Items.Select(r => r.Id));
            after = page.Next;
            foreach (var receivedAt in new DateTimeOffset?[] { null, office.Rows[^1].At.AddDays(-1), page.Items[^1].ReceivedAt.AddSeconds(1) })
            {
                await office.Send(new LogInquiry(Channel.Email, "後からの相談", receivedAt, Desk: "chugoku", Receipt: false), office.Centre);
            }
        }
        while (after is not null);

        Assert.Distinct(found);
        Assert.Equal(expected, found.Where(expected.ToHashSet().Contains));
    }
}
