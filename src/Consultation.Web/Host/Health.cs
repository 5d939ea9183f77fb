using Consultation.Calendar;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Staff;
using Consultation.Work;
using Npgsql;

namespace Consultation.Web.Host;

/// <summary>Alive: the process answers. Ready: the schema is the shipped one and the base data is there (design §6);
/// <c>warnings</c> name what is wrong or will be missing one day, such as the holidays of the year after next. A job that is late or a mail server that takes
/// nothing leaves it ready, for people can work; <c>detail</c> says so: <c>late</c>, <c>degraded</c> or <c>ok</c>.</summary>
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

    private static async Task<IResult> ReadyAsync(NpgsqlDataSource source, DeskBook desks, HttpContext context)
    {
        (DateTimeOffset Now, int? OfficialUntil)? now;
        WorkHealth? work = null;
        try
        {
            now = await LookAsync(source, context.RequestAborted);
            work = now is null ? null : await WorkHealth.ReadAsync(source, desks, context.RequestAborted);
        }
        catch (NpgsqlException)
        {
            // Not reachable is an answer here and not an error: whoever asks will ask again.
            now = null;
        }

        if (now is { } at && work is not null)
        {
            // A warning and no failure: forecasts carry every date until the table is there.
            string[] wrong =
            [
                .. work.Late.Count > 0 ? ["work.late"] : Array.Empty<string>(), .. work.Failing.Count > 0 ? ["work.failing"] : Array.Empty<string>(),
                .. work.MailIsHeld ? ["mail.held"] : Array.Empty<string>(), .. work.MailFault is { } fault ? [fault] : Array.Empty<string>(),
            ];
            string[] warnings = [.. at.OfficialUntil is { } until && NationalCalendar.IsTableDue(new(until, 12, 31), JapanTime.DateOf(at.Now)) ? ["calendar.table_due"] : Array.Empty<string>(), .. wrong];
            var detail = work.Late.Count > 0 ? "late" : wrong.Length > 0 ? "degraded" : "ok";
            return Results.Json(new { status = "ready", detail, now = JapanTime.ToJapan(at.Now), warnings, late = work.Late, failing = work.Failing });
        }

        context.Response.Headers.RetryAfter = "1";
        return Results.Json(new { status = "starting" }, statusCode: StatusCodes.Status503ServiceUnavailable);
    }
}
