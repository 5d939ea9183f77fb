using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Logging;

namespace Consultation.Web.Tests.Api;

/// <summary>What was typed reaches no log line, whatever becomes of the request.</summary>
public sealed class SilenceTests(ApiApp app) : IClassFixture<ApiApp>
{
    private const string Typed = "ひみつの目印";

    [Fact]
    public async Task Nothing_typed_is_logged()
    {
        var id = await app.LogAsync(Typed, organisation: new { name = Typed });
        await app.PostAsync("/api/v1/inquiries", new { channel = Typed, text = Typed, receivedAt = Typed, contact = new { phone = Typed, email = Typed } });
        await app.PostAsync("/api/v1/inquiries", $"{{\"channel\":\"phone\",\"{Typed}\"");
        await app.PostAsync("/api/v1/inquiries", $"{{\"channel\":\"phone\",\"text\":5,\"{Typed}\":1,\"{Typed}\":2}}");
        await app.PostAsync($"/api/v1/cases/{id}/contacts", new { direction = "in", channel = "phone", result = "answered", person = Typed, text = Typed });
        await app.PostAsync($"/api/v1/cases/{id}/route", new { tracks = new[] { Typed }, reason = Typed });
        await app.GetAsync($"/api/v1/cases?q={Uri.EscapeDataString(Typed)}");
        await app.GetAsync($"/api/v1/queue?after={Uri.EscapeDataString(Typed)}");
        await app.CallAsync(HttpMethod.Get, $"/api/v1/{Uri.EscapeDataString(Typed)}", null);
        (await app.CallAsync(HttpMethod.Get, "/api/v1/queue", null, null, ("Authorization", "Bearer cst_himitsu"))).Refuses(401, "token.invalid");
        await RefusedAsync($"/api/v1/cases/{id}");
        (await app.GetAsync($"/api/v1/cases/{id}")).Is(HttpStatusCode.OK);

        Assert.NotEmpty(app.Log);
        Assert.DoesNotContain(app.Log, line => line.Contains(Typed, StringComparison.Ordinal) || line.Contains(Uri.EscapeDataString(Typed), StringComparison.OrdinalIgnoreCase)
            || line.Contains("himitsu", StringComparison.Ordinal));
    }

    /// <summary>Every way of being refused that carries words: by rights, by version, by rule, by length, by place in a list, by key, by size.</summary>
    private async Task RefusedAsync(string path)
    {
        var escaped = Uri.EscapeDataString(Typed);
        (await app.CallAsync(HttpMethod.Patch, path, new { contact = new { name = Typed } })).Refuses(428, "version.required");
        (await app.CallAsync(HttpMethod.Patch, path, new { contact = new { name = Typed } }, "centre", ("If-Match", "\"99\""))).Refuses(412, "version.stale");
        (await app.CallAsync(HttpMethod.Patch, path, new { contact = new { name = Typed } }, "centre", ("If-Match", "himitsu"))).Refuses(400, "version.malformed");
        (await app.CallAsync(HttpMethod.Patch, path, new { contact = new { name = Typed } }, "ministry")).Refuses(403, "forbidden");
        (await app.CallAsync(HttpMethod.Patch, path, new { contact = new { name = Typed } }, "desk okinawa")).Refuses(404, "not_found");
        (await app.PostAsync($"{path}/close", new { outcome = "completed", reason = Typed })).Refuses(409, "case.status_after_missing");
        (await app.PostAsync($"{path}/reopen", new { reason = Typed })).Refuses(409, "case.not_allowed");
        (await app.PostAsync($"{path}/hand-over", new { desk = Typed, reason = Typed })).Refuses(422, "invalid_input");
        (await app.PostAsync($"{path}/notes", new { text = $"{Typed} 1234 5678 9018" })).Refuses(422, "invalid_input");
        (await app.GetAsync($"/api/v1/cases?q={string.Concat(Enumerable.Repeat(escaped, 600))}")).Refuses(422, "invalid_input");
        (await app.GetAsync($"/api/v1/cases?q={escaped}%00")).Refuses(400, "unreadable");
        foreach (var list in new[] { "/api/v1/call-backs", "/api/v1/experts", "/api/v1/follow-ups", "/api/v1/offers", $"{path}/slots", $"{path}/candidates" })
        {
            (await app.GetAsync($"{list}?track=mic&after={escaped}")).Refuses(422, "invalid_input");
        }

        (await app.PostAsync("/api/v1/tallies", new { channel = "phone", kind = "other" }, "centre", ("Idempotency-Key", "himitsu"))).Is(HttpStatusCode.Created);
        (await app.PostAsync("/api/v1/tallies", new { channel = "email", kind = "other", Typed }, "centre", ("Idempotency-Key", "himitsu"))).Refuses(422, "idempotency.reused");
        (await app.PostAsync($"{path}/notes", new { text = string.Concat(Enumerable.Repeat(Typed, 60_000)) })).Refuses(413, "too_large");
        var form = string.Concat(Enumerable.Repeat($"userName={escaped}&", 20_000));
        Assert.Equal(413, (int)(await app.CallAsync(HttpMethod.Post, $"/sign-in?returnUrl={escaped}", form, null, ("Content-Type", "application/x-www-form-urlencoded"))).Status);
        Assert.Equal(404, (int)(await app.CallAsync(HttpMethod.Get, $"/status/404?from={escaped}", null, null)).Status);
    }
}

/// <summary>Keeps every line that the server's own filters let through.</summary>
internal sealed class KeptLog(ConcurrentQueue<string> lines) : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        lines.Enqueue($"{formatter(state, exception)} {exception}");

    public void Dispose()
    {
    }
}
