using Consultation.Reference;

namespace Consultation.Benchmarks;

/// <summary>Any case, through the API or as a page.</summary>
internal sealed class ReadCase(bool page) : Operation
{
    public override string Name => page ? "case page" : "read";

    public override IReadOnlyList<Side> Sides => page ? [Side.Product] : base.Sides;

    public override Turn Begin(Scene scene, Side side, Line line, int client)
    {
        var random = new Random(client);
        return () =>
        {
            var id = scene.Cases[random.Next(scene.Cases.Count)];
            var request = page ? Request(scene, line, "GET", $"/cases/{id}", cookie: scene.CentreCookie) : Request(scene, line, "GET", $"/api/v1/cases/{id}");
            Ask(line, request, 200, page ? 5_000 : 600);
            return true;
        };
    }
}

/// <summary>The first page of the one-stop queue, which every desk looks at all day.</summary>
internal sealed class ReadQueue(bool page) : Operation
{
    public override string Name => page ? "queue html" : "queue json";

    public override Turn Begin(Scene scene, Side side, Line line, int client)
    {
        var request = page ? Request(scene, line, "GET", "/cases", cookie: scene.CentreCookie) : Request(scene, line, "GET", "/api/v1/queue");
        return () =>
        {
            Ask(line, request, 200, 5_000);
            return true;
        };
    }
}

/// <summary>The supervisor's home: who carries how much, what is late.</summary>
internal sealed class ReadSupervision : Operation
{
    public override string Name => "supervision";

    public override IReadOnlyList<Side> Sides => [Side.Product];

    public override Turn Begin(Scene scene, Side side, Line line, int client)
    {
        var request = Request(scene, line, "GET", "/supervision", cookie: scene.SupervisorCookie);
        return () =>
        {
            Ask(line, request, 200, 5_000);
            return true;
        };
    }
}

/// <summary>The diary of all experts of a district for one of the weeks in which most visits stand, as a grid; districts in turn.</summary>
internal sealed class ReadDistrictDiary : Operation
{
    private const int Weeks = 8;

    private IReadOnlyList<DateOnly> mondays = [];

    public override string Name => "district diary";

    public override IReadOnlyList<Side> Sides => [Side.Product];

    public override async Task PrepareAsync(Scene scene) => mondays = await scene.Database.RowsAsync(
        $"select date_trunc('week', starts_at at time zone 'Asia/Tokyo')::date as week from visits where starts_at < timestamptz '2100-01-01' group by 1 order by count(*) desc, 1 limit {Weeks}",
        row => row.GetFieldValue<DateOnly>(0));

    public override Turn Begin(Scene scene, Side side, Line line, int client)
    {
        var random = new Random(client);
        return () =>
        {
            var district = Districts.All[random.Next(Districts.All.Count)].Slug;
            var monday = mondays[random.Next(mondays.Count)];
            Ask(line, Request(scene, line, "GET", $"/diaries?district={district}&on={monday:yyyy-MM-dd}&span=week", cookie: scene.CentreCookie), 200, 5_000);
            return true;
        };
    }
}

/// <summary>
/// Words inside any text. The product answers with the newest fifty; the bare search with any fifty, which a frequent word makes easy, and once
/// more with the newest.
/// </summary>
internal sealed class Search(SearchTerm term) : Operation
{
    public override string Name => $"search {term.Letters} {(term.Letters == 1 ? "letter" : "letters")} {term.Share}";

    public override IReadOnlyList<Side> Sides => [Side.Product, Side.Baseline, Side.BaselineSame];

    public override Turn Begin(Scene scene, Side side, Line line, int client)
    {
        // The bare search knows nothing of folding; it gets the word as it is stored.
        var word = side == Side.Product ? term.Text : JapaneseText.Fold(term.Text);
        var request = Request(scene, line, "GET", $"/api/v1/cases?q={Uri.EscapeDataString(word)}{(side == Side.BaselineSame ? "&newest=1" : "")}");
        var least = term.Hits == 0 ? 10 : Math.Min(term.Hits, 50) * 100;
        return () =>
        {
            Ask(line, request, 200, least);
            return true;
        };
    }
}

/// <param name="Share">In how many of the cases it was put, for people to read.</param>
/// <param name="Hits">In how many it really stands.</param>
internal sealed record SearchTerm(string Text, int Letters, string Share, int Hits);
