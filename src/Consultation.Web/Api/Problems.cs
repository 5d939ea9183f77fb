using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Consultation.Cases;
using Consultation.Messaging;
using Npgsql;

namespace Consultation.Web.Api;

/// <summary>One fault of an input: the field as the caller names it, the code, the Japanese text.</summary>
internal sealed record ProblemError(string Field, string Code, string Message);

/// <summary>Every refusal of the API (design §6). <c>Extra</c> carries further members such as <c>nextSlots</c>.</summary>
internal sealed record Problem(string Type, string Title, int Status, string? Detail, string Code, IReadOnlyList<ProblemError> Errors, string TraceId)
{
    [JsonExtensionData]
    public Dictionary<string, object?>? Extra { get; init; }
}

/// <summary>A refusal that only HTTP knows, such as a missing If-Match or a wrong Content-Type.</summary>
internal sealed class Refusal(int status, string code, IReadOnlyList<InputError>? errors = null) : Exception(code)
{
    public int Status { get; } = status;
    public string Code { get; } = code;
    public IReadOnlyList<InputError> Errors { get; } = errors ?? [];
}

/// <summary>
/// The one place where failures become answers of the API: the five refusals of the business, those of HTTP, a database that is away (503),
/// and whatever nobody foresaw (500, told to the log by type and place, because messages may hold what was typed).
/// </summary>
internal sealed partial class Problems(RequestDelegate next, ILogger<Problems> log)
{
    public const string ContentType = "application/problem+json";

    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            await next(http);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (Exception failure) when (!http.Response.HasStarted)
        {
            http.Response.Clear();
            await WriteAsync(http, Of(http, failure));
            return;
        }

        if (http.Response is { HasStarted: false, StatusCode: >= 400, ContentLength: null or 0, ContentType: null })
        {
            await WriteAsync(http, Of(http, http.Response.StatusCode, CodeOf(http.Response.StatusCode, http)));
        }
    }

    private Problem Of(HttpContext http, Exception failure)
    {
        switch (failure)
        {
            case InvalidInput invalid:
                return Of(http, StatusCodes.Status422UnprocessableEntity, SingleCode(invalid), Told(invalid.Errors));
            case RuleViolation rule:
                var extra = rule.Extra.ToDictionary(e => e.Key, e => e.Value);
                return Of(http, StatusCodes.Status409Conflict, rule.Code, ObjectionsOf(rule), rule.Text) with { Extra = extra.Count == 0 ? null : extra };
            case NotFound missing:
                return Of(http, StatusCodes.Status404NotFound, missing.Code);
            case Forbidden forbidden:
                return Of(http, StatusCodes.Status403Forbidden, forbidden.Code);
            case Conflict { Code: "version.stale" } stale:
                return Of(http, StatusCodes.Status412PreconditionFailed, stale.Code);
            case Conflict { Code: "version.required" } unnamed:
                return Of(http, StatusCodes.Status428PreconditionRequired, unnamed.Code);
            case Conflict { Code: "busy" } busy:
                return Of(http, StatusCodes.Status503ServiceUnavailable, busy.Code);
            case Conflict conflict:
                return Of(http, StatusCodes.Status409Conflict, conflict.Code, detail: conflict.Text);
            case Refusal refusal:
                return Of(http, refusal.Status, refusal.Code, Told(refusal.Errors));
            case BadHttpRequestException bad:
                return Of(http, bad.StatusCode, CodeOf(bad.StatusCode, http));
            case var _ when IsAway(failure):
                Away(log, failure.GetType().Name);
                return Of(http, StatusCodes.Status503ServiceUnavailable, "unavailable");
            default:
                Unforeseen(log, http.Request.Method, failure.GetType().Name, failure.StackTrace);
                return Of(http, StatusCodes.Status500InternalServerError, "unexpected");
        }
    }

    private static Problem Of(HttpContext http, int status, string code, IReadOnlyList<ProblemError>? errors = null, string? detail = null) => new(
        $"urn:consultation:problem:{code}",
        Texts.Of(string.Create(CultureInfo.InvariantCulture, $"title.{status}")),
        status,
        detail ?? Texts.Of(code),
        code,
        errors ?? [],
        Activity.Current?.TraceId.ToHexString() ?? http.TraceIdentifier);

    private static List<ProblemError> Told(IReadOnlyList<InputError> errors) => [.. errors.Select(e => new ProblemError(e.Field, e.Code, e.Text))];

    /// <summary>All that stands against closing, under the member that would do away with it (journey J37).</summary>
    private static List<ProblemError> ObjectionsOf(RuleViolation rule) =>
        [.. rule.Extra.Values.OfType<IEnumerable<Objection>>().SelectMany(o => o).Select(o => new ProblemError("closeOpenWork", o.Code, o.Text))];

    /// <summary>A key used twice is one refusal of its own; everything else about fields is <c>invalid_input</c>.</summary>
    private static string SingleCode(InvalidInput invalid) => invalid.Errors is [{ Code: "idempotency.reused" } only] ? only.Code : invalid.Code;

    private static string CodeOf(int status, HttpContext http) => status switch
    {
        401 => http.Request.Headers.Authorization.ToString().StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? "token.invalid" : "unauthorized",
        403 => "forbidden",
        404 => "not_found",
        405 => "method_not_allowed",
        413 => "too_large",
        415 => "unsupported_media_type",
        429 => "too_many_requests",
        503 => "unavailable",
        >= 500 => "unexpected",
        _ => "unreadable",
    };

    private static async Task WriteAsync(HttpContext http, Problem problem)
    {
        var response = http.Response;
        response.StatusCode = problem.Status;
        if (problem.Status == StatusCodes.Status401Unauthorized && response.Headers.WWWAuthenticate.Count == 0)
        {
            response.Headers.WWWAuthenticate = "Bearer";
        }

        if (problem.Status == StatusCodes.Status503ServiceUnavailable)
        {
            response.Headers.RetryAfter = "1";
        }

        response.Headers.CacheControl = "no-store";
        var body = JsonSerializer.SerializeToUtf8Bytes(problem, ApiJson.Options);
        response.ContentType = ContentType;
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, http.RequestAborted);
    }

    /// <summary>The database cannot be reached, is starting or stopping, or has no connection left: true for classes 08, 53, 57 and 58 and for broken sockets.</summary>
    private static bool IsAway(Exception failure)
    {
        for (var e = failure; e is not null; e = e.InnerException)
        {
            if (e is PostgresException { SqlState: var state })
            {
                return state[..2] is "08" or "53" or "57" or "58" || state is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure;
            }

            if (e is NpgsqlException or TimeoutException or System.Net.Sockets.SocketException)
            {
                return true;
            }
        }

        return false;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database is away: {Failure}")]
    private static partial void Away(ILogger log, string failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "Unforeseen {Failure} in {Method}: {Trace}")]
    private static partial void Unforeseen(ILogger log, string method, string failure, string? trace);
}
