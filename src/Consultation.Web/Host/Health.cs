using Consultation.Calendar;
using Consultation.Persistence;
using Consultation.Reference;
using Npgsql;

namespace Consultation.Web.Host;

/// <summary>Alive: the process answers. Ready: the schema is the shipped one and the base data is there (design §6);
/// <c>warnings</c> name what will be missing one day, such as the holidays of the year after next.</summary>
internal static class Health
{
    private static readonly string[] Reading = ["GET", "HEAD"];

    public static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapMethods("/health/live", Reading, () => Results.Json(new { status = "live" })).AllowAnonymous().ExcludeFromDescription();
        endpoints.MapMethods("/health/ready", Reading, ReadyAsync).AllowAnonymous().ExcludeFromDescription();
    }

    /// <summary>The time by the one clock once everything is in place; null before.</summary>
    public static async Task<DateTimeOffset?> ReadyAtAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        if (!await Migrator.IsCurrentAsync(source, cancellationToken))
        {
            return null;
        }

        await using var command = source.CreateCommand("select app_now() from installation where seeded_at is not null");
        return await command.ExecuteScalarAsync(cancellationToken) is DateTime now ? new DateTimeOffset(now, TimeSpan.Zero) : null;
    }

    private static async Task<IResult> ReadyAsync(NpgsqlDataSource source, HttpContext context)
    {
        DateTimeOffset? now;
        try
        {
            now = await ReadyAtAsync(source, context.RequestAborted);
        }
        catch (NpgsqlException)
        {
            // Not reachable is an answer here and not an error: whoever asks will ask again.
            now = null;
        }

        if (now is { } at)
        {
            string[] warnings = NationalCalendar.IsTableDue(JapanTime.DateOf(at)) ? ["calendar.table_due"] : [];
            return Results.Json(new { status = "ready", now = JapanTime.ToJapan(at), warnings });
        }

        context.Response.Headers.RetryAfter = "1";
        return Results.Json(new { status = "starting" }, statusCode: StatusCodes.Status503ServiceUnavailable);
    }
}
