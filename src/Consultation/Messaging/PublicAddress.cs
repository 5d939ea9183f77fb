using Microsoft.Extensions.Configuration;

namespace Consultation.Messaging;

/// <summary>
/// Where clients reach this installation, for links in letters (configuration <c>Public:Address</c>, such as <c>https://telework.example</c>). Where it is
/// not set no letter with a link is written, but in a demo, whose letters never leave the house.
/// </summary>
/// <param name="Address">Without a slash at its end; null where nobody has set it.</param>
public sealed record PublicAddress(string? Address)
{
    private const string OfDemo = "http://127.0.0.1:5080";

    public static PublicAddress Read(IConfiguration? configuration) =>
        new(Uri.TryCreate(configuration?["Public:Address"], UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? address.ToString().TrimEnd('/') : null);

    /// <summary>The link to a path of ours; null where links cannot be written.</summary>
    public string? LinkTo(string path, bool demo) => (Address ?? (demo ? OfDemo : null)) is { } known ? known + path : null;
}
