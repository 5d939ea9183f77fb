using Npgsql;

namespace Consultation.Demo;

/// <summary>What only the owner of the tables may do around a load: fresh statistics, so that the first plan is the right one.</summary>
public static class LoadUpkeep
{
    public static async Task<T> AroundAsync<T>(NpgsqlDataSource owner, Func<Task<T>> load, CancellationToken cancellationToken)
    {
        var loaded = await load();
        await using var command = owner.CreateCommand("vacuum (analyze)");
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(cancellationToken);
        return loaded;
    }
}
