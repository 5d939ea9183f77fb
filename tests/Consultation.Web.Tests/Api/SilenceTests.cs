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
        (await app.GetAsync($"/api/v1/cases/{id}")).Is(HttpStatusCode.OK);

        Assert.NotEmpty(app.Log);
        Assert.DoesNotContain(app.Log, line => line.Contains(Typed, StringComparison.Ordinal) || line.Contains(Uri.EscapeDataString(Typed), StringComparison.OrdinalIgnoreCase)
            || line.Contains("himitsu", StringComparison.Ordinal));
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
