using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Consultation.Demo;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Pipeline;
using Consultation.Staff;
using Consultation.Web.Host;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Consultation.Web.Tests.Api;

/// <summary>The real server on a real port with its own database; its clock stands at 2026-11-24 09:20 Japan time when a class begins.</summary>
public sealed class ApiApp(TestCluster cluster) : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 11, 24, 9, 20, 0, TimeSpan.FromHours(9));
    private static int named;
    private readonly ConcurrentDictionary<string, Task<string>> tokens = new();
    private WebApplication app = null!;
    private HttpClient client = null!;
    private NpgsqlDataSource source = null!;

    /// <summary>The server's database, for other processes of the product.</summary>
    internal string ConnectionString { get; private set; } = "";

    /// <summary>What the server has logged so far.</summary>
    internal ConcurrentQueue<string> Log { get; } = new();

    public async ValueTask InitializeAsync()
    {
        ConnectionString = await cluster.NewDatabaseAsync("essentials of a demo", FillAsync);
        source = NpgsqlDataSource.Create(ConnectionString);
        app = ConsultationHost.Build(new(ConnectionString, ServerRole.Web), services => services.AddSingleton<ILoggerProvider>(new KeptLog(Log)));
        await app.Services.GetRequiredService<AppClock>().RefreshAsync(source, CancellationToken.None);
        await Send(new SetClock(Start));
        await app.StartAsync();
        client = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = ConsultationHost.AddressOf(app), Timeout = TimeSpan.FromMinutes(2) };
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await app.DisposeAsync();
        await source.DisposeAsync();
    }

    public Task<TResult> Send<TResult>(IRequest<TResult> request, Actor? actor = null) => app.Services.GetRequiredService<Dispatcher>().Send(request, actor ?? Actor.System("test"));

    public async Task<object?> SqlAsync(string sql)
    {
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>A token by words: <c>centre</c>, <c>desk kanto</c>, <c>supervisor tohoku</c>, <c>ministry</c> …</summary>
    public Task<string> TokenAsync(string who) => tokens.GetOrAdd(who, async words =>
    {
        var parts = words.Split(' ');
        var role = Enum.Parse<Role>(parts[0], ignoreCase: true);
        var expert = role == Role.Expert ? ExpertId.Parse(parts[1], null) : (ExpertId?)null;
        // The id of an expert is no name: now and then its digits pass for a マイナンバー.
        return (await Send(new CreateToken(role, role == Role.Expert ? null : parts.ElementAtOrDefault(1), expert, role == Role.Expert ? "expert" : words))).Token;
    });

    public Task<Reply> GetAsync(string path, string? who = "centre") => CallAsync(HttpMethod.Get, path, null, who);

    public Task<Reply> PostAsync(string path, object? body, string? who = "centre", params (string, string)[] headers) => CallAsync(HttpMethod.Post, path, body, who, headers);

    /// <param name="body">Text is sent as it is, bytes too; anything else as JSON.</param>
    public async Task<Reply> CallAsync(HttpMethod method, string path, object? body, string? who = "centre", params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body switch { byte[] raw => raw, string text => Encoding.UTF8.GetBytes(text), _ => JsonSerializer.SerializeToUtf8Bytes(body) });
            request.Content.Headers.ContentType = new("application/json");
        }

        if (who is not null)
        {
            request.Headers.Authorization = new("Bearer", await TokenAsync(who));
        }

        foreach (var (name, value) in headers)
        {
            if (name == "Content-Type")
            {
                request.Content!.Headers.ContentType = MediaTypeHeaderValue.Parse(value);
            }
            else
            {
                request.Headers.Remove(name);
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        using var response = await client.SendAsync(request);
        return new(response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers.ETag?.Tag, response.Headers.Location?.OriginalString,
            response.Content.Headers.ContentType?.MediaType, response.Headers.WwwAuthenticate.ToString());
    }

    /// <summary>A name nobody else has. Never a random number: twelve digits of it may be a マイナンバー, which is refused.</summary>
    public static string Fresh(string word) => $"{word} {Interlocked.Increment(ref named)}";

    /// <summary>A new case; returns its id.</summary>
    public async Task<string> LogAsync(string text = "テレワークのセキュリティについて相談したい", string who = "centre", string? desk = null, object? organisation = null)
    {
        var reply = await PostAsync("/api/v1/inquiries", new { channel = "phone", text, desk, organisation }, who);
        return reply.Is(HttpStatusCode.Created).Text("id");
    }

    private static async Task FillAsync(string database)
    {
        await using var source = NpgsqlDataSource.Create(database + ";Pooling=false");
        await using (var demo = source.CreateCommand("update installation set demo = true"))
        {
            await demo.ExecuteNonQueryAsync();
        }

        await using var provider = new ServiceCollection().AddLogging(log => log.SetMinimumLevel(LogLevel.Warning)).AddConsultation(source).BuildServiceProvider();
        var dispatcher = provider.GetRequiredService<Dispatcher>();
        await dispatcher.Send(new SetClock(Start), Actor.System("test"));
        await dispatcher.Send(new SeedEssentials(), Actor.System("test"));
    }
}

/// <summary>An answer, read once.</summary>
public sealed record Reply(HttpStatusCode Status, string Body, string? ETag, string? Location, string? MediaType, string Challenge)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public string Text(string member) => Json.GetProperty(member).GetString()!;

    public string[] Members => Json.EnumerateObject().Select(m => m.Name).ToArray();

    /// <summary>field:code of every fault named.</summary>
    public string[] Faults => Json.GetProperty("errors").EnumerateArray().Select(e => $"{e.GetProperty("field").GetString()}:{e.GetProperty("code").GetString()}").ToArray();

    public Reply Is(HttpStatusCode status)
    {
        Assert.True(Status == status, $"{(int)Status} instead of {(int)status}: {Body}");
        return this;
    }

    /// <summary>A problem in the agreed shape, in Japanese, with this status and code.</summary>
    public Reply Refuses(int status, string code)
    {
        Assert.True((int)Status == status, $"{(int)Status} instead of {status}: {Body}");
        Assert.Equal("application/problem+json", MediaType);
        Assert.Equal(code, Text("code"));
        Assert.Equal(status, Json.GetProperty("status").GetInt32());
        Assert.NotEqual("", Text("traceId"));
        Assert.Matches("[ぁ-ん]", Text("detail"));
        Assert.Matches("\\p{IsCJKUnifiedIdeographs}|[ぁ-んァ-ン]", Text("title"));
        return this;
    }
}
