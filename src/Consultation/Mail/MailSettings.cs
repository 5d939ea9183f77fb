using System.Globalization;
using Consultation.Reference;
using Microsoft.Extensions.Configuration;

namespace Consultation.Mail;

/// <summary>A setting under <c>Mail:</c> cannot be meant; nothing that writes or sends mail starts.</summary>
public sealed class MailSettingInvalid(string setting) : Exception($"Mail:{setting} is not usable.");

/// <summary>
/// Where mail goes out (configuration <c>Mail:Host</c>, <c>Port</c>, <c>RequireTls</c>, <c>User</c>, <c>Password</c>, <c>Sender</c>,
/// <c>SenderName</c>, <c>TimeoutSeconds</c>, <c>LinkBase</c>, <c>Connections</c>). Without a host nothing is sent and every mail waits, visibly.
/// </summary>
/// <param name="RequireTls">STARTTLS or nothing; implicit TLS (port 465) is not spoken by the library.</param>
/// <param name="Sender">Its domain is also that of our Message-IDs.</param>
/// <param name="LinkBase">Where the pages that letters link to are found from outside, such as <c>https://desk.example</c>; without it letters carry no link.</param>
/// <param name="Connections">How many mails one worker sends at once.</param>
/// <param name="Timeout">For one whole mail; well under the two minutes of a lease.</param>
/// <param name="Round">How long one round goes on taking mails; no setting of an installation.</param>
public sealed record MailSettings(
    string? Host = null, int Port = 25, bool RequireTls = false, string? User = null, string? Password = null,
    string Sender = "consultation@telework.example", string SenderName = "テレワーク相談窓口", TimeSpan? Timeout = null, Uri? LinkBase = null, int Connections = 8, TimeSpan? Round = null)
{
    public TimeSpan PatienceForOne => Timeout ?? TimeSpan.FromSeconds(60);

    public TimeSpan LongestRound => Round ?? TimeSpan.FromSeconds(30);

    /// <summary>What every link begins with that is to be followed from outside; null where there is none.</summary>
    public string? Links => LinkBase?.AbsoluteUri.TrimEnd('/');

    /// <summary>The same for a demo that nobody has told where it stands (the command line): it is looked at from where it runs, and its letters never leave the house.</summary>
    public string? LinksOf(bool demo) => Links ?? (demo ? "http://localhost:5080" : null);

    public string Domain => Sender[(Sender.LastIndexOf('@') + 1)..];

    /// <exception cref="MailSettingInvalid">A number, a flag or the sender's address is malformed, or a user stands without a password.</exception>
    public static MailSettings Read(IConfiguration? configuration)
    {
        var usual = new MailSettings();
        var section = configuration?.GetSection("Mail");
        if (section is null)
        {
            return usual;
        }

        var settings = new MailSettings(
            Text("Host"),
            (int)Number("Port", usual.Port, 1, 65535),
            Text("RequireTls") is { } tls ? bool.TryParse(tls, out var required) ? required : throw new MailSettingInvalid("RequireTls") : usual.RequireTls,
            Text("User"),
            Text("Password"),
            Text("Sender") ?? usual.Sender,
            Text("SenderName") ?? usual.SenderName,
            TimeSpan.FromSeconds(Number("TimeoutSeconds", 60, 0.1, 90)),
            Text("LinkBase") is not { } link ? null
                : Uri.TryCreate(link, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp) ? address : throw new MailSettingInvalid("LinkBase"),
            (int)Number("Connections", usual.Connections, 1, 50));
        return !EmailAddress.IsWellFormed(settings.Sender) ? throw new MailSettingInvalid("Sender")
            : (settings.User is null) != (settings.Password is null) ? throw new MailSettingInvalid("Password")
            : settings;

        string? Text(string name) => string.IsNullOrWhiteSpace(section[name]) ? null : section[name];

        double Number(string name, double otherwise, double least, double most) =>
            Text(name) is not { } text ? otherwise
            : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number
            : throw new MailSettingInvalid(name);
    }
}
