using Consultation.CaseFile;
using Consultation.Cases;
using Consultation.Organisations;
using Consultation.Reference;
using Consultation.Topics;
using Consultation.Visits;
using Consultation.Web.Pages.Settings;
using Consultation.Web.Pages.Shared;
using Consultation.Work;

namespace Consultation.Web.Pages.Cases;

/// <summary>A case file in words: head, facts, story, quota. What may be done with it is <see cref="CaseDoings"/>' business.</summary>
public static class CaseFileWords
{
    private const string NoName = "企業・団体名は未確認";

    public static CaseHeadView Head(CaseFileView file, FullCase full) => new(
        QueueRows.LinkTo(file.Id), file.Number, full.Organisation.Name ?? NoName, CaseSigns.Of(file.Status, full.OnHold),
        full.Tracks.Count(track => track.State != TrackState.Dropped) > 1 ? string.Join("・", new[] { "合同(両省)", JointState.Of(full) }.OfType<string>()) : null,
        string.Join("・", FactsOf(full).OfType<string>()),
        Sides(full));

    /// <summary>Two ministries stand side by side, each with its own clock and report; one alone needs no more than who and how far.</summary>
    private static IReadOnlyList<TrackView> Sides(FullCase full)
    {
        var wanted = full.Tracks.Where(track => track.State != TrackState.Dropped).ToList();
        return [.. wanted.Select(track => new TrackView(
            CaseSigns.Of(track.Track), CaseSigns.Of(track.State), track.Expert, Notes: wanted.Count > 1 ? [.. NotesOf(JointState.SideOf(full, track.Track))] : null))];
    }

    private static IEnumerable<string> NotesOf(JointSide side)
    {
        if (side.Leads)
        {
            yield return "主担当";
        }

        foreach (var clock in side.Clocks)
        {
            yield return $"{CaseWords.Of(clock.Kind)}の期限 {(clock.ByDay ? JapaneseDate.Short(JapanTime.DateOf(clock.Due)) : JapaneseDate.ShortTime(clock.Due))}{(clock.State == DeadlineState.Paused ? "（停止中）" : "")}";
        }

        if (side.ReportOf is { } ordinal)
        {
            yield return $"第{ordinal}回の報告 {(side.Report is { } state ? VisitWords.Of(state) : "未提出")}";
        }
    }

    public static async Task<IReadOnlyList<DeadlineView>> DeadlinesAsync(FullCase full, DeskClock clock, CancellationToken cancellationToken)
    {
        var views = new List<DeadlineView>();
        foreach (var deadline in full.Deadlines)
        {
            var open = await clock.OfAsync(deadline.Kind, deadline.Track, deadline.Due, deadline.Why, full.District, cancellationToken);
            var told = deadline.Escalated is { } step ? $"{JapaneseDate.ShortTime(deadline.EscalatedAt!.Value)}に{CaseWords.Of(step)}へ知らせました" : null;
            views.Add((deadline.State == DeadlineState.Paused ? open.Stopped(deadline.Left) : open) with { Told = told });
        }

        return views;
    }

    /// <summary>Newest first. The inquiry itself stands where the receipt is told.</summary>
    public static IReadOnlyList<StoryItemView> Story(FullCase full, string? show, DateOnly today)
    {
        var contacts = full.Contacts.Where(contact => !IsReceipt(contact, full)).Select(Told);
        var notes = full.Notes.Select(note => new StoryItemView(note.At, "内部メモ", note.Text, note.By, Inside: true));
        // A referral and an answer stand in the story as the contact that told them; their line of the history would say it twice.
        var history = full.History.Where(happened => happened.Kind is not ("logged" or "referred") && !(show is null && happened.Kind == "answer_sent")).Select(happened => new StoryItemView(happened.At, happened.Text, By: AuthorOf(happened.By), Folded: ReportOf(happened, full)));
        IEnumerable<StoryItemView> items = show switch
        {
            "contact" => [.. contacts, Receipt(full, today)],
            "note" => notes,
            "history" => history,
            _ => [.. contacts, .. notes, .. history, Receipt(full, today)],
        };
        return [.. items.OrderByDescending(item => item.At)];
    }

    public static IReadOnlyList<FactView> Facts(FullCase full)
    {
        var organisation = full.Organisation;
        var contact = full.Contact;
        string? Doubt(string field, string words) => full.Doubtful.Contains(field) ? words : null;
        return
        [
            new("連絡先", Joined("・", contact.Name, contact.Role)),
            new("電話番号", contact.Phone, Doubt("contact.phone", "桁数を確かめてください")),
            new("メールアドレス", contact.Email, Doubt("contact.email", "書き方を確かめてください。届かないときは電話の予定を作ります")),
            new("所在地", Joined("", organisation.Prefecture, organisation.City), Doubt("organisation.prefecture", "都道府県名を確かめてください")),
            new("法人番号", organisation.CorporateNumber, Doubt("organisation.corporateNumber", "検査数字が合いません")),
            new("業種", Industries.Find(organisation.Industry)?.Name ?? organisation.Industry, Doubt("organisation.industry", "業種の一覧にありません")),
            new("導入状況", Joined("　", $"前: {CaseWords.Of(full.TeleworkStatus)}", full.TeleworkStatusAfter is { } after ? $"後: {CaseWords.Of(after)}" : null)),
            new("希望", full.PreferredMode is { } mode ? CaseWords.Of(mode) : null),
            new("希望日時", full.Wishes.Count == 0 ? null : string.Join("、", full.Wishes.Select((wish, at) => CaseWords.Of(wish, at + 1)))),
            new("情報の提供", ConsentOf(full), full.Consented ? null : "専門家への打診に個人情報は載りません"),
            new("窓口", full.Desk),
            new("窓口担当", full.HolderName ?? "未定"),
            new("きっかけ", full.Source),
        ];
    }

