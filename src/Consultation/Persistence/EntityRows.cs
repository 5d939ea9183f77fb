using System.Linq.Expressions;
using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Npgsql;

namespace Consultation.Persistence;

/// <summary>
/// Rows of a table as the entities that the model maps them to, read without a query of the context, so that several kinds come in one
/// <see cref="RoundTrip"/>. Knows what the house maps: one table an entity, every column a property of its own, keys of strong ids.
/// </summary>
internal sealed class EntityRows<T> where T : class
{
    // The model is the same for every context of the process.
    private static EntityRows<T>? known;

    private readonly Func<NpgsqlDataReader, T> read;
    private readonly IReadOnlyList<IProperty> key;

    private EntityRows(IEntityType type)
    {
        var properties = type.GetProperties().ToList();
        Select = $"select {string.Join(", ", properties.Select(p => $"\"{p.GetColumnName()}\""))} from {type.GetTableName()} ";
        key = type.FindPrimaryKey()!.Properties;
        read = Reader(properties);
    }

    /// <summary>Up to and with the table's name.</summary>
    public string Select { get; }

    public static EntityRows<T> Of(ConsultationDb db) => known ??= new(db.Model.FindEntityType(typeof(T))!);

    /// <summary>The entity of the row, tracked as unchanged. One that is tracked already stays as it is, as in a query of the context.</summary>
    public T Track(ConsultationDb db, NpgsqlDataReader row)
    {
        var entity = read(row);
        if (db.Set<T>().Local.FindEntryUntyped(key.Select(p => p.PropertyInfo!.GetValue(entity))) is { } there)
        {
            return there.Entity;
        }

        db.Entry(entity).State = EntityState.Unchanged;
        return entity;
    }

    private static Func<NpgsqlDataReader, T> Reader(IReadOnlyList<IProperty> properties)
    {
        var row = Expression.Parameter(typeof(NpgsqlDataReader));
        var entity = Expression.Variable(typeof(T));
        var construct = typeof(T).GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).MinBy(c => c.GetParameters().Length)!;
        List<Expression> steps = [Expression.Assign(entity, Expression.New(construct, construct.GetParameters().Select(p => Expression.Default(p.ParameterType))))];
        steps.AddRange(properties.Select((property, at) => Expression.Assign(Expression.Field(entity, property.FieldInfo!), Column(row, property, at))));
        return Expression.Lambda<Func<NpgsqlDataReader, T>>(Expression.Block([entity], [.. steps, entity]), row).Compile();
    }

    private static Expression Column(Expression row, IProperty property, int at)
    {
        var place = Expression.Constant(at);
        var converter = property.GetTypeMapping().Converter;
        var stored = converter?.ProviderClrType ?? Nullable.GetUnderlyingType(property.ClrType) ?? property.ClrType;
        Expression value = Expression.Call(row, nameof(NpgsqlDataReader.GetFieldValue), [stored], place);
        if (converter is not null)
        {
            value = Expression.Invoke(converter.ConvertFromProviderExpression, value);
        }

        var typed = Expression.Convert(value, property.FieldInfo!.FieldType);
        return property.IsNullable ? Expression.Condition(Expression.Call(row, nameof(NpgsqlDataReader.IsDBNull), null, place), Expression.Default(typed.Type), typed) : typed;
    }
}
