using Consultation.Mail;
using Consultation.Reference;
using Consultation.Web.Pages.Shared;

namespace Consultation.Web.Pages.Settings;

/// <summary>How sending goes, in words.</summary>
public static class MailWords
{
    public static string Counted(int count) => count == MailWay.MostCounted ? $"{count}通以上" : $"{count}通";

    public static string NextTry(MailWay way, DateTimeOffset now) => way switch
    {
        { NextTry: null } => "ありません",
        { Held: true } => "止めています",
        { RestsFor: { } rest } => $"{Of(rest)}後に試します",
        { NextTry: { } next } when next <= now => "いま",
        { NextTry: { } next } => $"{JapaneseDate.LongTime(next)} 以後",
    };

    /// <summary>What is wrong with the way out, and what to do about it.</summary>
    public static NoticeView Fault(MailWay way, string code) => new(
        Tone.Alert, Shape.Overdue, $"メールサーバーが受け付けません: {SettingsWords.OfError(code)}({code})",
        (way.FaultSince is { } since ? $"{JapaneseDate.LongTime(since)} から。" : "") + ToDo(code) + "メールはなくならず、直ると自動で送ります。");

    public static StateView SignOf(MailDomainLine domain) => domain switch
    {
        { PausedAt: not null } => new("停止中", Tone.Warn, Shape.Paused),
        { RestsFor: not null } => new("間をおいています", Tone.Warn, Shape.Again),
        { Strikes: > 0 } => new("受け付けない返答あり", Tone.Plain, Shape.Again),
        _ => new("送信中", Tone.Plain, Shape.Open),
    };

    public static string Told(MailDomainLine domain) => domain switch
    {
        { PauseReason: { } reason } => reason,
        { RestsFor: { } rest, LastCode: { } code } => $"続けて{domain.Strikes}通が{SettingsWords.OfError(code)}({code})。{Of(rest)}後に一通だけ試します",
        { Strikes: > 0, LastCode: { } code } => $"{SettingsWords.OfError(code)}({code})",
        _ => "",
    };

    public static string Done(string what, MailsDone done) =>
        $"{done.Done}通を{what}。" + (done.Left > 0 ? $"{done.Left}通は、状態が変わっていたためそのままです。" : "") + (done.MayBeMore ? "まだ残っているかもしれません。" : "");

    private static string Of(TimeSpan rest) => rest.TotalSeconds < 90 ? $"約{Math.Ceiling(rest.TotalSeconds):0}秒" : $"約{Math.Ceiling(rest.TotalMinutes):0}分";

    private static string ToDo(string code) => code switch
    {
        "smtp.no_auth" => "設定は認証(Mail:User)を求めていますが、サーバーが認証の方法を示しません。認証なしでは送りません。",
        "smtp.no_tls" or "smtp.tls_failed" => "設定は暗号化(Mail:RequireTls)を求めています。暗号化なしでは送りません。サーバーの証明書とSTARTTLSの設定を確かめてください。",
        "smtp.no_connection" => "サーバーの名前とポート(Mail:Host、Mail:Port)、ネットワークを確かめてください。",
        _ => "サーバーの記録と、差出人・利用者名・パスワードの設定を確かめてください。",
    };
}
