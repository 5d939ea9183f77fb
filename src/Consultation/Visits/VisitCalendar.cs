using Consultation.Cases;
using Consultation.Experts;
using Consultation.Mail;

namespace Consultation.Visits;

/// <summary>
/// A visit as an entry of a calendar (journey J22): one UID for its whole life and for everybody who comes, its own sequence, and nothing
/// personal in the title, which shows on other people's screens. What an expert's copy tells of the client hangs on the client's consent.
/// </summary>
internal static class VisitCalendar
{
    /// <summary>To the client, or to one of the experts who come.</summary>
    /// <param name="experts">Who comes.</param>
    /// <param name="desk">The signature of the desk.</param>
    public static string For(CalendarMethod method, Visit visit, Case found, IReadOnlyList<Expert> experts, bool toClient, string desk, MailSettings settings, DateTimeOffset now)
    {
        var person = toClient || found.ConsentedAt is not null;
        var attendees = experts.Where(e => e.Email is not null).Select(e => new CalendarPerson(e.Name, e.Email!));
        if (person && found.CanBeMailed)
        {
            attendees = attendees.Prepend(new(found.ContactName ?? found.OrganisationName ?? "ご担当者", found.Email!));
        }

        return CalendarObject.Of(method, [EventOf(visit, found, VisitWords.PlaceOf(visit, found, person), experts, desk, settings, now) with
        {
            Status = method == CalendarMethod.Cancel ? "CANCELLED" : "CONFIRMED",
            Attendees = [.. attendees],
        }]);
    }

    /// <summary>To an expert who does not come any more, though the visit stands: only that one is taken off (RFC 5546 §3.2.5).</summary>
    public static string Without(Expert dropped, Visit visit, Case found, string desk, MailSettings settings, DateTimeOffset now) =>
        CalendarObject.Of(CalendarMethod.Cancel, [EventOf(visit, found, VisitWords.PlaceOf(visit, found, found.ConsentedAt is not null), [], desk, settings, now) with
        {
            Attendees = dropped.Email is { } email ? [new(dropped.Name, email)] : [],
        }]);

    /// <summary>テレワーク相談 第2回（訪問）.</summary>
    public static string TitleOf(Visit visit, string number) => $"テレワーク相談 第{visit.Ordinal}回（{CaseWords.Of(visit.Mode)}） {number}";

    private static CalendarEvent EventOf(Visit visit, Case found, string place, IReadOnlyList<Expert> experts, string desk, MailSettings settings, DateTimeOffset now)
    {
        var coming = experts.Count == 0 ? "" : $"担当専門家: {string.Join("、", experts.Select(e => e.Name))}\n";
        // The id alone is the UID: by it the reading of experts' calendars knows an invitation that comes back (Experts/Outside/CalendarIntake.cs).
        return new(
            visit.Id.ToString(), visit.Sequence, now, visit.Plan.Start, visit.Plan.End, TitleOf(visit, found.Number), place, visit.Mode == VisitMode.Web ? Address(visit.Place) : null,
            $"受付番号: {found.Number}\n段階: {VisitWords.Of(visit.Stage)}\n{coming}\n{desk}", null, new(settings.SenderName, settings.Sender), []);
    }

    private static Uri? Address(string? place) =>
        Uri.TryCreate(place, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp) ? address : null;
}
