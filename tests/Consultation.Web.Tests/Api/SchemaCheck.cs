using System.Globalization;
using System.Text.Json;

namespace Consultation.Web.Tests.Api;

/// <summary>Holds an answer against the schema that the document publishes for it, as far as the document uses JSON Schema. What is not described may not be there.</summary>
internal sealed class SchemaCheck(JsonElement document)
{
    /// <summary>Every difference, by its place in the answer.</summary>
    public List<string> Differences(JsonElement value, JsonElement schema, bool mayHaveMore = false)
    {
        var found = new List<string>();
        Check(value, schema, "$", found, mayHaveMore);
        return found;
    }

    private void Check(JsonElement value, JsonElement schema, string at, List<string> found, bool mayHaveMore)
    {
        if (schema.TryGetProperty("$ref", out var reference))
        {
            Check(value, document.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1]), at, found, mayHaveMore);
            return;
        }

        if (schema.TryGetProperty("oneOf", out var choices) || schema.TryGetProperty("anyOf", out choices))
        {
            var all = choices.EnumerateArray().Select(choice =>
            {
                var differences = new List<string>();
                Check(value, choice, at, differences, mayHaveMore);
                return differences;
            }).ToList();
            if (all.TrueForAll(differences => differences.Count > 0))
            {
                found.AddRange(all.MinBy(differences => differences.Count)!);
            }

            return;
        }

        if (schema.TryGetProperty("enum", out var codes) && !codes.EnumerateArray().Any(code => code.ToString() == value.ToString()))
        {
            found.Add($"{at}: {value} is none of the codes");
        }

        if (schema.TryGetProperty("type", out var type) && !Names(type).Any(name => Is(value, name)))
        {
            found.Add($"{at}: {value.ValueKind} is no {type}");
            return;
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                CheckObject(value, schema, at, found, mayHaveMore);
                break;
            case JsonValueKind.Array when schema.TryGetProperty("items", out var items):
                var index = 0;
                foreach (var item in value.EnumerateArray())
                {
                    Check(item, items, $"{at}[{index++}]", found, mayHaveMore: false);
                }

                break;
            case JsonValueKind.String when schema.TryGetProperty("format", out var format) && !HasFormat(value.GetString()!, format.GetString()!):
                found.Add($"{at}: {value} is no {format}");
                break;
        }
    }

    private void CheckObject(JsonElement value, JsonElement schema, string at, List<string> found, bool mayHaveMore)
    {
        if (schema.TryGetProperty("additionalProperties", out var each) && each.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in value.EnumerateObject())
            {
                Check(member.Value, each, $"{at}.{member.Name}", found, mayHaveMore: false);
            }

            return;
        }

        if (!schema.TryGetProperty("properties", out var properties))
        {
            found.Add($"{at}: an object that nobody describes");
            return;
        }

        var required = schema.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(name => name.GetString()!) : [];
        found.AddRange(required.Where(name => !value.TryGetProperty(name, out _)).Select(name => $"{at}.{name} is missing"));
        foreach (var member in value.EnumerateObject())
        {
            if (properties.TryGetProperty(member.Name, out var described))
            {
                Check(member.Value, described, $"{at}.{member.Name}", found, mayHaveMore: false);
            }
            else if (!mayHaveMore)
            {
                found.Add($"{at}.{member.Name} is not described");
            }
        }
    }

    private static IEnumerable<string> Names(JsonElement type) => type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(name => name.GetString()!) : [type.GetString()!];

    private static bool Is(JsonElement value, string name) => name switch
    {
        "null" => value.ValueKind == JsonValueKind.Null,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "string" => value.ValueKind == JsonValueKind.String,
        "array" => value.ValueKind == JsonValueKind.Array,
        "object" => value.ValueKind == JsonValueKind.Object,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "number" => value.ValueKind == JsonValueKind.Number,
        _ => false,
    };

    private static bool HasFormat(string text, string format) => format switch
    {
        "uuid" => Guid.TryParseExact(text, "D", out _),
        // Every time that leaves is Japan time and says so (design §6).
        "date-time" => text.EndsWith("+09:00", StringComparison.Ordinal) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _),
        "date" => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        "time" => TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        _ => false,
    };
}
