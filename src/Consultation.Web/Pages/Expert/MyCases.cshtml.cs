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

    /// <summary>First visits that are to be booked and are late.</summary>
    public IReadOnlyList<EscalationView> Escalations { get; private set; } = [];

    public IReadOnlyList<CaseRowView> Cases { get; private set; } = [];

    public bool More { get; private set; }

    public IReadOnlyList<OfferLine> Offers { get; private set; } = [];

    public IReadOnlyList<FollowUpLineView> FollowUps { get; private set; } = [];

    public int Clashes { get; private set; }

    public async Task OnGetAsync()
    {
        Demand(Permission.KeepOwnAvailability);
        var own = await AskAsync(new ListOwnVisits());
        Visits = [.. own.Booked.Select(visit => NextVisitView.Of(visit, Now))];
        Reports = await ReportsAsync(own.Owed);
        ToConfirm = [.. own.ToConfirm.Select(report => new OwedReportView(
            ExpertLinks.ToDictated(report.Visit, report.Track), report.Number, report.Organisation ?? "企業・団体名は未確認", $"第{report.Ordinal}回 {JapaneseDate.Short(JapanTime.DateOf(report.HeldOn))}", null, null))];
        var page = await AskAsync(new ListCases(Narrowing: new(Open: true)));
        Cases = await QueueRows.OfAsync(page.Items, clock, HttpContext.RequestAborted);
        More = page.Next is not null;
        Offers = await OffersAsync();
        Escalations = await EscalationView.OfAsync(await AskAsync(new ListEscalations()), clock, HttpContext.RequestAborted);
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
                await clock.OfAsync("返事の期限", offer.RespondBy, byHours: false, offer.Why, prefecture?.District.Slug ?? "national", HttpContext.RequestAborted)));
        }

        return offers;
    }
}
