using System.Globalization;
using System.Text.Json;
using Consultation.Demo;
using Consultation.Reference;

namespace Consultation.Benchmarks;

/// <summary>Everything the operations work on, of one size: who calls, which cases there are, which words stand in them.</summary>
internal sealed class Scene
{
    private const string Kept = "callers.json";

    private Scene(Database database, Callers callers, int clients) => (Database, Callers, Clients) = (database, callers, clients);

    public Database Database { get; }

    public Callers Callers { get; }

    public int Clients { get; }

    /// <summary>Told apart from the names that earlier runs on the same data made.</summary>
    public string Run { get; } = $"{TimeProvider.System.GetUtcNow():MMddHHmmss}-";

    public int ProductPort { get; private set; }

    /// <summary>How far the bare endpoint has booked in earlier runs on the same data.</summary>
    public long BareBookings { get; private set; }

    public string CentreCookie { get; private set; } = "";

    public string SupervisorCookie { get; private set; } = "";

    /// <summary>All cases, or a sample of a hundred thousand.</summary>
    public IReadOnlyList<Guid> Cases { get; private set; } = [];

    public IReadOnlyList<string> Organisations { get; private set; } = [];

    public IReadOnlyList<SearchTerm> Terms { get; private set; } = [];

    /// <summary>Opens the database of a size; fills it when it is new.</summary>
    public static async Task<Scene> OpenAsync(Product product, string folder, int cases, int clients)
    {
        Directory.CreateDirectory(folder);
        var database = await Database.OpenAsync(folder);
        var callersFile = Path.Combine(folder, Kept);
        if (!File.Exists(callersFile))
        {
            await Callers.MigrateAsync(database, CancellationToken.None);
            await product.DoAsync(database, "load", "--cases", $"{cases}", "--seed", "1");
            var made = await Callers.MakeAsync(database, CancellationToken.None);
            await File.WriteAllTextAsync(callersFile, JsonSerializer.Serialize(made));
        }

        return new(database, JsonSerializer.Deserialize<Callers>(await File.ReadAllTextAsync(callersFile))!, clients);
    }

    /// <summary>Signs in, and reads what the operations need to know.</summary>
    public async Task GetReadyAsync(ServerProcess product)
    {
        ProductPort = product.Port;
        CentreCookie = await Callers.SignInCentreAsync(product.Port);
        SupervisorCookie = await Callers.SignInSupervisorAsync(product.Port);
        Cases = await Database.RowsAsync("select id from cases order by md5(id::text) limit 100000", row => row.GetGuid(0));
        Organisations = await Database.RowsAsync("select name from organisations order by md5(id::text) limit 10000", row => row.GetString(0));
        BareBookings = await Database.ScalarAsync<long>("select count(*) from visits where starts_at > timestamptz '2100-01-01'");
        var words = string.Join(", ", LoadTerms.All.Select(term => $"'{JapaneseText.Fold(term.Text)}'"));
        var hits = await Database.RowsAsync($"select t.word, (select count(*) from case_search where folded like '%' || t.word || '%')::int from unnest(array[{words}]) with ordinality t(word, at) order by at",
            row => row.GetInt32(1));
        Terms = [.. LoadTerms.All.Zip(hits, (term, found) => new SearchTerm(term.Text, term.Text.Length, string.Create(CultureInfo.InvariantCulture, $"{100.0 / term.OneOf:0.##} %"), found))];
    }
}
