using System.Collections;
using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;

namespace Consultation.Web.Api;

/// <summary>
/// Turns a JSON object into an input record of the API and notes every fault on the way: a value of the wrong type makes the body unreadable
/// (400); an unknown code, an impossible date or a number out of range is a fault of its field (422) and reads as null. Members nobody
/// knows are ignored, so that callers may be newer than we are.
/// </summary>
internal sealed class InputReader
{
    private static readonly ConcurrentDictionary<Type, (ConstructorInfo Constructor, Member[] Members)> Shapes = new();
    private static readonly ConcurrentDictionary<Type, Func<string, object?>> Parsers = new();
    private readonly List<InputError> wrongTypes = [];
    private readonly List<InputError> faults = [];
    private readonly HashSet<string> nulls = [];

    /// <returns>The record, the members that were written as null, and the faults.</returns>
    /// <exception cref="Refusal">400: a value has the wrong type; every one is named.</exception>
    public static (T Value, IReadOnlySet<string> Nulls, IReadOnlyList<InputError> Faults) Read<T>(JsonElement element) where T : class
    {
        var reader = new InputReader();
        var value = (T)reader.Record(element, typeof(T), "");
        return reader.wrongTypes.Count == 0 ? (value, reader.nulls, reader.faults) : throw JsonBody.Unreadable(reader.wrongTypes);
    }

    /// <summary>A code of a query string; a fault where it is none of the list, null where it is absent or empty.</summary>
    public static T? Code<T>(string? text, string field, List<InputError> faults) where T : struct, Enum =>
        Read(text, field, "field.unknown_code", Coded<T>, faults);

    public static DateOnly? Date(string? text, string field, List<InputError> faults) => Read(text, field, "field.impossible_date", Moments.Date, faults);

    /// <summary>A time of a query string; a day means its first moment, or the first of the next day where it ends a period.</summary>
    public static DateTimeOffset? Instant(string? text, string field, List<InputError> faults, bool endOfDay = false) =>
        Read(text, field, "field.impossible_date", given => Moments.Date(given) is { } day ? JapanTime.At(endOfDay ? day.AddDays(1) : day, default) : Moments.QueryInstant(given), faults);

    /// <summary>Codes of a query string, divided by commas.</summary>
    public static IReadOnlyList<T>? Codes<T>(string? text, string field, List<InputError> faults) where T : struct, Enum =>
        string.IsNullOrEmpty(text) ? null : text.Split(',', StringSplitOptions.TrimEntries).Select(one => Code<T>(one, field, faults)).OfType<T>().ToList();

    /// <summary>The place in a list that <c>after</c> carries.</summary>
    public static T? Place<T>(string? after, List<InputError> faults) where T : struct, IStrongId<T> =>
        Read(after, "after", "page.malformed", text => StrongId.TryParse<T>(text, out var id) ? id : (T?)null, faults);

    private static T? Read<T>(string? text, string field, string code, Func<string, T?> parse, List<InputError> faults) where T : struct
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        var value = parse(text);
        if (value is null)
        {
            faults.Add(new(field, code));
        }

