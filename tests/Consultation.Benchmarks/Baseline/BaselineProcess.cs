namespace Consultation.Benchmarks;

/// <summary>The bare endpoint in a process of its own, with the collector the product has.</summary>
internal static class BaselineProcess
{
    public const string DatabaseVariable = "CONSULTATION_BENCHMARK_DATABASE";

    public static async Task<ServerProcess> StartAsync(Database database, string folder)
    {
        await BaselineServer.PrepareAsync(database);
        return ServerProcess.Start(
            typeof(BaselineProcess).Assembly.Location, ["baseline"],
            new Dictionary<string, string?> { [DatabaseVariable] = database.OwnerConnectionString, ["DOTNET_gcServer"] = "1", ["DOTNET_gcConcurrent"] = "1" }, folder, "baseline");
    }
}
