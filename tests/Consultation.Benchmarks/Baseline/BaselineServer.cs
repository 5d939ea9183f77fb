using System.Text.Json;
using Consultation.Messaging;
using Npgsql;

namespace Consultation.Benchmarks;

/// <summary>
/// What the machine could do at best with the same rows: a slim endpoint, source-generated JSON, one prepared statement per operation, and
/// nothing of what makes the product one – no sign-in, rights, validation, suggestion, rules, audit. It answers the same requests.
/// </summary>
internal static class BaselineServer
{
    public static async Task RunAsync(string[] args)
    {
        var connection = new NpgsqlConnectionStringBuilder(Environment.GetEnvironmentVariable(BaselineProcess.DatabaseVariable)
            ?? throw new InvalidOperationException($"{BaselineProcess.DatabaseVariable} is not set."))
        {
            // Every statement is prepared at its first use and stays so.
            MaxAutoPrepare = 50, AutoPrepareMinUsages = 1,
        };
        await using var source = NpgsqlDataSource.Create(connection.ConnectionString);
        // One plan for all words would be wrong for most of them; the bare search gets the best for each.
        await using var perWord = NpgsqlDataSource.Create($"{connection.ConnectionString};Options=-c plan_cache_mode=force_custom_plan");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{args[^1]}");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        await using var app = builder.Build();
        var writes = await BaselineWrites.OpenAsync(source);
        var reads = new BaselineReads(source, perWord);
        app.MapGet("/health/ready", http => http.Response.WriteAsync("ready"));
        app.MapGet("/api/v1/cases/{id}", reads.CaseAsync);
        app.MapGet("/api/v1/queue", reads.QueueAsync);
        app.MapGet("/cases", reads.QueuePageAsync);
        app.MapGet("/api/v1/cases", reads.SearchAsync);
        app.MapPost("/api/v1/inquiries", writes.CreateAsync);
        app.MapPatch("/api/v1/cases/{id}", writes.PassAsync);
        app.MapPost("/api/v1/cases/{id}/notes", writes.NoteAsync);
        app.MapPost("/api/v1/cases/{id}/visits", writes.BookAsync);
        await app.RunAsync();
    }

    /// <summary>What only the baseline needs: the texts once more, under a trigram index.</summary>
    public static async Task PrepareAsync(Database database)
    {
        await database.DoAsync("create extension if not exists pg_trgm");
        if (!await database.ScalarAsync<bool>("select to_regclass('baseline_text') is not null"))
        {
            await database.DoAsync("create table baseline_text as select case_id, folded from case_search");
            await database.DoAsync("create index on baseline_text using gin (folded gin_trgm_ops)");
            await database.DoAsync("alter table baseline_text owner to consultation_owner");
            await database.DoAsync("vacuum (analyze) baseline_text");
        }
    }

    public static Guid IdOf(HttpContext http) => Guid.Parse((string)http.Request.RouteValues["id"]!);

    public static async Task AnswerAsync<T>(HttpContext http, T body, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, int status = 200, int? version = null)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json; charset=utf-8";
        if (version is { } known)
        {
            http.Response.Headers.ETag = $"\"{known}\"";
        }

        await JsonSerializer.SerializeAsync(http.Response.BodyWriter, body, type, http.RequestAborted);
    }
}
