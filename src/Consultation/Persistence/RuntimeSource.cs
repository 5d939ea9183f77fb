using System.Data.Common;
using Npgsql;

namespace Consultation.Persistence;

/// <summary>The pool that the product runs on.</summary>
public static class RuntimeSource
{
    /// <summary>Enough for every statement of the product; what is used once only never gets there.</summary>
    private const int Statements = 400;

    /// <summary>
    /// A process that stands still in the middle of a transaction – stopped, or its machine paused – would keep its locks for as long as it does; the server ends its session after a
    /// minute. Nobody of ours thinks that long between two statements.
    /// </summary>
    private const string NoIdleTransaction = "-c idle_in_transaction_session_timeout=60000";

    /// <summary>
    /// Statements that come again are prepared, because planning costs more than running them; and since the product leaves nothing behind
    /// in a session (locks and settings end with their transaction), a connection is handed on as it is. What the connection string
    /// itself says prevails: <c>Max Auto Prepare=0</c> for a pooler that cannot keep prepared statements, <c>Options=' '</c> for one that takes none.
    /// </summary>
    public static NpgsqlDataSource Create(string connectionString)
    {
        var said = new DbConnectionStringBuilder { ConnectionString = connectionString }.Keys!.Cast<string>().Select(k => k.Replace(" ", "", StringComparison.Ordinal)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var wanted = new NpgsqlConnectionStringBuilder(connectionString);
        if (!said.Contains("MaxAutoPrepare"))
        {
            (wanted.MaxAutoPrepare, wanted.AutoPrepareMinUsages) = (Statements, 2);
        }

        if (!said.Contains("NoResetOnClose"))
        {
            wanted.NoResetOnClose = true;
        }

        if (!said.Contains("Options"))
        {
            wanted.Options = NoIdleTransaction;
        }

        return NpgsqlDataSource.Create(wanted);
    }
}
