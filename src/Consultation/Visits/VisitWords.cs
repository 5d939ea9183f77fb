using Consultation.Cases;
using Consultation.Experts;
using Consultation.Reference;

namespace Consultation.Visits;

/// <summary>The Japanese words for what a visit knows; pages, mails and history say the same.</summary>
public static class VisitWords
{
    public static string Of(VisitState state) => state switch
    {
        VisitState.Held => "仮押さえ",
        VisitState.Confirmed => "確定",
        VisitState.TookPlace => "実施",
        VisitState.Cancelled => "中止",
        VisitState.NoShow => "先方不在",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    public static string Of(VisitStage stage) => stage switch
    {
        VisitStage.Assess => "現状把握",
        VisitStage.Prepare => "導入準備",
        VisitStage.FollowUp => "導入後フォロー",
        _ => throw new ArgumentOutOfRangeException(nameof(stage)),
    };

    public static string Of(CancelledBy by) => by switch
    {
        CancelledBy.Client => "相談者都合",
        CancelledBy.Expert => "専門家都合",
        CancelledBy.Desk => "窓口都合",
        CancelledBy.Disaster => "災害",
        _ => throw new ArgumentOutOfRangeException(nameof(by)),
    };

    public static string Of(ReportNext next) => next == ReportNext.Done ? "支援終了" : "次回あり";

    public static string Of(ReportState state) => state switch
    {
        ReportState.Submitted => "提出済",
        ReportState.Returned => "差戻し",
        ReportState.Approved => "承認",
        ReportState.NotFiled => "未提出で終了",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    /// <summary>11月24日(火) 10:00〜11:00.</summary>
    public static string Period(VisitPlan plan) => $"{JapaneseDate.ShortTime(plan.Start)}〜{JapaneseDate.Time(JapanTime.TimeOf(plan.End))}";

    /// <summary>第2回 11月24日(火) 10:00〜11:00（訪問）.</summary>
    public static string Of(Visit visit) => $"第{visit.Ordinal}回 {Period(visit.Plan)}（{CaseWords.Of(visit.Mode)}）";

    /// <summary>令和8年11月25日(水) 10:00〜11:00, for letters.</summary>
    public static string FormalPeriod(VisitPlan plan) =>
        $"{Wareki.FormatDay(plan.On)} {JapaneseDate.Time(JapanTime.TimeOf(plan.Start))}〜{JapaneseDate.Time(JapanTime.TimeOf(plan.End))}";

    /// <summary>Where, in words that a letter can say even when nobody has told the place yet.</summary>
    /// <param name="person">False for a reader who may not know the client's person: where the client is called, the place is a telephone.</param>
    public static string PlaceOf(Visit visit, Case found, bool person = true) => PlaceSeen(visit.Mode, visit.Place, person) ?? visit.Mode switch
    {
        VisitMode.Web => "接続先は担当の専門家からお知らせします",
        VisitMode.Phone when !person => "お電話番号は、相談者の同意が記録されると案件の画面に表示されます",
        VisitMode.Phone => found.Phone is { } phone ? $"{phone} にお電話します" : "お電話番号を窓口までお知らせください",
        _ => $"貴社（団体）の所在地（{Prefectures.Find(found.Prefecture)?.Name}{found.City}）".Replace("（）", "", StringComparison.Ordinal),
    };

    /// <summary>The place as typed, for whom it may be shown: that of a telephone consultation is the client's number.</summary>
    public static string? PlaceSeen(VisitMode mode, string? place, bool person) => mode == VisitMode.Phone && !person ? null : place;
}
