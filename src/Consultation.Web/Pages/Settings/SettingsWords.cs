using Consultation.Mail;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Staff;
using Consultation.Web.Pages.Shared;
using Consultation.Work;

namespace Consultation.Web.Pages.Settings;

/// <summary>What an administrator reads, in words, colours and shapes.</summary>
public static class SettingsWords
{
    private static readonly Role[] People = [Role.Desk, Role.Centre, Role.Supervisor, Role.Expert, Role.Ministry, Role.Auditor, Role.Administrator];

    public static readonly IReadOnlyList<Choice> Roles = [.. People.Select(role => Choices.Of(role, Of(role)))];

    public static string Of(Role role) => role switch
    {
        Role.Desk => "窓口担当",
        Role.Centre => "センター相談員",
        Role.Expert => "専門家",
        Role.Supervisor => "業務責任者",
        Role.Ministry => "省担当者",
        Role.Auditor => "監査閲覧者",
        Role.Administrator => "システム管理者",
        Role.System => "システム",
        _ => "申込者",
    };

    public static StateView Active(bool active) => active ? new("利用中", Tone.Ok, Shape.Accepted) : new("利用停止", Tone.Quiet, Shape.Declined);

    public static StateView Of(TokenRow token, DateTimeOffset now) =>
        token.IsOpen(now) ? new("有効", Tone.Ok, Shape.Accepted)
        : token.RevokedAt is not null ? new("失効", Tone.Quiet, Shape.Declined)
        : !token.OwnerActive ? new("利用停止", Tone.Quiet, Shape.Declined)
        : new("期限切れ", Tone.Quiet, Shape.Time);

    public static StateView Of(DeskLine desk) => desk.InForce ? new("受付中", Tone.Ok, Shape.Accepted) : new("受付期間外", Tone.Warn, Shape.Paused);

    public static string Hours(DeskLine desk) =>
        $"{JapaneseDate.Time(desk.Opens)}～{JapaneseDate.Time(desk.Closes)}" + (desk is { LunchFrom: { } from, LunchTo: { } to } ? $"(昼休み {JapaneseDate.Time(from)}～{JapaneseDate.Time(to)})" : "");

    public static string Dates(DeskLine desk) => $"{JapaneseDate.Long(desk.EffectiveFrom)} から" + (desk.EffectiveTo is { } to ? $" {JapaneseDate.Long(to)} まで" : "");

    public static string Of(MailState state) => state switch
    {
        MailState.Waiting => "送信待ち",
        MailState.Attempting => "送信中",
        MailState.Deferred => "再送待ち",
        MailState.Sent => "送信済み",
        MailState.Bounced => "届かず(宛先が拒否)",
        MailState.Dead => "届かず(72時間)",
        MailState.Gathered => "まとめ待ち",
        _ => "取りやめ",
    };

    public static StateView SignOf(MailState state) => state switch
    {
        MailState.Waiting => new(Of(state), Tone.Plain, Shape.Open),
        MailState.Attempting => new(Of(state), Tone.Info, Shape.Asked),
        MailState.Deferred => new(Of(state), Tone.Warn, Shape.Again),
        MailState.Sent => new(Of(state), Tone.Ok, Shape.Done),
        MailState.Bounced or MailState.Dead => new(Of(state), Tone.Alert, Shape.Overdue),
        MailState.Gathered => new(Of(state), Tone.Plain, Shape.Time),
        _ => new(Of(state), Tone.Quiet, Shape.Declined),
    };

    /// <summary>A kind of mail; one without a word of its own is called by its file.</summary>
    public static string OfError(string code) => code switch
    {
        "smtp.timeout" => "メールサーバーの応答が時間内にない",
        "smtp.no_connection" => "メールサーバーにつながらない",
        "smtp.tls_failed" => "暗号化に失敗",
        "smtp.broken_off" => "送信の途中で切れた",
        "smtp.no_auth" => "メールサーバーが認証の方法を示さない",
        "smtp.no_tls" => "メールサーバーが暗号化に応じない",
        "smtp.421" => "メールサーバーが混み合っている",
        "smtp.450" or "smtp.451" or "smtp.452" => "相手のサーバーがあとにするよう返答",
        "smtp.530" or "smtp.535" or "smtp.538" => "メールサーバーが認証を拒否",
        "smtp.550" => "宛先が存在しないか、受け取りを拒否",
        "smtp.554" => "内容が理由で受け取りを拒否",
        "mail.bad_address" => "宛先の形式が正しくない",
        "mail.lost" => "送信の結果を10回続けて記録できない",
        _ => "メールサーバーの返答",
    };

    public static StateView Of(WorkLine work) => work switch
    {
        { IsLate: true } => new("遅れ", Tone.Alert, Shape.Overdue),
        { LastStarted: null } => new("まだ実行していない", Tone.Quiet, Shape.Open),
        { IsRunning: true } => new("実行中", Tone.Info, Shape.Asked),
        { LastOutcome: WorkOutcome.Failed } => new("失敗", Tone.Alert, Shape.Overdue),
        { LastOutcome: WorkOutcome.Interrupted } => new("途中で停止", Tone.Plain, Shape.Paused),
        _ => new("正常", Tone.Ok, Shape.Done),
    };

    /// <summary>Why a job failed, in words; the code stands beside it for whoever looks into the log.</summary>
    public static string OfFailure(string code) => code switch
    {
        _ when Texts.Has(code) => Texts.Of(code),
        "sql.23505" or "sql.23503" or "sql.23514" or "sql.23P01" => "データの決まりに合わない行がありました。",
        "sql.40001" or "sql.40P01" or "sql.55P03" => "ほかの処理と重なりました。次の回にもう一度行います。",
        "sql.57014" => "時間がかかりすぎたため打ち切りました。",
        "sql.57P01" or "sql.57P02" or "sql.57P03" or "NpgsqlException" or "SocketException" or "EndOfStreamException" => "データベースにつながりませんでした。",
        "IOException" or "TimeoutException" or "TaskCanceledException" or "OperationCanceledException" => "応答が時間内にありませんでした。",
        _ => "想定していない失敗です。サーバーの記録を確かめてください。",
    };

    public static string OfJob(string name) => name switch
    {
        "expire-holds" => "仮押さえの期限切れ",
        "offer-freed-slots" => "空き待ちの案内",
        "review-slot-wishes" => "空き待ちの見直し",
        "offer-waiting" => "空きのある専門家への打診",
        "expire-offers" => "打診の期限切れ",
        "send-surveys" => "満足度アンケートの送付",
        "raise-follow-ups" => "フォローアップの開始",
        "ask-follow-ups-again" => "返事のないフォローアップの再度のおたずね",
        "remind-of-visits" => "相談の前のお知らせ",
        "chase-reports" => "遅れた報告の督促",
        "escalate-overdue" => "過ぎた期限の督促",
        "send-mail-digests" => "お知らせのまとめ",
        "tell-lost-mail" => "届かなかったメールを電話の予定にする",
        "dispatch-mail" => "メールの送信",
        "fold-case-load" => "担当・滞留状況の集計",
        "seal-audit" => "操作記録の封印",
        "fetch-calendars" => "専門家の外部の予定表の取り寄せ",
        "seal-stragglers" => "操作記録の封印（封印もれの確認）",
        "prune-plans" => "古い割当て案の整理",
        "clean-idempotency" => "二重送信防止の記録の整理",
        _ => name,
    };

    public static string Of(TimeSpan took) => took.TotalSeconds < 1 ? $"{took.TotalMilliseconds:0}ミリ秒" : $"{took.TotalSeconds:0.0}秒";
}
