using Consultation.Cases;
using Consultation.Experts;
using Consultation.FollowUps;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Routing;
using Consultation.Visits;
using Consultation.Web.Pages.FollowUps;
using Consultation.Web.Pages.Shared;
using Consultation.Web.Pages.Visits;

namespace Consultation.Web.Pages.Expert;

/// <summary>The expert's own cases: the next visit first, then what is owed, then everything that is held.</summary>
public sealed class MyCasesModel(Dispatcher dispatcher, DeskClock clock) : SendingPage(dispatcher)
{
    private const int MostFollowUps = 20;

    public DateTimeOffset Now => clock.Now;

    public IReadOnlyList<NextVisitView> Visits { get; private set; } = [];

    public IReadOnlyList<OwedReportView> Reports { get; private set; } = [];

    /// <summary>Reports the desk took down, waiting for the expert's own word.</summary>
    public IReadOnlyList<OwedReportView> ToConfirm { get; private set; } = [];

    public IReadOnlyList<CaseRowView> Cases { get; private set; } = [];

    public bool More { get; private set; }

    public IReadOnlyList<OfferLine> Offers { get; private set; } = [];

    public IReadOnlyList<FollowUpLineView> FollowUps { get; private set; } = [];

    public int Clashes { get; private set; }

    public async Task OnGetAsync()
    {
        Demand(Permission.KeepOwnAvailability);
        var own = await AskAsync(new ListOwnVisits());
        Visits = [.. own.Booked.Select(ViewOf)];
        Reports = await ReportsAsync(own.Owed);
        ToConfirm = [.. own.ToConfirm.Select(report => new OwedReportView(
            ExpertLinks.ToDictated(report.Visit, report.Track), report.Number, report.Organisation ?? "企業・団体名は未確認", $"第{report.Ordinal}回 {JapaneseDate.Short(JapanTime.DateOf(report.HeldOn))}", null, null))];
        var page = await AskAsync(new ListCases(Narrowing: new(Open: true)));
        Cases = await QueueRows.OfAsync(page.Items, clock, HttpContext.RequestAborted);
        More = page.Next is not null;
        Offers = await OffersAsync();
        FollowUps = await FollowUpLineView.OfAsync(
            (await AskAsync(new ListFollowUps(Limit: MostFollowUps))).Items.Where(row => FollowUpLines.IsOpen(row.State)), clock, "national", HttpContext.RequestAborted);
        Clashes = Actor.Expert is { } expert ? (await AskAsync(new ListVisitsInAbsence(expert))).Count : 0;
    }

    private async Task<IReadOnlyList<OwedReportView>> ReportsAsync(IEnumerable<OwedReport> owed)
    {
        var reports = new List<OwedReportView>();
        foreach (var report in owed)
        {
            reports.Add(new(
                ExpertLinks.ToReport(report.Visit, report.Track), report.Number, report.Organisation ?? "企業・団体名は未確認", $"第{report.Ordinal}回 {JapaneseDate.Short(JapanTime.DateOf(report.HeldOn))}",
                report.Due is { } due ? await clock.OfAsync("提出", due, byHours: false, report.Why, report.District, HttpContext.RequestAborted) : null, report.ReturnedWhy));
        }

        return reports;
    }

    private async Task<IReadOnlyList<OfferLine>> OffersAsync()
    {
        var offers = new List<OfferLine>();
        foreach (var offer in (await AskAsync(new ListOffers())).Items)
        {
            var prefecture = Prefectures.Find(offer.PrefectureCode);
            offers.Add(new(
                offer.Organisation ?? "企業・団体名は未確認", $"{prefecture?.Name ?? "所在地は未確認"}{offer.City}・{CaseWords.Of(offer.Track)}",
                await clock.OfAsync("返事の期限", offer.RespondBy, byHours: false, null, prefecture?.District.Slug ?? "national", HttpContext.RequestAborted)));
        }

        return offers;
    }

    private NextVisitView ViewOf(OwnVisit visit)
    {
        var today = JapanTime.DateOf(visit.Start) == JapanTime.DateOf(Now);
        var when = today ? $"きょう {JapaneseDate.Time(JapanTime.TimeOf(visit.Start))}" : JapaneseDate.ShortTime(visit.Start);
        var leave = visit.Leave;
        var (offToday, off) = (JapanTime.DateOf(leave) == JapanTime.DateOf(visit.Start), JapanTime.DateOf(leave) == JapanTime.DateOf(visit.Start) ? JapaneseDate.Time(JapanTime.TimeOf(leave)) : JapaneseDate.ShortTime(leave));
        var link = QueueRows.LinkTo(visit.Case);
        var area = $"{Prefectures.Find(visit.PrefectureCode)?.Name}{visit.City}";
        return new(
            link, visit.Number, visit.Organisation ?? "企業・団体名は未確認",
            $"{when}〜{JapaneseDate.Time(JapanTime.TimeOf(visit.End))} {CaseWords.Of(visit.Mode)}",
            $"第{visit.Ordinal}回 {VisitWords.Of(visit.Stage)}",
            visit.Mode switch
            {
                VisitMode.Visit => visit.Place is null ? $"{area}(本社の所在地)" : visit.Place.StartsWith(area, StringComparison.Ordinal) ? visit.Place : $"{area} {visit.Place}",
                VisitMode.Web => visit.Place ?? "会議の接続先は未定",
                _ => visit.Place ?? "こちらから電話する",
            },
            visit.Travel > TimeSpan.Zero ? $"{off} 出発 → 移動の目安 {(int)visit.Travel.TotalMinutes}分 → {JapaneseDate.Time(JapanTime.TimeOf(visit.Start))} 開始" : null,
            today && offToday && visit.Travel > TimeSpan.Zero && leave > Now ? $"次は {JapaneseDate.Time(JapanTime.TimeOf(leave))} に出発" : null,
            visit.Together.Count == 0 ? null : $"合同({string.Join("、", visit.Together)})",
            VisitLines.Of(visit.State), visit.Person, visit.Phone, visit.Consented ? "電話番号は未確認です。" : "相談者の同意が記録されるまで、連絡先は表示されません。",
            visit.State == VisitState.Confirmed && visit.Start <= Now ? $"{link}/visits/{visit.Id}/complete" : null, today,
            today && Now < visit.End ? [.. TodayModel.ActsFor(visit.Mode).Select(act => new PageLink(act.Text, ExpertLinks.ToShortNotice(visit.Case, visit.Id, act.Value), false))] : []);
    }
}
