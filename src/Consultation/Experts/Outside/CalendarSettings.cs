using Microsoft.Extensions.Configuration;

namespace Consultation.Experts.Outside;

/// <summary>
/// From where calendars may be fetched (configuration <c>Calendars:Hosts</c>, a list by commas; none by default). A host of
/// <c>Calendars:PrivateHosts</c> may also stand in a private network and be asked without TLS; every other must be public and is asked by https alone.
/// </summary>
public sealed record CalendarSettings(IReadOnlyList<string> Hosts, IReadOnlyList<string> PrivateHosts)
{
    public static CalendarSettings Read(IConfiguration? configuration)
    {
        var section = configuration?.GetSection("Calendars");
        var own = List("PrivateHosts");
        return new([.. List("Hosts").Concat(own).Distinct()], own);

        IReadOnlyList<string> List(string name) =>
            [.. (section?[name] ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(host => host.ToLowerInvariant()).Distinct()];
    }

    /// <summary>An absolute http(s) address without a password in it; webcal: is https. Null for anything else.</summary>
    public Uri? AddressOf(string typed)
    {
        var text = typed.Trim();
        text = text.StartsWith("webcal:", StringComparison.OrdinalIgnoreCase) ? "https:" + text["webcal:".Length..] : text;
        return Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "https" or "http" && address.UserInfo.Length == 0 ? address : null;
    }

    public bool Allows(Uri address) => Hosts.Contains(address.Host.ToLowerInvariant()) && (address.Scheme == "https" || IsPrivate(address)) && (address.IsDefaultPort || IsPrivate(address));

    public bool IsPrivate(Uri address) => PrivateHosts.Contains(address.Host.ToLowerInvariant());
}
