using System.Globalization;
using Consultation.Cases;
using Consultation.Experts;
using Consultation.Mail;
using Consultation.Messaging;
using Consultation.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Visits;

/// <summary>
/// Tells client and experts of a visit, once for each change: the client and the experts by mail, or by a call of the desk with the
/// same text. What changes a date goes into their calendars with the same mail (journey J22).
/// </summary>
public sealed class VisitLetters(ConsultationDb db, ClientLetter clients, Outbox outbox, CallTasks calls, MailSettings settings, VisitLinks links)
{
    /// <param name="coming">The visit's experts, where they are read already.</param>
    internal Task ConfirmedAsync(Visit visit, Case found, Occasion occasion, CancellationToken cancellationToken, IReadOnlyList<Expert>? coming = null) =>
        SendAsync("visit-confirmed", visit, found, [], occasion, cancellationToken, coming: coming, entry: CalendarMethod.Request);

    /// <param name="before">The plan that is given up.</param>
    internal Task MovedAsync(Visit visit, Case found, VisitPlan before, Occasion occasion, CancellationToken cancellationToken) =>
        SendAsync("visit-moved", visit, found, new() { ["before"] = $"{VisitWords.FormalPeriod(before)}（{CaseWords.Of(before.Mode)}）" }, occasion, cancellationToken, entry: CalendarMethod.Request,
            neededBy: before.Start < visit.StartsAt ? before.Start : visit.StartsAt);

    internal Task CancelledAsync(Visit visit, Case found, CancelledBy by, Occasion occasion, CancellationToken cancellationToken)
    {
        // A track without its holder: somebody has to be found before a new date can be.
        var lost = visit.Tracks.Any(t => found.TrackOf(t) is not { State: TrackState.Held or TrackState.Done });
        var afterwards = lost ? "後任の専門家が決まりしだい、あらためて日程をご相談いたします。" : "あらためてのご相談は、窓口までご連絡ください。";
        return SendAsync("visit-cancelled", visit, found, new() { ["by"] = VisitWords.Of(by), ["afterwards"] = afterwards }, occasion, cancellationToken, entry: CalendarMethod.Cancel);
    }

    internal Task RemindAsync(Visit visit, Case found, Occasion occasion, CancellationToken cancellationToken) =>
        SendAsync("visit-reminder", visit, found, [], occasion, cancellationToken);

    /// <summary>The client has been told by telephone where reached; everybody else who comes reads it.</summary>
    internal Task LateAsync(Visit visit, Case found, int minutes, ExpertId? late, bool reached, Occasion occasion, CancellationToken cancellationToken) =>
        SendAsync("visit-late", visit, found, new() { ["minutes"] = $"{minutes}" }, occasion, cancellationToken, late, toClient: !reached && found.CanBeMailed, moment: $"/{occasion.Now.ToUnixTimeSeconds()}");

    /// <summary>
    /// Ends the calls about a date that is not to come any more: it was given up, took place or was moved; what is told instead is a call of its
    /// own. That a visit was cancelled is still to be told.
    /// </summary>
    /// <param name="moved">To another time: then neither an absence nor a way that is too far stands against it.</param>
    internal Task EndCallsAsync(Visit visit, Case found, Occasion occasion, CancellationToken cancellationToken, bool moved = false) =>
        calls.EndAsync(found, key => IsPast(visit, moved, key.Split('/')), kept: false, occasion, cancellationToken);

    // A call to the client names its template twice, one to an expert once; visit and its sequence follow.
    private static bool IsPast(Visit visit, bool moved, string[] key)
    {
        if (key is ["expert-absent", _, _] or ["way-cut-off", _, _, _])
        {
            return key[^1] == visit.Id.ToString() && (moved || !visit.IsOpen);
        }

        var about = key.Length > 1 && key[1] == key[0] ? key[2..] : key[1..];
        return key[0] is "visit-confirmed" or "visit-moved" or "visit-reminder" or "visit-late"
            && about is [var id, var sequence, ..] && id == visit.Id.ToString() && (!visit.IsOpen || sequence != visit.Sequence.ToString(CultureInfo.InvariantCulture));
    }

