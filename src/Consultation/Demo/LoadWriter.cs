using Consultation.Audit;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Npgsql;
using NpgsqlTypes;

namespace Consultation.Demo;

/// <summary>Writes entities by binary COPY, as the model maps them: what the rooms store is stored here, column by column.</summary>
internal sealed class LoadWriter
{
    private readonly Dictionary<Type, Table> tables;

    public LoadWriter(IModel model) => tables = model.GetEntityTypes().Where(e => e.GetTableName() is not null).ToDictionary(e => e.ClrType, e => new Table(e));

    /// <summary>One batch; the caller's transaction makes it one.</summary>
    public void Write(NpgsqlConnection connection, IReadOnlyDictionary<Type, List<object>> rows)
    {
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
            using var importer = connection.BeginBinaryImport(copy);
            foreach (var row in rows)
            {
                importer.StartRow();
                foreach (var column in columns)
                {
                    column.Write(importer, row);
                }
            }

            importer.Complete();
        }
    }

    private sealed class Column(IProperty property)
    {
        private readonly IClrPropertyGetter getter = property.GetGetter();
        private readonly ValueConverter? converter = property.GetTypeMapping().Converter;
        private readonly NpgsqlDbType type = TypeOf(property.GetColumnType());

        public string Name { get; } = property.GetColumnName();

        public void Write(NpgsqlBinaryImporter importer, object row)
        {
            var value = getter.GetClrValueUsingContainingEntity(row);
            switch (value is not null && converter is not null ? converter.ConvertToProvider(value) : value)
            {
                case null: importer.WriteNull(); break;
                case string text: importer.Write(text, type); break;
                case Guid id: importer.Write(id, type); break;
                case DateTimeOffset at: importer.Write(at.ToUniversalTime(), type); break;
                case int number: importer.Write(number, type); break;
                case bool truth: importer.Write(truth, type); break;
                case string[] texts: importer.Write(texts, type); break;
                case var other: importer.Write(other, type); break;
            }
        }

        private static NpgsqlDbType TypeOf(string stored) => stored switch
        {
            "uuid" => NpgsqlDbType.Uuid,
            "text" => NpgsqlDbType.Text,
            "integer" => NpgsqlDbType.Integer,
            "bigint" => NpgsqlDbType.Bigint,
            "boolean" => NpgsqlDbType.Boolean,
            "date" => NpgsqlDbType.Date,
            "time without time zone" => NpgsqlDbType.Time,
            "timestamp with time zone" => NpgsqlDbType.TimestampTz,
            "interval" => NpgsqlDbType.Interval,
            "jsonb" => NpgsqlDbType.Jsonb,
            "bytea" => NpgsqlDbType.Bytea,
            "tstzrange" => NpgsqlDbType.TimestampTzRange,
            "text[]" => NpgsqlDbType.Array | NpgsqlDbType.Text,
            "integer[]" => NpgsqlDbType.Array | NpgsqlDbType.Integer,
            _ => throw new NotSupportedException(stored),
        };
    }
}
