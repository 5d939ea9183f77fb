using Consultation.Cases;
using Consultation.Experts;
using Consultation.Reference;
using Consultation.Visits;
using Consultation.Web.Pages.Shared;
using Consultation.Web.Pages.Visits;

namespace Consultation.Web.Pages.Expert;

/// <summary>An offer that waits for an answer. Who asks is shown only with consent.</summary>
public sealed record OfferCard(
    string Id, string CaseLink, string Number, string Organisation, string Facts, Lead Lead, IReadOnlyList<TopicView> Topics, DeadlineView RespondBy, string? Contact, bool Consented);

/// <summary>A consultation that stands in the expert's diary.</summary>
/// <param name="Leave">When to leave; null where nobody travels or it is too late to say.</param>
/// <param name="Acts">遅れる・Webに変更・延期 for a visit of today.</param>
public sealed record NextVisitView(
    string CaseLink, string Number, string Organisation, string When, string Round, string Where, string? Way, string? Leave, string? Together, StateView State, string? Person, string? Phone, string? NoPhoneWhy,
    string? CompleteLink, bool IsToday, IReadOnlyList<PageLink> Acts, string SheetLink)
{
    public static NextVisitView Of(OwnVisit visit, DateTimeOffset now)
    {
        var today = JapanTime.DateOf(visit.Start) == JapanTime.DateOf(now);
        var when = today ? $"きょう {JapaneseDate.Time(JapanTime.TimeOf(visit.Start))}" : JapaneseDate.ShortTime(visit.Start);
        var leave = visit.Leave;
        var offToday = JapanTime.DateOf(leave) == JapanTime.DateOf(visit.Start);
        var off = offToday ? JapaneseDate.Time(JapanTime.TimeOf(leave)) : JapaneseDate.ShortTime(leave);
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
            today && offToday && visit.Travel > TimeSpan.Zero && leave > now ? $"次は {JapaneseDate.Time(JapanTime.TimeOf(leave))} に出発" : null,
            visit.Together.Count == 0 ? null : $"合同({string.Join("、", visit.Together)})",
            VisitLines.Of(visit.State), visit.Person, visit.Phone, visit.Consented ? "電話番号は未確認です。" : "相談者の同意が記録されるまで、連絡先は表示されません。",
            visit.State == VisitState.Confirmed && visit.Start <= now ? $"{link}/visits/{visit.Id}/complete" : null, today,
            today && now < visit.End ? [.. TodayModel.ActsFor(visit.Mode).Select(act => new PageLink(act.Text, ExpertLinks.ToShortNotice(visit.Case, visit.Id, act.Value), false))] : [],
            $"{link}/visits/{visit.Id}/sheet");
    }
}

/// <summary>A report that is owed.</summary>
public sealed record OwedReportView(string Link, string Number, string Organisation, string Visit, DeadlineView? Due, string? ReturnedWhy);

/// <summary>Something that waits for the expert beside the visits, with what it is and until when.</summary>
public sealed record TodoLine(string Kind, string Organisation, string Link, DeadlineView? Due);

/// <summary>An offer on the home page.</summary>
public sealed record OfferLine(string Organisation, string Facts, DeadlineView RespondBy);

/// <summary>One stretch of working time as a row of fields.</summary>
/// <param name="Name">Of the bound property.</param>
/// <param name="Whose">What the labels begin with: 月曜日の1つ目の.</param>
public sealed record StretchView(string Name, string Whose, StretchInput Typed);
