using System.Buffers;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Unicode;
using Consultation.Messaging;
using Microsoft.AspNetCore.Http.Features;

namespace Consultation.Web.Api;

/// <summary>
/// The body of a request, read strictly: JSON in UTF-8, one megabyte at most, an object at the root, no member twice in whatever case, no U+0000, no broken
/// or half characters. Everything else is refused as unreadable before anybody looks inside.
/// </summary>
internal sealed class JsonBody : IDisposable
{
    public const int Most = 1_048_576;

    // A caller who is told "too large" while still sending sees a broken connection instead of the answer; so the rest is read and dropped.
    private const int Drained = 67_108_864;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 32 };
    private readonly JsonDocument document;

    private JsonBody(JsonDocument document, string hash)
    {
        this.document = document;
        Hash = hash;
    }

    public JsonElement Root => document.RootElement;

    /// <summary>SHA-256 of the raw bytes, in hexadecimal.</summary>
    public string Hash { get; }

    /// <param name="mayBeEmpty">True for actions all of whose members are optional: no body is then an empty object.</param>
    /// <exception cref="Refusal">400, 413 or 415.</exception>
    public static async Task<JsonBody> ReadAsync(HttpRequest request, bool mayBeEmpty)
    {
        var bytes = await BytesAsync(request);
        if (bytes.Length == 0 && mayBeEmpty)
        {
            return new(JsonDocument.Parse("{}"), HashOf(bytes));
        }

        if (request.ContentType is { } type ? !IsJson(type) : bytes.Length > 0)
        {
            throw new Refusal(StatusCodes.Status415UnsupportedMediaType, "unsupported_media_type");
        }

        ReadOnlyMemory<byte> text = bytes.AsSpan().StartsWith("\uFEFF"u8) ? bytes.AsMemory(3) : bytes;
        if (!Utf8.IsValid(text.Span))
        {
            throw Unreadable();
        }

        try
        {
            CheckTexts(text.Span);
            var document = JsonDocument.Parse(text, Strict);
            return document.RootElement.ValueKind == JsonValueKind.Object && !NamesTwice(document.RootElement) ? new(document, HashOf(bytes)) : throw Unreadable();
        }
        catch (JsonException)
        {
            throw Unreadable();
        }
    }

    public void Dispose() => document.Dispose();

    internal static Refusal Unreadable(IReadOnlyList<InputError>? errors = null) => new(StatusCodes.Status400BadRequest, "unreadable", errors);

    /// <summary>Two members that differ in case only are one said twice: nobody could tell which was meant.</summary>
    private static bool NamesTwice(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().DistinctBy(member => member.Name, StringComparer.OrdinalIgnoreCase).Count() != element.GetPropertyCount()
            || element.EnumerateObject().Any(member => NamesTwice(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().Any(NamesTwice),
        _ => false,
    };

    private static void CheckTexts(ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = Strict.MaxDepth });
        while (reader.Read())
        {
            if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName) || !reader.ValueIsEscaped)
            {
                continue;
            }

            try
            {
                if (reader.GetString()!.Contains('\0', StringComparison.Ordinal))
                {
                    throw Unreadable();
                }
            }
            catch (InvalidOperationException)
            {
                // Half of a surrogate pair, escaped.
                throw Unreadable();
            }
        }
    }

    private static async Task<byte[]> BytesAsync(HttpRequest request)
    {
        using var kept = new MemoryStream();
        var buffer = ArrayPool<byte>.Shared.Rent(81_920);
        try
        {
            if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            {
                limit.MaxRequestBodySize = Drained;
            }

            long total = 0;
            int read;
            while ((read = await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted)) > 0)
            {
                total += read;
                if (total <= Most)
                {
                    kept.Write(buffer, 0, read);
                }
                else if (total > Drained)
                {
                    break;
                }
            }

            return total <= Most ? kept.ToArray() : throw new Refusal(StatusCodes.Status413PayloadTooLarge, "too_large");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static bool IsJson(string contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type)
        && string.Equals(type.MediaType, "application/json", StringComparison.OrdinalIgnoreCase)
        && (type.CharSet is null || string.Equals(type.CharSet.Trim('"'), "utf-8", StringComparison.OrdinalIgnoreCase));

    private static string HashOf(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
