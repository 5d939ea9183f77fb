using Consultation.Mail;
using Consultation.Messaging;
using Consultation.Organisations;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Staff;

namespace Consultation.Cases;

/// <summary>
/// Tells a client something in writing: by mail where the case has a usable address, else by a call task that carries the same text
/// (design §2: whatever cannot be mailed becomes a call task). The same event a second time is a no-op either way.
/// </summary>
public sealed class ClientLetter(ConsultationDb db, Outbox outbox, DeskBook desks, ProgrammeBook programmes, CallTasks calls)
{
    /// <summary>What somebody who is written to in the morning still reads before leaving.</summary>
    private static readonly TimeSpan Notice = TimeSpan.FromHours(3);

    /// <summary>What every letter about a case says: its date, to whom, the number, the organisation and the desk's signature.</summary>
    public async Task<Dictionary<string, string>> ValuesAsync(Case found, Occasion occasion, CancellationToken cancellationToken) => new()
    {
        ["today"] = Wareki.FormatDay(occasion.Today),
        ["to"] = string.Join(' ', new[] { found.OrganisationName, found.ContactName ?? "ご担当者" }.Where(n => n is not null)),
        ["number"] = found.Number,
        ["organisation"] = found.OrganisationName ?? "（企業・団体名は未確認）",
        ["desk"] = (await desks.ReadAsync(cancellationToken)).Find(found.DeskId)?.Signature ?? "",
    };

    /// <summary>残り2回／3回（令和8年度）: what a letter says of the account that a visit in that fiscal year is charged to.</summary>
    /// <param name="owner">Whose account; the full number where nobody is known yet.</param>
    public async Task<string> QuotaLeftAsync(OrganisationId? owner, FiscalYear year, CancellationToken cancellationToken)
    {
        if (await programmes.FindAsync(year, cancellationToken) is not { } programme)
        {
            return $"{year.Label}の利用可能回数は、決まりしだいお知らせします";
        }

        // Tracked, so that what this very change holds or releases is counted.
        var account = owner is { } organisation ? await QuotaAccount.FindAsync(db, organisation, programme, cancellationToken) : null;
        return Left(account?.Left ?? programme.QuotaLimit, account?.Total ?? programme.QuotaLimit, year);
    }

    internal static string Left(int left, int limit, FiscalYear year) => $"残り{left}回／{limit}回（{year.Label}）";

    /// <param name="found">Loaded for change, so that nobody else writes the same letter meanwhile.</param>
    /// <param name="template">The name of an embedded file, without <c>.mail.txt</c>.</param>
    /// <param name="eventKey">What happened, with its id.</param>
    /// <param name="calendar">For the client's calendar; a call has none.</param>
    /// <param name="neededBy">When the client must have read it, such as the beginning of the visit: quiet hours that end too late for that do not hold it.</param>
    /// <exception cref="RuleViolation"><c>mail.gap_missing</c>: a gap of the template has no value.</exception>
    public async Task SendAsync(Case found, string template, string eventKey, IReadOnlyDictionary<string, string> values, Occasion occasion, CancellationToken cancellationToken, string? calendar = null,
        DateTimeOffset? neededBy = null)
    {
        if (found.CanBeMailed)
        {
            var wait = MailTemplate.Find(template).AnyHour ? null : (await desks.ReadAsync(cancellationToken)).Find(found.DeskId)?.MailWait(occasion.Calendar, occasion.Now);
            wait = wait is not null && neededBy > occasion.Now && neededBy - Notice < wait.At ? null : wait;
            outbox.Send(template, eventKey, found.Email!, null, Ref.To(found.Id), values, wait, calendar);
            return;
        }

        var (subject, body) = outbox.Render(template, values);
        await CallInsteadAsync(
            found, CallBackKind.Letter, $"{template}/{eventKey}", $"メールの宛先がないため電話で: {subject}\n\n{body}", found.Phone, occasion, cancellationToken, TitleOf(subject));
    }

    /// <summary>A call that is owed from the next opening on, once for each event.</summary>
    /// <param name="title">What to tell, in a line; the whole text stands beside.</param>
    internal Task CallInsteadAsync(
        Case found, CallBackKind kind, string eventKey, string text, string? phone, Occasion occasion, CancellationToken cancellationToken, string? title = null) =>
        calls.OweAsync(found, kind, eventKey, text, phone, "メールを送れないため、同じ内容を電話で伝えます", title, occasion, cancellationToken);

    /// <summary>The subject of a letter without the name of the service and the number: 第1回のご相談日が決まりました.</summary>
    internal static string TitleOf(string subject)
    {
        var from = subject.StartsWith('【') ? subject.IndexOf('】') + 1 : 0;
        var to = subject.EndsWith('）') ? subject.LastIndexOf('（') : subject.Length;
        return subject[from..Math.Max(from, to)].Trim();
    }
}
