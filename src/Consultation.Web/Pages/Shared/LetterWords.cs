using Consultation.Cases;
using Consultation.Mail;
using Consultation.Reference;
using Consultation.Web.Pages.Settings;

namespace Consultation.Web.Pages.Shared;

/// <param name="Held">Nothing goes out of this house at present.</param>
public sealed record LetterStateView(LetterRow Letter, bool Held);

/// <summary>What became of a letter, in words, for people who know nothing of mail servers.</summary>
public static class LetterWords
{
    /// <param name="held">Nothing goes out of this house at present.</param>
    public static StateView SignOf(LetterRow letter, bool held) =>
        held && letter.State is MailState.Waiting or MailState.Deferred ? new("送信を停止中", Tone.Warn, Shape.Paused)
        : letter is { State: MailState.Waiting, NotBefore: not null } && letter.NextAt == letter.NotBefore ? new("送信の時間を待っています", Tone.Plain, Shape.Time)
        : letter is { State: MailState.Gathered, DigestState: { } digest } ? (digest == MailState.Sent ? new("まとめて送信済み", Tone.Ok, Shape.Done) : SettingsWords.SignOf(digest))
        : SettingsWords.SignOf(letter.State);

    /// <summary>Who it goes to: 相談者, or the expert by name.</summary>
    public static string WhomOf(LetterRow letter) => letter.Expert is { } expert ? $"専門家 {expert}" : "相談者";

    /// <summary>When it went or what it waits for; sentences, so that nobody has to know the states.</summary>
    public static IReadOnlyList<string> StoryOf(LetterRow letter, bool held)
    {
        var told = new List<string> { $"{JapaneseDate.LongTime(letter.CreatedAt)} 作成（文面: {TemplateWords.VersionOf(letter.Version)}）" };
        if (letter is { NotBefore: { } until, NotBeforeWhy: { } why })
        {
            told.Add($"{JapaneseDate.LongTime(until)} まで送信を待つ（{why}）");
        }

        told.AddRange(letter.State switch
        {
            MailState.Sent => [$"{(letter.SentAt is { } sent ? JapaneseDate.LongTime(sent) : "日時は不明")} に送信済み"],
            MailState.Waiting when held => ["メールの送信を止めています。管理者が再開すると送られます"],
            MailState.Waiting => letter.NotBefore == letter.NextAt ? [] : ["まもなく送信します"],
            MailState.Gathered when letter.DigestState == MailState.Sent => [$"まとめのメールで {(letter.DigestSentAt is { } carried ? JapaneseDate.LongTime(carried) : "日時は不明")} に送信済み"],
            MailState.Gathered when letter.DigestState is not null => ["まとめのメールに入れました。そのメールはまだ送信済みになっていません"],
            MailState.Gathered => ["次の受付日の朝、ほかの急ぎでないお知らせとまとめて送ります"],
            MailState.Attempting => ["メールサーバーに渡しているところです"],
            MailState.Deferred => [$"相手のサーバーが一時的に受け取れませんでした。{letter.Attempts}回試し、次は {(letter.NextAt is { } next ? JapaneseDate.LongTime(next) : "未定")} 以後に送り直します（72時間まで）"],
            MailState.Bounced => ["宛先のサーバーに拒否され、届きませんでした。代わりに電話の作業があります"],
            MailState.Dead => ["72時間くり返しても送れませんでした。代わりに電話の作業があります"],
            _ => [$"取りやめました（{letter.DiscardReason}）"],
        });
        if (letter.PossiblyTwice)
        {
            told.Add("送信の途中で接続が切れたため、同じメールが二通届いた可能性があります");
        }

        if (letter.State is not MailState.Sent && letter.ErrorCode is { } code)
        {
            told.Add($"最後の失敗: {SettingsWords.OfError(code)}（{code}）");
        }

        return told;
    }

    public static StateView SignOf(ToldByCall call) => call.State switch
    {
        CallBackState.Open => new("電話で伝える", Tone.Warn, Shape.Call),
        CallBackState.Kept => new("電話で伝えました", Tone.Ok, Shape.Done),
        _ => new("電話は不要になりました", Tone.Quiet, Shape.Declined),
    };
}
