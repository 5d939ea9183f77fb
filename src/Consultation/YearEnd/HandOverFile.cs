using System.Buffers;
using System.Text.Json;
using Consultation.Messaging;

namespace Consultation.YearEnd;

public readonly record struct HandOverId(Guid Value) : IStrongId<HandOverId>
{
    public static HandOverId New() => new(Guid.CreateVersion7());
    public static HandOverId From(Guid value) => new(value);
    public static HandOverId Parse(string s, IFormatProvider? provider) => StrongId.Parse<HandOverId>(s);
    public static bool TryParse(string? s, IFormatProvider? provider, out HandOverId result) => StrongId.TryParse(s, out result);
    public override string ToString() => Value.ToString();
}

/// <summary>The head of a hand-over file: what it is, of which version, and how much is in it, before anything else.</summary>
/// <param name="Id">Names this export; loading it twice is recognised by it.</param>
/// <param name="Schema">Hash of the columns of all carried tables: it is read by the same version of the product only.</param>
/// <param name="Open">Of the cases, those that are not closed.</param>
/// <param name="Counts">Rows by table.</param>
/// <param name="Desks">The desks of the installation it comes from, by id.</param>
public sealed record HandOverHead(
    string Format, int Version, string Warning, HandOverId Id, DateTimeOffset ExportedAt, string Schema, int Open, IReadOnlyDictionary<string, int> Counts, IReadOnlyDictionary<Guid, string> Desks)
{
    public const string FormatName = "consultation-hand-over";
    public const int FormatVersion = 1;
    public const string PersonalData = "個人情報を含みます。受け渡しの後は消去してください。";

    /// <summary>What people count: 案件 12（うち継続中 9）、企業・団体 10、…</summary>
    public string Words() => string.Join("、", CarriedTable.All.Where(t => t.Counted is not null).Select(t =>
        t.Name == "cases" ? $"{t.Counted} {Counts.GetValueOrDefault(t.Name)}（うち継続中 {Open}）" : $"{t.Counted} {Counts.GetValueOrDefault(t.Name)}"));
}

/// <summary>A hand-over file as written and read: one JSON object, its head first and then the rows of each table.</summary>
internal static class HandOverFile
{
    private static readonly JsonSerializerOptions Options = new(Persistence.StoredJson.Options) { WriteIndented = false };

    public static byte[] Write(HandOverHead head, IReadOnlyDictionary<string, List<string>> tables)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new() { Encoder = Options.Encoder }))
        {
            json.WriteStartObject();
            json.WritePropertyName("head");
            JsonSerializer.Serialize(json, head, Options);
            json.WriteStartObject("tables");
            foreach (var table in CarriedTable.All)
            {
                json.WriteStartArray(table.Name);
                tables[table.Name].ForEach(row => json.WriteRawValue(row, skipInputValidation: true));
                json.WriteEndArray();
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <exception cref="InvalidInput"><c>hand_over.unreadable</c>; <c>hand_over.other_version</c>: of another version; <c>hand_over.counts</c>: its rows are not as many as it says.</exception>
    public static (HandOverHead Head, IReadOnlyDictionary<string, List<string>> Tables) Read(byte[] content)
    {
        HandOverHead? head;
        var tables = new Dictionary<string, List<string>>();
        try
        {
            using var json = JsonDocument.Parse(content);
            head = json.RootElement.GetProperty("head").Deserialize<HandOverHead>(Options);
            foreach (var table in json.RootElement.GetProperty("tables").EnumerateObject())
            {
                tables[table.Name] = [.. table.Value.EnumerateArray().Select(row => row.GetRawText())];
            }
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or ArgumentException)
        {
            throw new InvalidInput("FILE", "hand_over.unreadable");
        }

        if (head is not { Format: HandOverHead.FormatName, Counts: not null, Desks: not null, Schema: not null })
        {
            throw new InvalidInput("FILE", "hand_over.unreadable");
        }

        if (head.Version != HandOverHead.FormatVersion)
        {
            throw new InvalidInput("FILE", "hand_over.other_version");
        }

        return CarriedTable.All.All(t => tables.TryGetValue(t.Name, out var rows) && rows.Count == head.Counts.GetValueOrDefault(t.Name))
            ? (head, tables)
            : throw new InvalidInput("FILE", "hand_over.counts");
    }
}
