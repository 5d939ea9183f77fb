using System.Globalization;
using System.Text.Json;
using Consultation.Messaging;
using Consultation.Pipeline;
using Consultation.Web.SignIn;
using MediatR;
using Microsoft.Extensions.Primitives;

namespace Consultation.Web.Api;

/// <summary>What an endpoint answers: kept word for word where the caller named an idempotency key.</summary>
internal sealed record Answer(int Status, byte[] Body, string? ETag, string? Location) : IResult
{
    public static Answer Of(object body, int? version = null, int status = StatusCodes.Status200OK, string? location = null) => new(
        status,
        JsonSerializer.SerializeToUtf8Bytes(body, ApiJson.Options),
        version is { } known ? string.Create(CultureInfo.InvariantCulture, $"\"{known}\"") : null,
        location);

    public static Answer Created(object body, int? version = null, string? location = null) => Of(body, version, StatusCodes.Status201Created, location);

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        response.ContentType = "application/json; charset=utf-8";
        response.Headers.ETag = ETag;
        response.Headers.Location = Location;
        response.ContentLength = Body.Length;
        return response.Body.WriteAsync(Body, httpContext.RequestAborted).AsTask();
    }
}

/// <summary>The way of every call: read the JSON, build the request, send it as the token's actor, write the answer. Nothing is decided here.</summary>
internal static class ApiCall
{
    private const int KeyLength = 200;

    /// <summary>Sends a query.</summary>
    public static Task<TResult> Ask<TResult>(this HttpContext http, IRequest<TResult> query, IReadOnlyList<InputError>? faults = null) =>
        Dispatcher(http).Send(query, CurrentActor.Required(http), http.RequestAborted, faults: faults);

    /// <summary>Sends the command that the body asks for.</summary>
    /// <param name="mayBeEmpty">The body may be left out, because all its members are optional.</param>
    public static Task<IResult> Do<TBody, TResult>(
        this HttpContext http, Func<TBody, IRequest<TResult>> command, Func<TResult, TBody, Task<Answer>> answer, bool mayBeEmpty = false)
        where TBody : class => http.Do((TBody body, IReadOnlySet<string> _) => command(body), answer, mayBeEmpty);

    /// <summary>The same where a member that is written as null means something else than one that is not written: the command gets the names of the former.</summary>
    public static async Task<IResult> Do<TBody, TResult>(
        this HttpContext http, Func<TBody, IReadOnlySet<string>, IRequest<TResult>> command, Func<TResult, TBody, Task<Answer>> answer, bool mayBeEmpty = false)
        where TBody : class
    {
        var expected = ExpectedVersion(http.Request);
        using var body = await JsonBody.ReadAsync(http.Request, mayBeEmpty);
        var (input, nulls, faults) = InputReader.Read<TBody>(body.Root);
        var actor = CurrentActor.Required(http);
        var key = KeyOf(http.Request, actor, body.Hash);
        var result = await Dispatcher(http).Send(command(input, nulls), actor, http.RequestAborted, key, expected, faults);
        // What was answered before is asked for first: by now the caller may no longer see what was shown then.
        return key is null ? await answer(result, input) : (await KeptAsync(http, key, null) ?? await KeptAsync(http, key, await answer(result, input)))!;
    }

    /// <summary>True where the caller says which version of the row it has seen.</summary>
    public static bool NamesVersion(this HttpContext http) => http.Request.Headers.IfMatch.ToString().Trim().Length > 0;

    /// <summary>A whole number of a query string; a fault of its own code where it is none.</summary>
    public static int? Number(string? text, string field, string code, List<InputError> faults)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        faults.Add(new(field, code));
        return null;
    }

    /// <summary><c>limit</c> of a list: 50 where the caller says nothing. The bounds are the request's to judge.</summary>
    public static int Limit(string? text, List<InputError> faults) => Number(text, "limit", "page.malformed", faults) ?? 50;

    /// <summary>An empty member of a query string means what a missing one means.</summary>
    public static string? Given(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static Dispatcher Dispatcher(HttpContext http) => http.RequestServices.GetRequiredService<Dispatcher>();

    private static async Task<Answer?> KeptAsync(HttpContext http, IdempotencyKey key, Answer? given)
    {
        var kept = await Dispatcher(http).Send(new KeepAnswer(key, given is null ? null : JsonSerializer.Serialize(given)), CurrentActor.Required(http), http.RequestAborted);
        return kept is null ? null : JsonSerializer.Deserialize<Answer>(kept);
    }

    private static IdempotencyKey? KeyOf(HttpRequest request, Actor actor, string bodyHash)
    {
        if (!HttpMethods.IsPost(request.Method) || !request.Headers.TryGetValue("Idempotency-Key", out var given) || StringValues.IsNullOrEmpty(given))
        {
            return null;
        }

        var key = given.ToString();
        return key.Length <= KeyLength
            ? new(actor.Staff?.ToString() ?? actor.Name, request.Path.Value!.ToLowerInvariant(), key, bodyHash)
            : throw new InvalidInput("Idempotency-Key", "idempotency.too_long");
    }

    private static int? ExpectedVersion(HttpRequest request)
    {
        var header = request.Headers.IfMatch.ToString().Trim();
        if (header.Length == 0)
        {
            return null;
        }

        if (header == "*")
        {
            return null;
        }

        // Proxies that compress mark a tag as weak; it is still the same version.
        var tag = header.StartsWith("W/", StringComparison.Ordinal) ? header[2..] : header;
        if (int.TryParse(tag, NumberStyles.None, CultureInfo.InvariantCulture, out var bare))
        {
            return bare;
        }

        if (tag.Length < 2 || tag[0] != '"' || tag[^1] != '"' || tag.AsSpan(1, tag.Length - 2).Contains('"'))
        {
            throw new Refusal(StatusCodes.Status400BadRequest, "version.malformed");
        }

        return int.TryParse(tag.AsSpan(1, tag.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : throw new Conflict("version.stale");
    }
}
