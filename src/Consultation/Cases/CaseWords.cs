using Consultation.Reference;
using Consultation.Experts;
using Consultation.Topics;

namespace Consultation.Cases;

/// <summary>The Japanese words for what a case knows, in one place, so that pages, mails and history say the same (ui.md, "Wording").</summary>
public static class CaseWords
{
    public static string Of(CaseStatus status) => status switch
    {
        CaseStatus.Received => "受付",
        CaseStatus.Waiting => "割当待ち",
        CaseStatus.Offered => "受諾待ち",
        CaseStatus.Assigned => "日程調整中",
        CaseStatus.Booked => "実施予定",
        CaseStatus.ReportDue => "報告待ち",
        CaseStatus.FollowingUp => "フォローアップ中",
        CaseStatus.Closed => "完了",
        _ => throw new ArgumentOutOfRangeException(nameof(status)),
    };

    public static string Of(CaseAction action) => action switch
    {
        CaseAction.AddContact => "対応記録の追加",
        CaseAction.AddNote => "内部メモの追加",
        CaseAction.Edit => "内容の更新",
        CaseAction.Route => "振り分け",
        CaseAction.JoinTrack => "もう一方の省の開始",
        CaseAction.Offer => "専門家への打診",
        CaseAction.AnswerOffer => "受諾・辞退",
        CaseAction.Reassign => "担当の変更",
        CaseAction.Book => "日程の予約",
        CaseAction.ChangeVisit => "予約の変更",
        CaseAction.CompleteVisit => "実施の確認",
        CaseAction.WriteReport => "報告",
        CaseAction.WorkFollowUp => "フォローアップの記録",
        CaseAction.Hold => "保留",
        CaseAction.Resume => "保留の解除",
        CaseAction.HandOver => "引継ぎ",
        CaseAction.Close => "完了",
        CaseAction.Reopen => "再開",
        _ => throw new ArgumentOutOfRangeException(nameof(action)),
    };

    public static string Of(EscalationStep step) => step switch
    {
        EscalationStep.Holder => "担当",
        EscalationStep.Desk => "窓口",
        EscalationStep.Supervisor => "業務責任者",
        _ => throw new ArgumentOutOfRangeException(nameof(step)),
    };

    public static string Of(Track track) => track == Track.Mic ? "総務省" : "厚労省";

    public static string Of(TrackState state) => state switch
    {
        TrackState.Wanted => "割当待ち",
        TrackState.Later => "後から参加",
        TrackState.Offered => "受諾待ち",
        TrackState.Held => "担当",
        TrackState.Done => "終了",
        TrackState.Dropped => "不要",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    public static string Of(Channel channel) => channel switch
    {
        Channel.Phone => "電話",
        Channel.Email => "メール",
        Channel.Web => "Webフォーム",
        Channel.Event => "イベント",
        Channel.Visit => "来所・訪問",
        Channel.Import => "取込み",
        _ => throw new ArgumentOutOfRangeException(nameof(channel)),
    };

    /// <summary>第1希望 12月3日(木) 10:00〜12:00</summary>
    public static string Of(VisitWish wish, int rank) =>
        $"第{rank}希望 {JapaneseDate.Short(wish.Date)}" + (wish.From is null && wish.Until is null ? "" : $" {(wish.From is { } from ? JapaneseDate.Time(from) : "")}〜{(wish.Until is { } until ? JapaneseDate.Time(until) : "")}");

    public static string Of(VisitMode mode) => mode switch
    {
        VisitMode.Visit => "訪問",
        VisitMode.Web => "Web会議",
        VisitMode.Phone => "電話",
        _ => throw new ArgumentOutOfRangeException(nameof(mode)),
    };

    public static string Of(TeleworkStatus status) => status switch
    {
        TeleworkStatus.Introduced => "導入している",
        TeleworkStatus.Planned => "導入予定がある",
        TeleworkStatus.None => "導入していない",
        TeleworkStatus.Trial => "試行中",
        TeleworkStatus.Stopped => "以前導入していたが中止",
        TeleworkStatus.Unknown => "不明",
        _ => throw new ArgumentOutOfRangeException(nameof(status)),
    };

    public static string Of(CaseOutcome outcome) => outcome switch
    {
        CaseOutcome.Completed => "支援完了",
        CaseOutcome.Answered => "窓口で回答済",
        CaseOutcome.Referred => "他窓口へ紹介",
        CaseOutcome.OutOfScope => "対象外",
        CaseOutcome.Withdrawn => "取下げ",
        CaseOutcome.Duplicate => "重複",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
    };

    public static string Of(DeadlineKind kind) => kind switch
    {
        DeadlineKind.FirstResponse => "初回応答",
        DeadlineKind.CallBack => "折り返し",
        DeadlineKind.Assignment => "割当て",
        DeadlineKind.Acceptance => "受諾",
        DeadlineKind.FirstVisit => "日程調整",
        DeadlineKind.Report => "報告",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
