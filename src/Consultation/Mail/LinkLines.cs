using System.Text.RegularExpressions;

namespace Consultation.Mail;

/// <summary>
/// The addresses in letters that open something by their secret (<see cref="MailSettings.LinkBase"/> with <c>/visit/</c> or <c>/survey/</c>): they are
/// for the recipient's eyes alone, so no copy of a letter carries them.
/// </summary>
internal static partial class LinkLines
{
    /// <summary>The same letter to be told on the telephone: each line with such an address says that it cannot be.</summary>
    internal static string Cut(string body, string instead = "（リンクは電話ではお伝えできません）") => Line().Replace(body, instead);

    [GeneratedRegex(@"^[^\r\n]*/(?:visit|survey)/[A-Za-z0-9_-]{32}[^\r\n]*", RegexOptions.Multiline)]
    private static partial Regex Line();
}
