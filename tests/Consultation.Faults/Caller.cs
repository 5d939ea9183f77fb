using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Consultation.Faults;

/// <summary>
/// A client that does not give up: it asks again under the same key until it is answered, and keeps account of every answer that nobody may get.
/// </summary>
/// <param name="addresses">Of the serving processes, or of what stands before them; asked in turns.</param>
internal sealed class Caller(HttpClient http, IReadOnlyList<string> addresses, string token, Outages outages, ClientLedger ledger, Findings findings)
{
    private int at = Random.Shared.Next(1000);

    public Task<Entry> PostAsync(string act, string path, object? body)
    {
        var (key, text) = (Guid.NewGuid().ToString(), JsonSerializer.Serialize(body ?? new { }));
        ledger.Intend(key, act, path);
        return AskAsync(HttpMethod.Post, act, path, text, key);
    }

    public async Task<JsonElement?> GetAsync(string path) => (await AskAsync(HttpMethod.Get, "read", path, "", null)) is { Status: 200, Answer: { } answer } ? answer : null;

    /// <summary>The hour by the product's clock; null while nobody tells it.</summary>
    public async Task<DateTimeOffset?> NowAsync()
    {
        try
        {
            using var response = await http.GetAsync(new Uri($"{Next()}/health/ready"));
            return response.IsSuccessStatusCode
                && JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.TryGetProperty("now", out var now)
                ? DateTimeOffset.Parse(now.GetString()!, CultureInfo.InvariantCulture).ToOffset(TimeSpan.FromHours(9)) : null;
        }
        catch (Exception away) when (away is HttpRequestException or TaskCanceledException)
        {
            return null;
        }
    }

    private async Task<Entry> AskAsync(HttpMethod method, string act, string path, string body, string? key)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var request = new HttpRequestMessage(method, $"{Next()}/api/v1{path}");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            if (key is not null)
            {
                request.Headers.Add("Idempotency-Key", key);
                request.Content = new StringContent(body, Encoding.UTF8, "application/json");
            }

            var sent = TimeProvider.System.GetUtcNow();
            try
            {
                using var response = await http.SendAsync(request);
                var text = await response.Content.ReadAsStringAsync();
                var status = (int)response.StatusCode;
                if (status < 500)
                {
                    findings.Count(status);
                    var entry = new Entry(key ?? "", act, path, body, status, text.Length == 0 ? null : JsonDocument.Parse(text).RootElement, VersionOf(response));
                    if (key is not null)
                    {
                        ledger.Resolve(entry);
                    }

                    return entry;
                }

                if (status != 503 || response.Headers.RetryAfter is null || !outages.Cover(sent, TimeProvider.System.GetUtcNow()))
                {
                    findings.Add($"{status} outside a declared fault: {method} {path} {act} {text[..Math.Min(text.Length, 300)]}");
                }
            }
            catch (Exception lost) when (lost is HttpRequestException or IOException or TaskCanceledException)
            {
                if (!outages.Cover(sent, TimeProvider.System.GetUtcNow()))
                {
                    findings.Add($"connection lost outside a declared fault: {method} {path} {act} {lost.Message}");
                }
            }

            if (attempt == 600)
            {
                findings.Add($"never answered: {method} {path} {act}");
                return new(key ?? "", act, path, body, 0, null, null);
            }

            await Task.Delay(250);
        }
    }

    private string Next() => addresses[Interlocked.Increment(ref at) % addresses.Count];

    private static int? VersionOf(HttpResponseMessage response) =>
        response.Headers.TryGetValues("ETag", out var tags) && int.TryParse(tags.First().Trim('"'), CultureInfo.InvariantCulture, out var version) ? version : null;
}