    public static QuotaView? Quota(FullCase full) => full.Quota is { } quota ? new(quota.Limit, quota.Used, quota.Held, quota.Year, "電話だけの問合せは数えません。") : null;

    public static IReadOnlyList<LedgerLineView> Ledger(FullCase full) =>
        [.. (full.Quota?.Ledger ?? []).Reverse().Select(line => new LedgerLineView(
            JapaneseDate.ShortTime(line.At), MoveOf(line.Kind), line.VisitOn is { } day ? JapaneseDate.Short(day) : "", line.Reason))];

    private static string? ConsentOf(FullCase full) => full.Consent is not { } consent
        ? full.Consented ? "専門家への提供に同意" : null
        : $"同意あり（{JapaneseDate.Short(JapanTime.DateOf(consent.GivenAt))}・{CaseWords.Of(consent.Channel)}{(consent.GivenBy is null ? "" : $"・{consent.GivenBy}")}）";

    private static string MoveOf(QuotaMove move) => move switch
    {
        QuotaMove.Hold => "仮押さえ",
        QuotaMove.Consume => "使用",
        QuotaMove.Release => "取消（戻し）",
        QuotaMove.Move => "日程変更",
        _ => "調整",
    };

    private static IEnumerable<string?> FactsOf(FullCase full)
    {
        var organisation = full.Organisation;
        var prefecture = Prefectures.Find(organisation.Prefecture);
        yield return organisation.Prefecture is null ? "所在地は未確認"
            : $"{organisation.Prefecture}{organisation.City}{(prefecture is null ? "" : prefecture.IsUrban ? "(都市部)" : "(地方部)")}";
        yield return Industries.Find(organisation.Industry)?.Name;
        yield return organisation.Employees is { } employees ? $"{employees:N0}人" : null;
        yield return organisation.CapitalYen is { } yen ? $"資本金 {(yen % 10_000 == 0 ? $"{yen / 10_000:N0}万円" : $"{yen:N0}円")}" : null;
        yield return full.TeleworkStatus == TeleworkStatus.Unknown ? null : CaseWords.Of(full.TeleworkStatus);
    }

    /// <summary>Background work signs with the name of its job.</summary>
    /// <summary>Who did it as people say it: a job is called by what it does.</summary>
    public static string AuthorOf(string by) => by is "demo" or "command-line" ? "自動処理" : Schedule.Jobs.Any(job => job.Name == by) ? $"自動処理: {SettingsWords.OfJob(by)}" : by;

    private static bool IsReceipt(FileContact contact, FullCase full) =>
        contact is { Direction: ContactDirection.In, Text: null } && contact.At == full.ReceivedAt && contact.Channel == full.Channel;

    /// <summary>The text of a report where its filing is told; what was written over since is told without it.</summary>
    private static string? ReportOf(FileEvent happened, FullCase full) => happened.Kind is not ("reported" or "report_confirmed") ? null
        : full.Visits.SelectMany(visit => visit.Reports).FirstOrDefault(report => report.FiledAt == happened.At && happened.By == report.FiledBy && report.Text.Length > 0)?.Text;

    private static StoryItemView Receipt(FullCase full, DateOnly today) => new(
        full.ReceivedAt, $"{CaseWords.Of(full.Channel)}で受付", Evidence: SuggestionWords.Of(full.Suggestion, full.Text, today).Evidence,
        By: Joined("・", full.Contact.Name, full.Contact.Role, full.Source is null ? null : $"きっかけ: {full.Source}"));

    private static StoryItemView Told(FileContact contact) => new(
        contact.At,
        $"{CaseWords.Of(contact.Channel)}({(contact.Direction == ContactDirection.In ? "相談者から" : "こちらから")})",
        contact.Text,
        Joined("・", contact.Direction == ContactDirection.In ? contact.Person is null ? contact.By : $"{contact.Person} → {contact.By}" : contact.Person is null ? contact.By : $"{contact.By} → {contact.Person}",
            contact.Minutes is { } minutes ? $"{minutes}分" : null),
        State: contact.Result switch
        {
            ContactResult.NoAnswer => new("先方不在", Tone.Quiet, Shape.Declined),
            ContactResult.Message => new("伝言", Tone.Plain, Shape.Letter),
            _ => null,
        });

    private static string? Joined(string separator, params IEnumerable<string?> parts)
    {
        var known = parts.Where(part => !string.IsNullOrWhiteSpace(part)).ToList();
        return known.Count == 0 ? null : string.Join(separator, known);
    }
}
