using Consultation.Persistence;
using Consultation.Web.Host;
using Consultation.Work;
using Npgsql;

namespace Consultation.Web.CommandLine;

/// <summary><c>migrate</c>: brings the database to the shipped schema, as its owner.</summary>
internal static class Migrate
{
    public static readonly Verb Verb = new("migrate", "migrate", "データベースを、この版の構造にそろえる", RunAsync);

    public static async Task ApplyAsync(ProductData data, CancellationToken cancellationToken)
    {
        await using var owner = NpgsqlDataSource.Create(data.OwnerConnectionString);
        foreach (var name in await new Migrator(owner).MigrateAsync(data.RuntimeRole, cancellationToken))
        {
            await Console.Error.WriteLineAsync($"適用しました: {name}");
        }

        await QuartzEngine.ProvisionAsync(owner, data.RuntimeRole, cancellationToken);
    }

    private static async Task<int> RunAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        var folder = arguments.Option("--data");
        arguments.Done();
        await using var data = await ProductData.OpenAsync(folder, cancellationToken);
        await ApplyAsync(data, cancellationToken);
        return 0;
    }
}
