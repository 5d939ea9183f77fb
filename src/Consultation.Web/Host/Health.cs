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
    public static async Task<DateTimeOffset?> ReadyAtAsync(NpgsqlDataSource source, CancellationToken cancellationToken) => (await LookAsync(source, cancellationToken))?.Now;

    private static async Task<(DateTimeOffset Now, int? OfficialUntil)?> LookAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        if (!await Migrator.IsCurrentAsync(source, cancellationToken))
        {
            return null;
        }

        await using var command = source.CreateCommand(
            "select app_now(), (select official_until from holiday_tables order by version desc limit 1) from installation where seeded_at is not null");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? (new(reader.GetDateTime(0), TimeSpan.Zero), await reader.IsDBNullAsync(1, cancellationToken) ? null : reader.GetInt32(1)) : null;
    }

    private static async Task<IResult> ReadyAsync(NpgsqlDataSource source, HttpContext context)
    {
        (DateTimeOffset Now, int? OfficialUntil)? now;
        try
        {
            now = await LookAsync(source, context.RequestAborted);
        }
        catch (NpgsqlException)
        {
            // Not reachable is an answer here and not an error: whoever asks will ask again.
            now = null;
        }

        if (now is { } at)
        {
            // A warning and no failure: forecasts carry every date until the table is there.
            string[] warnings = at.OfficialUntil is { } until && NationalCalendar.IsTableDue(new(until, 12, 31), JapanTime.DateOf(at.Now)) ? ["calendar.table_due"] : [];
            return Results.Json(new { status = "ready", now = JapanTime.ToJapan(at.Now), warnings });
        }

        context.Response.Headers.RetryAfter = "1";
        return Results.Json(new { status = "starting" }, statusCode: StatusCodes.Status503ServiceUnavailable);
    }
}