    /// <param name="except">Who knows already.</param>
    /// <param name="moment">Tells two events of one date apart.</param>
    /// <param name="neededBy">When it must have been read; the beginning of the visit where null.</param>
    /// <param name="entry">What everybody's calendar is to do; null where the date stays as it is.</param>
    private async Task SendAsync(
        string template, Visit visit, Case found, Dictionary<string, string> own, Occasion occasion, CancellationToken cancellationToken, ExpertId? except = null, bool toClient = true, string moment = "",
        IReadOnlyList<Expert>? coming = null, CalendarMethod? entry = null, DateTimeOffset? neededBy = null)
    {
        var eventKey = $"{template}/{visit.Id}/{visit.Sequence}{moment}";
        var ids = visit.ExpertIds;
        var experts = coming ?? await db.Set<Expert>().AsNoTracking().Where(e => ids.Contains(e.Id)).OrderBy(e => e.Id).ToListAsync(cancellationToken);
        var values = await ValuesAsync(visit, found, experts, occasion, cancellationToken);
        foreach (var (gap, value) in own)
        {
            values[gap] = value;
        }

        values["link"] = "";
        if (toClient)
        {
            // A visit that is given up has no page any more.
            values["link"] = visit.IsOpen ? links.Issue(visit, found) : "";
            await clients.SendAsync(found, template, eventKey, values, occasion, cancellationToken, CalendarFor(toClient: true), neededBy ?? visit.StartsAt);
        }

        values["link"] = "";
        // An expert's copy tells the telephone only with the client's consent, like everything else an expert sees (design §2).
        values["place"] = VisitWords.PlaceOf(visit, found, person: found.ConsentedAt is not null);
        foreach (var expert in experts.Where(e => e.Id != except))
        {
            values["to"] = expert.Name;
            if (expert.Email is { } email)
            {
                outbox.Send(template, eventKey, email, Ref.To(expert.Id), Ref.To(found.Id), values, calendar: CalendarFor(toClient: false));
                continue;
            }

            var (subject, body) = outbox.Render(template, values);
            await clients.CallInsteadAsync(
                found, CallBackKind.Colleague, $"{eventKey}/{expert.Id}", $"専門家の{expert.Name}さんへ、メールの宛先がないため電話で: {subject}\n\n{body}", expert.Phone ?? "", occasion, cancellationToken,
                $"専門家の{expert.Name}さんへ: {ClientLetter.TitleOf(subject)}");
        }

        string? CalendarFor(bool toClient) =>
            entry is { } method ? VisitCalendar.For(method, visit, found, experts, toClient, values["desk"], settings, occasion.Now) : null;
    }

    /// <summary>What every letter about a visit says beside what each about a case does; no link.</summary>
    internal async Task<Dictionary<string, string>> ValuesAsync(Visit visit, Case found, IReadOnlyList<Expert> experts, Occasion occasion, CancellationToken cancellationToken)
    {
        var values = await clients.ValuesAsync(found, occasion, cancellationToken);
        values["ordinal"] = $"第{visit.Ordinal}回";
        values["stage"] = VisitWords.Of(visit.Stage);
        values["period"] = VisitWords.FormalPeriod(visit.Plan);
        values["mode"] = CaseWords.Of(visit.Mode);
        values["place"] = VisitWords.PlaceOf(visit, found);
        values["experts"] = string.Join("、", experts
            .Select(e => (e.Name, Tracks: visit.Experts.Where(v => v.ExpertId == e.Id).Select(v => v.Track).Order().ToList())).OrderBy(e => e.Tracks[0])
            .Select(e => visit.Experts.Count == 1 ? e.Name : $"{e.Name}（{string.Join("・", e.Tracks.Select(CaseWords.Of))}）"));
        values["left"] = await clients.QuotaLeftAsync(visit.OrganisationId, visit.Plan.Year, cancellationToken);
        return values;
    }
}
