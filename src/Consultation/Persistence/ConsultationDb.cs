using System.Runtime.CompilerServices;
using System.Text.Json;
using Consultation.Messaging;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Metadata.Conventions;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Consultation.Persistence;

/// <summary>
/// The one context. It names no entity: every room maps its own (<c>CaseMapping.cs</c>) and handlers use <c>db.Set&lt;Case&gt;()</c>.
/// Strong ids are stored as uuid, enumerations as snake_case text, names in snake_case.
/// </summary>
public sealed class ConsultationDb(DbContextOptions<ConsultationDb> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.ApplyConfigurationsFromAssembly(typeof(ConsultationDb).Assembly);

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Conventions.Add(_ => new SnakeCaseConvention());
        foreach (var type in typeof(ConsultationDb).Assembly.GetTypes())
        {
            if (type.IsValueType && !type.IsEnum && type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IStrongId<>)))
            {
                configurationBuilder.Properties(type).HaveConversion(typeof(StrongIdConverter<>).MakeGenericType(type));
            }
            else if (type.IsEnum)
            {
                configurationBuilder.Properties(type).HaveConversion(typeof(EnumTextConverter<>).MakeGenericType(type));
            }
        }
    }

    private sealed class StrongIdConverter<T>() : ValueConverter<T, Guid>(id => id.Value, value => Read(value)) where T : struct, IStrongId<T>
    {
        // An expression tree cannot call a static member of an interface.
        private static T Read(Guid value) => T.From(value);
    }

    private sealed class EnumTextConverter<T>() : ValueConverter<T, string>(value => EnumText.Of(value), text => EnumText.Parse<T>(text)) where T : struct, Enum;
}

/// <summary>The stored and published form of an enumeration: snake_case (<c>TookPlace</c> is <c>took_place</c>), the same in tables and in JSON.</summary>
public static class EnumText
{
    public static string Of<T>(T value) where T : struct, Enum => Cache<T>.Text[value];

    /// <exception cref="FormatException">The text names no member.</exception>
    public static T Parse<T>(string text) where T : struct, Enum => TryParse<T>(text, out var value) ? value : throw new FormatException(typeof(T).Name);

    public static bool TryParse<T>(string? text, out T value) where T : struct, Enum
    {
        value = default;
        return text is not null && Cache<T>.Value.TryGetValue(text, out value);
    }

    private static class Cache<T> where T : struct, Enum
    {
        public static readonly Dictionary<T, string> Text = Enum.GetValues<T>().ToDictionary(v => v, v => JsonNamingPolicy.SnakeCaseLower.ConvertName(v.ToString()));
        public static readonly Dictionary<string, T> Value = Text.ToDictionary(p => p.Value, p => p.Key, StringComparer.OrdinalIgnoreCase);
    }
}

/// <summary>JSON columns written and read with one set of options.</summary>
public static class StoredJson
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new StrongIdJson(), new System.Text.Json.Serialization.JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>For values that are replaced and never changed: what is another object has changed.</summary>
    public static PropertyBuilder<T> HasJson<T>(this PropertyBuilder<T> property) where T : class =>
        property.HasColumnType("jsonb").HasConversion(
            v => JsonSerializer.Serialize(v, Options),
            v => JsonSerializer.Deserialize<T>(v, Options)!,
            new Microsoft.EntityFrameworkCore.ChangeTracking.ValueComparer<T>((a, b) => ReferenceEquals(a, b), v => RuntimeHelpers.GetHashCode(v), v => v));
}

/// <summary>Columns are named as SQL people name them; tables are named by each mapping.</summary>
internal sealed class SnakeCaseConvention : IModelFinalizingConvention
{
    public void ProcessModelFinalizing(IConventionModelBuilder modelBuilder, IConventionContext<IConventionModelBuilder> context)
    {
        foreach (var property in modelBuilder.Metadata.GetEntityTypes().SelectMany(e => e.GetDeclaredProperties()))
        {
            property.Builder.HasColumnName(JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name));
        }
    }
}
