using Consultation.Cases;
using Consultation.Experts;
using Consultation.FollowUps;
using Consultation.Mail;
using Consultation.Messaging;
using Consultation.Organisations;
using Consultation.Reference;
using Consultation.Routing;
using Consultation.Staff;
using Consultation.Topics;
using Consultation.Visits;

namespace Consultation.Demo;

/// <summary>The letters of a load, from the real templates; all of them have left the house.</summary>
internal sealed class LoadLetters(LoadRows rows, string domain)
{
    public void Received(Case found, Desk desk, int quota, DateTimeOffset now)
    {
        var values = Values(found, desk, now);
        values["received"] = Wareki.FormatTime(found.ReceivedAt);
        values["left"] = ClientLetter.Left(quota, quota, FiscalYear.Of(now));
        Send("inquiry-received", $"inquiry-received/{found.Id}", found.Email!, null, found, values, now);
    }

    public void Offered(Case found, Desk desk, Offer offer, Expert expert, DateTimeOffset now)
    {
        var values = Values(found, desk, now);
        values["expert"] = expert.Name;
        values["ministry"] = CaseWords.Of(offer.Track);
        values["prefecture"] = Prefectures.Find(found.Prefecture)?.Name ?? "（未確認）";
        values["topics"] = found.Topics.Length == 0 ? "（未確認）" : string.Join("、", found.Topics.Select(t => TopicCatalogue.Find(t)?.NameJa ?? t));
        values["mode"] = found.PreferredMode is { } mode ? CaseWords.Of(mode) : "（未確認）";
        values["respondBy"] = Wareki.FormatTime(offer.RespondBy);
        values["why"] = Offering.WhyOf(found, offer.Track);
        Send(Offering.Template, $"offer/{offer.Id}", expert.Email!, Ref.To(expert.Id), found, values, now);
    }

    /// <summary>To the client and to everybody who comes.</summary>
    public void AboutVisit(
        string template, Visit visit, Case found, Desk desk, IReadOnlyList<Expert> experts, QuotaAccount account, DateTimeOffset now, Dictionary<string, string>? own = null)
    {
        var values = Values(found, desk, now);
        foreach (var (gap, value) in own ?? [])
        {
            values[gap] = value;
        }

        values["ordinal"] = $"第{visit.Ordinal}回";
        values["stage"] = VisitWords.Of(visit.Stage);
        values["period"] = VisitWords.FormalPeriod(visit.Plan);
        values["mode"] = CaseWords.Of(visit.Mode);
        values["place"] = VisitWords.PlaceOf(visit, found);
        values["experts"] = string.Join("、", experts.Select(e => e.Name));
        values["left"] = ClientLetter.Left(account.Left, account.Limit, visit.Plan.Year);
        var eventKey = $"{template}/{visit.Id}/{visit.Sequence}";
        Send(template, eventKey, found.Email!, null, found, values, now);
        foreach (var expert in experts)
        {
            values["to"] = expert.Name;
            Send(template, eventKey, expert.Email!, Ref.To(expert.Id), found, values, now);
        }
    }

    public void FollowUpDue(FollowUp followUp, Case found, Desk desk, int left, int limit, DateTimeOffset now)
    {
        var values = Values(found, desk, now);
        values["visited"] = Wareki.Format(followUp.BaseOn);
        values["months"] = FollowUpWords.Since(followUp);
        values["left"] = ClientLetter.Left(left, limit, FiscalYear.Of(now));
        Send("follow-up-due", $"follow-up-due/{followUp.Id}/{followUp.DueOn:yyyyMMdd}", found.Email!, null, found, values, now);
    }

    private static Dictionary<string, string> Values(Case found, Desk desk, DateTimeOffset now) => new()
    {
        ["today"] = Wareki.FormatDay(JapanTime.DateOf(now)),
        ["to"] = $"{found.OrganisationName} {found.ContactName ?? "ご担当者"}".Trim(),
        ["number"] = found.Number,
        ["organisation"] = found.OrganisationName ?? "（企業・団体名は未確認）",
        ["desk"] = desk.Signature,
    };

    private void Send(string template, string eventKey, string recipient, Ref? person, Case found, Dictionary<string, string> values, DateTimeOffset now)
    {
        var (subject, body) = MailTemplate.Find(template).Render(values);
        var mail = new OutgoingMail(eventKey, recipient, person, template, 0, Ref.To(found.Id), subject, body, null, domain, null, now);
        mail.SentAtOnce(now.AddSeconds(20));
        rows.Add(mail);
    }
}
