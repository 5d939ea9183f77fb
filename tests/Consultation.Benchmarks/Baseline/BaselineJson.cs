using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Consultation.Benchmarks;

/// <summary>JSON that the database made; it goes out as it is.</summary>
[JsonConverter(typeof(RawJsonConverter))]
internal readonly record struct RawJson(string Text);

internal sealed class RawJsonConverter : JsonConverter<RawJson>
{
    public override RawJson Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

    public override void Write(Utf8JsonWriter writer, RawJson value, JsonSerializerOptions options) => writer.WriteRawValue(value.Text, skipInputValidation: true);
}

internal sealed record BareInquiry(
    string Channel, BareOrganisation Organisation, BareContact Contact, string TeleworkStatus, string PreferredMode, string Source, string Text);

internal sealed record BareOrganisation(string Name, string Prefecture, string City, string Industry, int Employees, long CapitalYen);

internal sealed record BareContact(string Name, string Role, string Phone, string Email);

internal sealed record BareLogged(Guid Id, string Number, string Status);

internal sealed record BareHolder(Guid Holder);

internal sealed record BareText(string Text);

internal sealed record BareBooking(DateTimeOffset Start, DateTimeOffset End, string Mode, string Stage);

internal sealed record BareChanged(Guid Id, int Version);

internal sealed record BarePage<T>(IReadOnlyList<T> Items, string? Next);

internal sealed record BareRow(
    Guid Id, string Number, string Status, bool OnHold, string? Organisation, string? Prefecture, string District, string[] Topics, RawJson Tracks, string? DueKind, string? DueTrack,
    DateTime? DueAt, string? DueWhy, Guid? Holder, DateTime ReceivedAt);

internal sealed record BareCase(
    Guid Id, string Number, string Status, Guid? Holder, DateTime? Next, int Version, Guid Desk, string District, bool OnHold, string Channel, DateTime ReceivedAt, DateTime LoggedAt,
    string Text, string? Organisation, string? Kana, string? CorporateNumber, string? Prefecture, string? City, string? Industry, int? Employees, long? CapitalYen,
    string? ContactName, string? ContactRole, string? Phone, string? Email, string TeleworkStatus, string? PreferredMode, string? Source, string[] Topics, RawJson Suggestion,
    RawJson Tracks, RawJson Deadlines, RawJson Contacts, RawJson Notes, RawJson History, RawJson Visits, RawJson FollowUps);

[JsonSerializable(typeof(BareInquiry))]
[JsonSerializable(typeof(BareLogged))]
[JsonSerializable(typeof(BareHolder))]
[JsonSerializable(typeof(BareText))]
[JsonSerializable(typeof(BareBooking))]
[JsonSerializable(typeof(BareChanged))]
[JsonSerializable(typeof(BareCase))]
[JsonSerializable(typeof(BarePage<BareRow>))]
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
internal sealed partial class BareJson : JsonSerializerContext
{
    /// <summary>Japanese goes out as it is written, as the product does it.</summary>
    public static BareJson Plain { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
