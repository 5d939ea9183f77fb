using Consultation.Cases;
using Consultation.Experts;
using Consultation.Mail;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Visits;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Disaster;

/// <summary>
/// One message to each client and each expert of a case, however many visits were switched, by mail or by a call of the desk with the same text;
/// the same mail changes their calendars. Who was only held a time for hears nothing.
/// </summary>
public sealed class DisasterLetters(ConsultationDb db, ClientLetter clients, Outbox outbox, VisitLinks links, MailSettings settings)
{
    private const string Template = "disaster-changed";

    internal Task SwitchedAsync(DisasterPlan plan, DisasterItem item, IReadOnlyList<VisitInHand> hands, CancellationToken cancellationToken) => plan.Way == DisasterWay.Web
        ? SendAsync(
            plan, "switched", Told(item, hands), CalendarMethod.Request, was => $"{PeriodOf(was)} 訪問", (was, visit) => $"{PeriodOf(was)} Web会議（{VisitWords.PlaceOf(visit.Visit, visit.Case)}）",
            "日時は変わりません。Web会議で行うのが難しいときは、窓口までご連絡ください。", cancellationToken)
        : SendAsync(
            plan, "switched", Told(item, hands), CalendarMethod.Cancel, was => $"{PeriodOf(was)} 訪問", (was, _) => $"{PeriodOf(was)} 中止（新しい日程は、あらためて窓口からご相談します）",
            "この回は利用可能回数に数えません。", cancellationToken);

    internal Task GivenBackAsync(DisasterPlan plan, DisasterItem item, IReadOnlyList<VisitInHand> hands, CancellationToken cancellationToken) => SendAsync(
        plan, "given-back", Told(item, hands), CalendarMethod.Request, was => $"{PeriodOf(was)} {(plan.Way == DisasterWay.Web ? "Web会議" : "中止")}", (was, visit) => $"{PeriodOf(was)} 訪問（{VisitWords.PlaceOf(visit.Visit, visit.Case)}）",
        "はじめのお約束どおりに戻しました。ご都合が悪いときは、窓口までご連絡ください。", cancellationToken);

    /// <summary>Those whose date was announced.</summary>
    private static List<(DisasterVisit Was, VisitInHand Hand)> Told(DisasterItem item, IReadOnlyList<VisitInHand> hands) =>
        [.. item.Visits.Where(v => !v.Held).Join(hands, was => was.Visit, hand => hand.Visit.Id, (was, hand) => (was, hand))];

    private static string PeriodOf(DisasterVisit was) => $"　第{was.Ordinal}回 {VisitWords.FormalPeriod(new(was.Start, was.End, VisitMode.Visit, null))}";

    private async Task SendAsync(
        DisasterPlan plan, string act, IReadOnlyList<(DisasterVisit Was, VisitInHand Hand)> told, CalendarMethod method, Func<DisasterVisit, string> before, Func<DisasterVisit, VisitInHand, string> after, string afterwards,
        CancellationToken cancellationToken)
    {
        if (told.Count == 0)
        {
            return;
        }

        var (found, occasion) = (told[0].Hand.Case, told[0].Hand.Occasion);
        var ids = told.SelectMany(t => t.Hand.Visit.ExpertIds).Distinct().ToList();
        var experts = await db.Set<Expert>().AsNoTracking().Where(e => ids.Contains(e.Id)).OrderBy(e => e.Id).ToListAsync(cancellationToken);
        var values = await clients.ValuesAsync(found, occasion, cancellationToken);
        values["reason"] = plan.Reason;
        values["experts"] = string.Join("、", experts.Select(e => e.Name));
        values["before"] = string.Join('\n', told.Select(t => before(t.Was)));
        values["after"] = string.Join('\n', told.Select(t => after(t.Was, t.Hand)));
        values["afterwards"] = afterwards;
        // A change that was tried again after a refusal is another event.
        var eventKey = $"disaster-{act}/{plan.Id}/{found.Id}";
        values["link"] = told.Count == 1 && told[0].Hand.Visit.IsOpen ? links.Issue(told[0].Hand.Visit, found) : "";
        await clients.SendAsync(found, Template, eventKey, values, occasion, cancellationToken, Calendar(told, toClient: true));
        values["link"] = "";
        foreach (var expert in experts)
        {
            var own = told.Where(t => t.Hand.Visit.ExpertIds.Contains(expert.Id)).ToList();
            values["to"] = expert.Name;
            values["before"] = string.Join('\n', own.Select(t => before(t.Was)));
            values["after"] = string.Join('\n', own.Select(t => after(t.Was, t.Hand)));
            if (expert.Email is { } email)
            {
                outbox.Send(Template, eventKey, email, Ref.To(expert.Id), Ref.To(found.Id), values, calendar: Calendar(own, toClient: false));
                continue;
            }

            var (subject, body) = outbox.Render(Template, values);
            await clients.CallInsteadAsync(
                found, CallBackKind.Colleague, $"{eventKey}/{expert.Id}", $"専門家の{expert.Name}さんへ、メールの宛先がないため電話で: {subject}\n\n{body}", expert.Phone ?? "", occasion, cancellationToken,
                $"専門家の{expert.Name}さんへ: {ClientLetter.TitleOf(subject)}");
        }

        string Calendar(IReadOnlyList<(DisasterVisit Was, VisitInHand Hand)> of, bool toClient) => string.Concat(of.Select(t =>
            VisitCalendar.For(method, t.Hand.Visit, found, [.. experts.Where(e => t.Hand.Visit.ExpertIds.Contains(e.Id))], toClient, values["desk"], settings, occasion.Now)));
    }
}
