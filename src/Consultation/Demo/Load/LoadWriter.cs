using Consultation.Audit;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Npgsql;

namespace Consultation.Demo;

/// <summary>Writes entities by binary COPY, as the model maps them: what the rooms store is stored here, column by column.</summary>
internal sealed class LoadWriter
{
    // The index of grams merges what was added in steps; large steps cost a fraction of the usual four megabytes' ones.
    private const string Settings = "set local synchronous_commit = off; set local gin_pending_list_limit = '64MB'; set local work_mem = '128MB'";

    // A step of that index falls to one unlucky row.
    private const int PatienceMilliseconds = 600_000;

    private readonly Dictionary<Type, Table> tables;

    public LoadWriter(IModel model) => tables = model.GetEntityTypes().Where(e => e.GetTableName() is not null).ToDictionary(e => e.ClrType, e => new Table(e));

    /// <summary>One batch; the caller's transaction makes it one.</summary>
    public void Write(NpgsqlConnection connection, IReadOnlyDictionary<Type, List<object>> rows)
    {
        using (var settings = new NpgsqlCommand(Settings, connection))
        {
            settings.ExecuteNonQuery();
        }

        foreach (var (type, same) in rows)
        {
            tables[type].Write(connection, same);
        }
    }

    private sealed class Table
    {
        private readonly string copy;
        private readonly Column[] columns;

        public Table(IEntityType entity)
        {
            columns = [.. entity.GetProperties().Where(p => !(entity.ClrType == typeof(AuditEntry) && p.Name == nameof(AuditEntry.Id))).Select(p => new Column(p))];
            copy = $"copy {entity.GetTableName()} ({string.Join(", ", columns.Select(c => $"\"{c.Name}\""))}) from stdin (format binary)";
        }

        public void Write(NpgsqlConnection connection, List<object> rows)
        {
            using var stream = connection.BeginRawBinaryCopy(copy);
            stream.ReadTimeout = stream.WriteTimeout = PatienceMilliseconds;
            var binary = new LoadCopy(stream);
            binary.Begin();
            foreach (var row in rows)
            {
                binary.Row(columns.Length);
                foreach (var column in columns)
                {
                    column.Write(binary, row);
                }
            }

            binary.End();
        }
    }

    private sealed class Column(IProperty property)
    {
        private readonly IClrPropertyGetter getter = property.GetGetter();
        private readonly ValueConverter? converter = property.GetTypeMapping().Converter;
        private readonly bool isJson = property.GetColumnType() == "jsonb";

        public string Name { get; } = property.GetColumnName();

        public void Write(LoadCopy binary, object row)
        {
            var value = getter.GetClrValueUsingContainingEntity(row);
            binary.Value(value is not null && converter is not null ? converter.ConvertToProvider(value) : value, isJson);
        }
    }
}
