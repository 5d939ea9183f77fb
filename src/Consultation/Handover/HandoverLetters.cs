using Consultation.Cases;
using Consultation.Experts;
using Consultation.Mail;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Staff;
using Consultation.Visits;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Handover;

/// <summary>
/// Tells each client once who comes now, and each expert once what is the own now; by mail, or by a call of the desk with the same text. The same
/// mail renews the dates in their calendars, and takes them out of the one of whoever does not come any more (journey J22).
/// </summary>
public sealed class HandoverLetters(ConsultationDb db, CaseAccess cases, ClientLetter clients, Outbox outbox, DeskBook desks, MailSettings settings)
{
    private const string ToClient = "expert-substituted";
    private const string ToExpert = "hand-over-list";

    /// <param name="eventKey">What happened, with its id.</param>
    /// <param name="before">The name of who would have come.</param>
    /// <param name="taken">False where an expert gets back what was the own.</param>
    internal async Task TellAsync(string eventKey, string before, IReadOnlyList<HandoverDone> done, bool taken, CancellationToken cancellationToken)
    {
        // A question is asked by the offer's own letter, and its client knows of nobody yet.
        var passed = done.Where(d => !d.Asked).ToList();
        var (caseIds, visitIds, people) = (passed.Select(d => d.Case).Distinct().ToList(), passed.SelectMany(d => d.Visits).ToList(), passed.Select(d => d.To).Distinct().ToList());
        await db.Set<Case>().Where(c => caseIds.Contains(c.Id)).LoadAsync(cancellationToken);
        await db.Set<Visit>().Include(v => v.Experts).Where(v => visitIds.Contains(v.Id)).LoadAsync(cancellationToken);
        var coming = db.Set<Visit>().Local.SelectMany(v => v.ExpertIds).Concat(people).Distinct().ToList();
        var experts = await db.Set<Expert>().AsNoTracking().Where(e => coming.Contains(e.Id)).ToDictionaryAsync(e => e.Id, cancellationToken);
        foreach (var ofCase in passed.GroupBy(d => d.Case))
        {
            await ToClientAsync(eventKey, before, [.. ofCase], experts, cancellationToken);
        }

        foreach (var ofExpert in passed.GroupBy(d => d.To).OrderBy(g => g.Key.Value))
        {
            await ToExpertAsync(
                eventKey, experts[ofExpert.Key], [.. ofExpert], taken ? "ご了解いただいた次の案件の担当を引き継いでいただきます。" : "次の案件の担当が、ふたたびあなたに戻りました。", cancellationToken,
                (desk, occasion) => Together(VisitsOf([.. ofExpert]), v => Renewed(v, CaseOf(v), experts, toClient: false, desk, occasion)));
        }
    }

    private async Task ToClientAsync(string eventKey, string before, IReadOnlyList<HandoverDone> done, Dictionary<ExpertId, Expert> experts, CancellationToken cancellationToken)
    {
        var found = CaseOf(done[0]);
        var occasion = await cases.OccasionAsync(found.DeskId, cancellationToken);
        var values = await clients.ValuesAsync(found, occasion, cancellationToken);
        values["before"] = before;
        values["experts"] = string.Join("、", done.GroupBy(d => d.To).Select(g => g.Count() == 1 ? $"{experts[g.Key].Name}（{CaseWords.Of(g.First().Track)}）" : experts[g.Key].Name));
        values["visits"] = VisitsOf(done) is { Count: > 0 } visits
            ? string.Join('\n', visits.Select(v => $"　{VisitWords.FormalPeriod(v.Plan)} 第{v.Ordinal}回（{CaseWords.Of(v.Mode)}） {(v.State == VisitState.Held ? "仮押さえのまま" : "予定どおり行います")}"))
            : "　次の日程は、新しい担当からご相談します。";
        await clients.SendAsync(found, ToClient, $"{eventKey}/{found.Id}", values, occasion, cancellationToken, Together(VisitsOf(done), v => Renewed(v, found, experts, toClient: true, values["desk"], occasion)));

        // Whoever comes to the same visit for the other ministry learns who the partner is.
        foreach (var partner in VisitsOf(done).SelectMany(v => v.ExpertIds).Distinct().Where(e => done.All(d => d.To != e)).Select(e => experts[e]))
        {
            values["to"] = partner.Name;
            var shared = VisitsOf(done).Where(v => v.ExpertIds.Contains(partner.Id));
            await SendAsync(
                ToClient, $"{eventKey}/{found.Id}", partner, found, values, occasion, cancellationToken, Together(shared, v => Renewed(v, found, experts, toClient: false, values["desk"], occasion)));
        }
    }

