using System.Text.Json;

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
            var made = await Callers.MakeAsync(database, CancellationToken.None);
            await Filling.FillAsync(product, database, cases);
            await database.DoAsync("vacuum (analyze)");
            await File.WriteAllTextAsync(callersFile, JsonSerializer.Serialize(made));
        }

        return new(database, JsonSerializer.Deserialize<Callers>(await File.ReadAllTextAsync(callersFile))!, clients);
    }

    /// <summary>Signs in, and reads what the operations need to know.</summary>
    public async Task GetReadyAsync(ServerProcess product)
    {
        CentreCookie = await Callers.SignInCentreAsync(product.Port);
        SupervisorCookie = await Callers.SignInSupervisorAsync(product.Port);
        Cases = await Database.RowsAsync("select id from cases order by md5(id::text) limit 100000", row => row.GetGuid(0));
        Organisations = await Database.RowsAsync("select name from organisations order by md5(id::text) limit 10000", row => row.GetString(0));
    }
}
