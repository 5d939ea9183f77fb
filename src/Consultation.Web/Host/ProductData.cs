using Consultation.Persistence;
using Npgsql;

namespace Consultation.Web.Host;

/// <summary>
/// The database that a verb or a server works on: a private cluster in a folder (<c>--data DIR</c>), or a server that is run by somebody else
/// (<c>ConnectionStrings__Consultation</c>, and <c>ConnectionStrings__ConsultationOwner</c> for migrating where the roles differ).
/// </summary>
public sealed class ProductData : IAsyncDisposable
{
    private const string Runtime = "ConnectionStrings__Consultation";
    private const string Owner = "ConnectionStrings__ConsultationOwner";
    private const string DefaultFolder = "CONSULTATION_DATA";

    private readonly PrivateCluster? cluster;

    private ProductData(string runtimeConnectionString, string ownerConnectionString, PrivateCluster? cluster)
    {
        RuntimeConnectionString = runtimeConnectionString;
        OwnerConnectionString = ownerConnectionString;
        this.cluster = cluster;
    }

    /// <summary>For everything but migrating.</summary>
    public string RuntimeConnectionString { get; }

    public string OwnerConnectionString { get; }

    /// <summary>The name of the runtime role; null where one role is owner and runtime role at once.</summary>
    public string? RuntimeRole => RuntimeConnectionString == OwnerConnectionString
        ? null
        : new NpgsqlConnectionStringBuilder(RuntimeConnectionString).Username;

    /// <exception cref="ClusterUnavailable">No data is named, or the private cluster does not start.</exception>
    public static async Task<ProductData> OpenAsync(string? folder, CancellationToken cancellationToken)
    {
        var configured = Environment.GetEnvironmentVariable(Runtime);
        if (folder is null && !string.IsNullOrWhiteSpace(configured))
        {
            var owner = Environment.GetEnvironmentVariable(Owner);
            return new(configured, string.IsNullOrWhiteSpace(owner) ? configured : owner, null);
        }

        folder ??= Environment.GetEnvironmentVariable(DefaultFolder);
        if (string.IsNullOrWhiteSpace(folder))
        {
            throw new ClusterUnavailable($"データの場所がわかりません。--data DIR を付けるか、環境変数 {Runtime} に接続文字列を指定してください。");
        }

        var cluster = await PrivateCluster.OpenAsync(folder, cancellationToken: cancellationToken);
        if (cluster.Notice is { } notice)
        {
            await Console.Error.WriteLineAsync(notice);
        }

        return new(cluster.AppConnectionString, cluster.OwnerConnectionString, cluster);
    }

    /// <summary>Whether the database is marked as a demo; false as long as it has not been migrated.</summary>
    public async Task<bool> IsDemoAsync(CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(RuntimeConnectionString);
        await using var ask = source.CreateCommand("select demo from installation");
        try
        {
            return await ask.ExecuteScalarAsync(cancellationToken) is true;
        }
        catch (PostgresException missing) when (missing.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (cluster is not null)
        {
            await cluster.DisposeAsync();
        }
    }
}
