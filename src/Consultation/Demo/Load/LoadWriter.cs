using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Npgsql;

namespace Consultation.Demo;

/// <summary>Writes entities by binary COPY, as the model maps them: what the rooms store is stored here, column by column.</summary>
internal sealed class LoadWriter(IModel model)
{
    // The index of grams merges what was added in steps; large steps cost a fraction of the usual four megabytes' ones.
    // A batch waits in its transaction for the one before it, longer than a session may otherwise stand idle there.
    private const string Settings = """
        set local idle_in_transaction_session_timeout = 0; set local synchronous_commit = off; set local gin_pending_list_limit = '64MB'; set local work_mem = '128MB';
        select set_config('default_toast_compression', 'lz4', true) from pg_settings where name = 'default_toast_compression' and 'lz4' = any (enumvals);
        """;

    // A step of that index falls to one unlucky row.
    private const int PatienceMilliseconds = 600_000;

    private readonly ConcurrentDictionary<Type, Table> tables = new();

    /// <summary>One batch; the caller's transaction makes it one.</summary>
    public void Write(NpgsqlConnection connection, IReadOnlyDictionary<Type, List<object>> rows)
    {
        using (var settings = new NpgsqlCommand(Settings, connection))
        {
            settings.ExecuteNonQuery();
        }

        foreach (var (type, same) in rows)
        {
            tables.GetOrAdd(type, t => t == typeof(LoadSeal) ? Table.OfSeals() : Table.Of(model.FindEntityType(t)!)).Write(connection, same);
        }
    }

    private sealed class Table(string name, IReadOnlyList<string> columns, Action<LoadCopy, object> write)
    {
        public static Table Of(IEntityType entity)
        {
            var stored = entity.GetProperties().ToList();
            return new(entity.GetTableName()!, [.. stored.Select(p => p.GetColumnName())], LoadColumns.Compile(entity.ClrType, stored));
        }

        // The chain has no entity.
        public static Table OfSeals() => new("audit_seal", ["seal_no", "audit_id", "hash"], (copy, row) =>
        {
            var link = (LoadSeal)row;
            copy.Value(link.Number);
            copy.Value(link.AuditId);
            copy.Value(link.Hash);
        });

        public void Write(NpgsqlConnection connection, List<object> rows)
        {
            using var stream = connection.BeginRawBinaryCopy($"copy {name} ({string.Join(", ", columns.Select(c => $"\"{c}\""))}) from stdin (format binary)");
            stream.ReadTimeout = stream.WriteTimeout = PatienceMilliseconds;
            var binary = new LoadCopy(stream);
            binary.Begin();
            foreach (var row in rows)
            {
                binary.Row(columns.Count);
                write(binary, row);
            }

            binary.End();
        }
    }
}
