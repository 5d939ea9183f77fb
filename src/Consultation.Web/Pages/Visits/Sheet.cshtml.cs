using Consultation.CaseFile;
using Consultation.Cases;
using Consultation.Mail;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Topics;
using Consultation.Visits;
using Consultation.Web.Pages.Cases;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Visits;

/// <summary>One fact of the sheet.</summary>
public sealed record SheetFact(string Name, string Value, bool Wide = false);

public sealed record SheetAdviceView(string Title, string Text);

/// <summary>The 相談票: one A4 page in black and white with room to write, and a code that leads to where the outcome is recorded (journey J54).</summary>
public sealed class SheetModel(Dispatcher dispatcher, MailSettings mail) : SendingPage(dispatcher)
{
    private const int MostOfInquiry = 360;
    private const int MostOfAdvice = 320;

    public VisitSheet Sheet { get; private set; } = null!;

    public QrView Code { get; private set; } = null!;

    public string CodeLeadsTo { get; private set; } = "";

    /// <summary>Where the code leads, for who reads the sheet on a phone.</summary>
    public string RecordLink { get; private set; } = "";

    public string CaseLink { get; private set; } = "";

    public string Organisation { get; private set; } = "";

    public IReadOnlyList<SheetFact> Client { get; private set; } = [];

    public IReadOnlyList<SheetFact> Meeting { get; private set; } = [];

    public IReadOnlyList<SheetFact> Route { get; private set; } = [];

    public IReadOnlyList<SheetAdviceView> Advice { get; private set; } = [];

    public string Inquiry { get; private set; } = "";

    [BindProperty(SupportsGet = true)]
    public string Id { get; set; } = "";

    [BindProperty(SupportsGet = true)]
    public string? Visit { get; set; }

    public async Task OnGetAsync()
    {
        var id = CaseId.TryParse(Id, null, out var known) ? known : throw new NotFound();
        VisitId? visit = Visit is null ? null : VisitId.TryParse(Visit, null, out var asked) ? asked : throw new NotFound();
        Sheet = await AskAsync(new GetVisitSheet(id, visit));
        CaseLink = QueueRows.LinkTo(id);
        var leads = visit is null ? CaseLink : $"{CaseLink}/visits/{visit}/complete";
        RecordLink = leads;
        CodeLeadsTo = visit is null ? "案件を開く" : "結果を記録する";
        // The sheet is read elsewhere: behind a gateway the host that we were asked under may be known to nobody outside.
        Code = new($"{mail.Links ?? $"{Request.Scheme}://{Request.Host}{Request.PathBase}"}{leads}", $"{CodeLeadsTo}ページの QR コード");
        Organisation = Sheet.Organisation.Name ?? "企業・団体名は未確認";
        Client = [.. ClientFacts()];
        Meeting = [.. MeetingFacts()];
        Route = [.. RouteFacts()];
        Inquiry = Shortened(Sheet.Text, MostOfInquiry);
        Advice = [.. Sheet.Advice.Select(advice => new SheetAdviceView(
            $"{CaseWords.Of(advice.Track)} 第{advice.Ordinal}回 {JapaneseDate.Short(JapanTime.DateOf(advice.On))}", Shortened(advice.Text, MostOfAdvice)))];
    }

    private IEnumerable<SheetFact> ClientFacts()
    {
        var organisation = Sheet.Organisation;
        yield return new("所在地", Joined("", organisation.Prefecture, organisation.City) ?? "未確認");
        yield return new("業種・従業員数", Joined("・", Industries.Find(organisation.Industry)?.Name, organisation.Employees is { } employees ? $"{employees:N0}人" : null) ?? "未確認");
        yield return new("導入状況", CaseWords.Of(Sheet.TeleworkStatus));
        if (Sheet.Contact is not { } contact)
        {
            yield return new("連絡先", "相談者の同意が記録されるまで表示しません", true);
            yield break;
        }

        yield return new("担当者", Joined("・", contact.Name, contact.Role) ?? "未確認");
        yield return new("電話番号", contact.Phone ?? "未確認");
        yield return new("メールアドレス", contact.Email ?? "未確認");
    }

    private IEnumerable<SheetFact> MeetingFacts()
    {
        if (Sheet.Visit is { } visit)
        {
            yield return new("回・段階", $"{VisitLines.Title(visit)}({VisitWords.Of(visit.State)})");
            yield return new("日時", $"{Wareki.FormatDay(JapanTime.DateOf(visit.Start))} {JapaneseDate.Time(JapanTime.TimeOf(visit.Start))}〜{JapaneseDate.Time(JapanTime.TimeOf(visit.End))}");
            yield return new("方法・場所", Joined(" ", CaseWords.Of(visit.Mode), visit.Place ?? (visit.Mode == Consultation.Experts.VisitMode.Visit ? "本社の所在地" : null))!, true);
            yield return new("専門家", string.Join("、", visit.Experts.Select(expert => $"{expert.Name}({CaseWords.Of(expert.Track)})")), true);
        }
        else
        {
            yield return new("日時", "　　　　年　　月　　日(　)　　時　　分〜　　時　　分", true);
        }

        yield return new("利用可能回数", Sheet.Quota is { } quota ? $"残り {quota.Left}回({quota.Year}: 上限 {quota.Limit}・使用 {quota.Used}・仮押さえ {quota.Held}{(Sheet.Visit is { QuotaUnits: > 0, State: VisitState.Held or VisitState.Confirmed } ? "。この回を含む" : "")})" : "企業・団体が未確認のため数えていません", true);
    }

    private IEnumerable<SheetFact> RouteFacts()
    {
        yield return new("担当", Sheet.Tracks.Count == 0 ? "まだ振り分けていません" : string.Join("　", Sheet.Tracks.Select(track =>
            $"{CaseWords.Of(track.Track)}{(Sheet.Tracks.Count > 1 && track.Track == Sheet.Lead ? "(主担当)" : "")} {track.Expert ?? "未定"}")), true);
        yield return new("分野", Sheet.Topics.Count == 0 ? "未定" : string.Join("、", CaseSigns.Topics(Sheet.Topics).Select(topic => $"{topic.Name}({topic.Lead.Name})")), true);
        if (Sheet.RouteReason is { } why)
        {
            yield return new("振り分け", why.Replace("振り分け: ", "", StringComparison.Ordinal), true);
        }
    }

    /// <summary>In one paragraph and of bounded length: the sheet is one page whatever was written.</summary>
    private static string Shortened(string text, int most)
    {
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= most ? line : $"{line[..(char.IsHighSurrogate(line[most - 1]) ? most - 1 : most)]}…(続きは案件のページ)";
    }

    private static string? Joined(string separator, params IEnumerable<string?> parts)
    {
        var known = parts.Where(part => !string.IsNullOrWhiteSpace(part)).ToList();
        return known.Count == 0 ? null : string.Join(separator, known);
    }
}
