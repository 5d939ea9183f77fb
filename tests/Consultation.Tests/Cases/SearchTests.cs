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
