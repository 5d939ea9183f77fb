using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Routing;
using Consultation.Visits;
using Consultation.Web.Pages.Shared;
using Consultation.Web.Pages.Visits;

namespace Consultation.Web.Pages.Expert;

/// <summary>The expert's own cases: the next visit first, then what is owed, then everything that is held.</summary>
public sealed class MyCasesModel(Dispatcher dispatcher, DeskClock clock) : SendingPage(dispatcher)
{
    public DateTimeOffset Now => clock.Now;

    public IReadOnlyList<NextVisitView> Visits { get; private set; } = [];

    public IReadOnlyList<OwedReportView> Reports { get; private set; } = [];

    public IReadOnlyList<CaseRowView> Cases { get; private set; } = [];

    public bool More { get; private set; }

    public int Offers { get; private set; }

    public async Task OnGetAsync()
    {
        var own = await AskAsync(new ListOwnVisits());
        Visits = [.. own.Booked.Select(ViewOf)];
        var reports = new List<OwedReportView>();
        foreach (var owed in own.Owed)
        {
            reports.Add(new(
                $"{QueueRows.LinkTo(owed.Case)}/visits/{owed.Visit}/report?track={owed.Track}", owed.Number, owed.Organisation ?? "企業・団体名は未確認",
                $"第{owed.Ordinal}回 {JapaneseDate.Short(JapanTime.DateOf(owed.HeldOn))}",
                owed.Due is { } due ? await clock.OfAsync(DeadlineKind.Report, owed.Track, due, owed.Why, owed.District, HttpContext.RequestAborted) : null, owed.ReturnedWhy));
        }

        Reports = reports;
        var page = await AskAsync(new ListCases());
        Cases = await QueueRows.OfAsync(page.Items.Where(row => row.Status != CaseStatus.Closed), clock, HttpContext.RequestAborted);
        More = page.Next is not null;
        Offers = (await AskAsync(new ListOffers())).Items.Count;
    }

    private NextVisitView ViewOf(OwnVisit visit)
    {
        var today = JapanTime.DateOf(visit.Start) == JapanTime.DateOf(Now);
        var when = today ? $"きょう {JapaneseDate.Time(JapanTime.TimeOf(visit.Start))}" : JapaneseDate.ShortTime(visit.Start);
        var leave = visit.Start - visit.Travel;
        return new(
            QueueRows.LinkTo(visit.Case), visit.Number, visit.Organisation ?? "企業・団体名は未確認",
            $"{when}〜{JapaneseDate.Time(JapanTime.TimeOf(visit.End))} {CaseWords.Of(visit.Mode)}",
            visit.Mode == VisitMode.Visit
                ? $"{Prefectures.Find(visit.PrefectureCode)?.Name}{visit.City} {visit.Place} 移動の目安 {(int)visit.Travel.TotalMinutes}分。"
                : visit.Place ?? "",
            today && visit.Travel > TimeSpan.Zero && leave > Now ? $"次は {JapaneseDate.Time(JapanTime.TimeOf(leave))} に出発" : null,
            visit.Together.Count == 0 ? null : $"合同({string.Join("、", visit.Together)})",
            VisitLines.Of(visit.State),
            visit.State == VisitState.Confirmed && visit.Start <= Now ? $"{QueueRows.LinkTo(visit.Case)}/visits/{visit.Id}/complete" : null);
    }
}