    /// <summary>Each expert learns once which cases are another's now; the visits leave the own calendar.</summary>
    /// <param name="released">What is theirs no more; <c>To</c> is who had it.</param>
    /// <param name="back">True where whoever was away has returned; false where that one goes.</param>
    internal async Task ReleaseAsync(string eventKey, IReadOnlyList<HandoverDone> released, bool back, CancellationToken cancellationToken)
    {
        var people = released.Select(d => d.To).Distinct().ToList();
        var experts = await db.Set<Expert>().AsNoTracking().Where(e => people.Contains(e.Id)).OrderBy(e => e.Id).ToListAsync(cancellationToken);
        foreach (var expert in experts)
        {
            var own = released.Where(d => d.To == expert.Id).ToList();
            await ToExpertAsync(
                eventKey, expert, [.. own.Select(d => d with { Visits = [] })],
                (back ? "次の案件の担当が、復帰した元の専門家に戻りました。" : "ご不在のあいだ、次の案件を代わりの専門家が担当します。") + "予約していたご相談にお出かけいただく必要はありません。", cancellationToken,
                (desk, occasion) => Together(VisitsOf(own).Where(v => !v.ExpertIds.Contains(expert.Id)), v => VisitCalendar.Without(expert, v, CaseOf(v), desk, settings, occasion.Now)));
        }
    }

    private async Task ToExpertAsync(
        string eventKey, Expert expert, IReadOnlyList<HandoverDone> done, string what, CancellationToken cancellationToken, Func<string, Occasion, string?> calendar)
    {
        var first = CaseOf(done[0]);
        var occasion = await cases.OccasionAsync(first.DeskId, cancellationToken);
        var values = new Dictionary<string, string>
        {
            ["today"] = Wareki.FormatDay(occasion.Today),
            ["to"] = expert.Name,
            ["count"] = $"{done.Select(d => d.Case).Distinct().Count()}",
            ["what"] = what,
            ["list"] = string.Join('\n', done.GroupBy(d => d.Case).Select(g => Line([.. g]))),
            ["desk"] = (await desks.ReadAsync(cancellationToken)).Find(first.DeskId)?.Signature ?? "",
        };
        await SendAsync(ToExpert, $"{eventKey}/{expert.Id}", expert, first, values, occasion, cancellationToken, calendar(values["desk"], occasion));
    }

    private async Task SendAsync(string template, string eventKey, Expert expert, Case found, Dictionary<string, string> values, Occasion occasion, CancellationToken cancellationToken, string? calendar)
    {
        if (expert.Email is { } email)
        {
            outbox.Send(template, eventKey, email, Ref.To(expert.Id), Ref.To(found.Id), values, calendar: calendar);
            return;
        }

        var (subject, body) = outbox.Render(template, values);
        await clients.CallInsteadAsync(
            found, CallBackKind.Colleague, $"{template}/{eventKey}/{expert.Id}", $"専門家の{expert.Name}さんへ、メールの宛先がないため電話で: {subject}\n\n{body}", expert.Phone ?? "", occasion, cancellationToken,
            $"専門家の{expert.Name}さんへ: {ClientLetter.TitleOf(subject)}");
    }

    private string Line(IReadOnlyList<HandoverDone> done)
    {
        var found = CaseOf(done[0]);
        var visits = VisitsOf(done).Select(v => $"\n　　第{v.Ordinal}回 {VisitWords.FormalPeriod(v.Plan)}（{CaseWords.Of(v.Mode)}）");
        return $"・{found.Number} {Prefectures.Find(found.Prefecture)?.Name ?? "（所在地は未確認）"} {string.Join("・", done.Select(d => CaseWords.Of(d.Track)))}{string.Concat(visits)}";
    }

    /// <summary>A hold is in nobody's calendar yet.</summary>
    private static string? Together(IEnumerable<Visit> visits, Func<Visit, string> entry)
    {
        var entries = visits.Where(v => v.State == VisitState.Confirmed).Select(entry).ToList();
        return entries.Count == 0 ? null : string.Concat(entries);
    }

    private string Renewed(Visit visit, Case found, Dictionary<ExpertId, Expert> experts, bool toClient, string desk, Occasion occasion) =>
        VisitCalendar.For(CalendarMethod.Request, visit, found, [.. visit.ExpertIds.Select(e => experts[e])], toClient, desk, settings, occasion.Now);

    private Case CaseOf(Visit visit) => db.Set<Case>().Local.Single(c => c.Id == visit.CaseId);

    private Case CaseOf(HandoverDone done) => db.Set<Case>().Local.Single(c => c.Id == done.Case);

    private List<Visit> VisitsOf(IReadOnlyList<HandoverDone> done)
    {
        var ids = done.SelectMany(d => d.Visits).Distinct().ToList();
        return [.. db.Set<Visit>().Local.Where(v => ids.Contains(v.Id)).OrderBy(v => v.StartsAt)];
    }
}