        return value;
    }

    private object Record(JsonElement element, Type type, string path)
    {
        var (constructor, members) = Shapes.GetOrAdd(type, ShapeOf);
        var values = new object?[members.Length];
        for (var i = 0; i < members.Length; i++)
        {
            var (name, declared, isRequired, wholeDay) = members[i];
            var field = path.Length == 0 ? name : $"{path}.{name}";
            var isWritten = element.TryGetProperty(name, out var member);
            if (isWritten && member.ValueKind != JsonValueKind.Null)
            {
                values[i] = wholeDay is not null && member.ValueKind == JsonValueKind.String && Moments.Date(member.GetString()!) is { } day
                    ? JapanTime.At(wholeDay.AtEnd ? day.AddDays(1) : day, default)
                    : Value(member, declared, field);
                continue;
            }

            if (isWritten)
            {
                nulls.Add(field);
            }

            if (isRequired)
            {
                faults.Add(new(field, "field.required"));
            }
        }

        return constructor.Invoke(values);
    }

    private object? Value(JsonElement element, Type declared, string field)
    {
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        return element.ValueKind switch
        {
            JsonValueKind.True or JsonValueKind.False when type == typeof(bool) => element.GetBoolean(),
            JsonValueKind.Number when type == typeof(int) => (int?)Whole(element, field, int.MinValue, int.MaxValue),
            JsonValueKind.Number when type == typeof(long) => (long?)Whole(element, field, long.MinValue, long.MaxValue),
            JsonValueKind.String when type == typeof(string) => element.GetString(),
            JsonValueKind.String when type.IsValueType && type != typeof(bool) && type != typeof(int) && type != typeof(long) => Coded(element.GetString()!, type, field),
            JsonValueKind.Array when ElementOf(type) is { } item => List(element, item, field),
            JsonValueKind.Object when type.IsClass && type != typeof(string) && ElementOf(type) is null => Record(element, type, field),
            _ => Wrong(field),
        };
    }

    private object? Coded(string text, Type type, string field)
    {
        var value = Parsers.GetOrAdd(type, ParserOf)(text);
        if (value is null)
        {
            faults.Add(new(field, type.IsEnum || type.Namespace != "System" ? "field.unknown_code" : "field.impossible_date"));
        }

        return value;
    }

    private decimal? Whole(JsonElement element, string field, decimal least, decimal most)
    {
        if (!element.TryGetDecimal(out var number))
        {
            number = element.GetRawText()[0] == '-' ? least : most;
        }

        // Beyond what the program can count it is the nearest number, which the request refuses by bounds of its own that mean something.
        return decimal.IsInteger(number) ? Math.Clamp(number, least, most) : (decimal?)Wrong(field);
    }

    private IList List(JsonElement element, Type item, string field)
    {
        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(item))!;
        var index = 0;
        foreach (var member in element.EnumerateArray())
        {
            if (Value(member, item, string.Create(CultureInfo.InvariantCulture, $"{field}[{index++}]")) is { } value)
            {
                list.Add(value);
            }
        }

        return list;
    }

    private object? Wrong(string field)
    {
        wrongTypes.Add(new(field, "field.wrong_type"));
        return null;
    }

    private static Type? ElementOf(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GetGenericArguments()[0] : null;

    private static (ConstructorInfo, Member[]) ShapeOf(Type type)
    {
        var nullability = new NullabilityInfoContext();
        var constructor = type.GetConstructors().OrderByDescending(c => c.GetParameters().Length).First();
        // Everything may be missing on the wire; a member that could not be null would read as its default in silence.
        if (constructor.GetParameters().FirstOrDefault(p => nullability.Create(p).WriteState != NullabilityState.Nullable) is { } strict)
        {
            throw new InvalidOperationException($"{type.Name}.{strict.Name} must be nullable.");
        }

        return (constructor, constructor.GetParameters()
            .Select(p => new Member(JsonNamingPolicy.CamelCase.ConvertName(p.Name!), p.ParameterType, type.GetProperty(p.Name!)!.IsDefined(typeof(RequiredAttribute)), type.GetProperty(p.Name!)!.GetCustomAttribute<WholeDayAttribute>()))
            .ToArray());
    }

    private static Func<string, object?> ParserOf(Type type) =>
        type == typeof(DateTimeOffset) ? text => Moments.Instant(text)
        : type == typeof(DateOnly) ? text => Moments.Date(text)
        : type == typeof(TimeOnly) ? text => Moments.Time(text)
        : typeof(InputReader).GetMethod(type.IsEnum ? nameof(CodeOf) : nameof(IdOf), BindingFlags.Static | BindingFlags.NonPublic)!
            .MakeGenericMethod(type).CreateDelegate<Func<string, object?>>();

    // Codes are what the document says, letter for letter; elsewhere people may type them.
    private static T? Coded<T>(string text) where T : struct, Enum => EnumText.TryParse<T>(text, out var value) && EnumText.Of(value) == text ? value : null;

    private static object? CodeOf<T>(string text) where T : struct, Enum => Coded<T>(text);

    // A text that is no UUID names nothing, like a UUID nobody has.
    private static object? IdOf<T>(string text) where T : struct, IStrongId<T> => StrongId.TryParse<T>(text, out var id) ? id : null;

    private sealed record Member(string Name, Type Type, bool IsRequired, WholeDayAttribute? WholeDay);
}

/// <summary>A time that may also be written as a day: its first moment, or its end.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class WholeDayAttribute : Attribute
{
    /// <summary>True where the day itself is included.</summary>
    public bool AtEnd { get; init; }
}
