using System.Text.Json;
using System.Text.Json.Serialization;

namespace Consultation.Messaging;

/// <summary>An identifier that cannot be mistaken for another room's (design §10.4); a UUIDv7 inside, so that rows sort by age.</summary>
public interface IStrongId<TSelf> : IParsable<TSelf> where TSelf : struct, IStrongId<TSelf>
{
    Guid Value { get; }

    static abstract TSelf From(Guid value);
}

/// <summary>What all strong ids share: parsing that accepts nothing but a UUID.</summary>
public static class StrongId
{
    public static bool TryParse<T>(string? text, out T id) where T : struct, IStrongId<T>
    {
        var ok = Guid.TryParse(text, out var value);
        id = ok ? T.From(value) : default;
        return ok;
    }

    /// <exception cref="FormatException">The text is no UUID.</exception>
    public static T Parse<T>(string text) where T : struct, IStrongId<T> => T.From(Guid.Parse(text));
}

/// <summary>Writes strong ids as plain UUID strings in every JSON that leaves or is stored.</summary>
public sealed class StrongIdJson : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) =>
        typeToConvert.IsValueType && typeToConvert.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IStrongId<>));

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Converter<>).MakeGenericType(typeToConvert))!;

    private sealed class Converter<T> : JsonConverter<T> where T : struct, IStrongId<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && reader.TryGetGuid(out var value) ? T.From(value) : throw new JsonException();

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
    }
}

/// <summary>The id of a row whose room stands above: a lower room keeps it and cannot look inside (design §1).</summary>
public readonly record struct Ref(Guid Value) : IStrongId<Ref>
{
    public static Ref From(Guid value) => new(value);
    public static Ref To<T>(T id) where T : struct, IStrongId<T> => new(id.Value);
    public static Ref Parse(string s, IFormatProvider? provider) => StrongId.Parse<Ref>(s);
    public static bool TryParse(string? s, IFormatProvider? provider, out Ref result) => StrongId.TryParse(s, out result);
    public override string ToString() => Value.ToString();
}
