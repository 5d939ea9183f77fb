using Consultation.Demo;
using Consultation.Messaging;
using Consultation.Persistence;
using Microsoft.Extensions.DependencyInjection;

namespace Consultation.Benchmarks;

/// <summary>The product in this process against a private PostgreSQL, without a server before it.</summary>
internal static class InProcess
{
    /// <summary>In a folder that is kept, or in one of its own that is gone afterwards.</summary>
    public static async Task OnAsync(string? kept, string name, LoadData load, Func<IServiceProvider, Database, Task> measure, Func<Dispatcher, Database, Task>? more = null)
    {
        var folder = kept ?? Path.Combine(Path.GetTempPath(), $"consultation-{name}-{Environment.ProcessId}");
        try
        {
            await OnAsync(folder, load, measure, more);
        }
        finally
        {
            if (kept is null && Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    /// <param name="more">What the load does not make; done once, like the load.</param>
    public static async Task OnAsync(string folder, LoadData load, Func<IServiceProvider, Database, Task> measure, Func<Dispatcher, Database, Task>? more = null)
    {
        var isNew = !Directory.Exists(folder);
        Directory.CreateDirectory(folder);
        await using var database = await Database.OpenAsync(folder);
        if (isNew)
        {
            await Callers.MigrateAsync(database, CancellationToken.None);
        }

        var services = new ServiceCollection();
        services.AddLogging();
        services.AddConsultation(RuntimeSource.Create(database.AppConnectionString));
        await using var provider = services.BuildServiceProvider();
        if (isNew)
        {
            var (dispatcher, benchmark) = (provider.GetRequiredService<Dispatcher>(), Actor.System("benchmark"));
            await dispatcher.Send(new SeedEssentials(), benchmark);
            await dispatcher.Send(load, benchmark);
            await (more?.Invoke(dispatcher, database) ?? Task.CompletedTask);
            await database.DoAsync("vacuum (analyze)");
        }

        await measure(provider, database);
    }
}
