using System.Net.Mail;

namespace Consultation.Reference;

/// <summary>
/// Mail addresses by form alone, and only what our transport can send to. A dot before the @, which Japanese mobile carriers
/// gave out, is accepted; dots in a row, which they also gave out, and addresses outside ASCII are not.
/// </summary>
public static class EmailAddress
{
    public static bool IsWellFormed(string? address)
    {
        if (address is null || address.Length > 254 || !address.All(c => c is > ' ' and < '\u007F'))
        {
            return false;
        }

        var at = address.LastIndexOf('@');
        return at is > 0 and <= 64
            && address.IndexOfAny(['"', '<', '>', '(', ')', ',', ';', ':', '\\', '[', ']']) < 0
            && IsDomain(address[(at + 1)..])
            && MailAddress.TryCreate(address, out var parsed) && parsed.Address == address;
    }

    private static bool IsDomain(string domain)
    {
        var labels = domain.Split('.');
        return labels.Length >= 2
            && labels.All(label => label.Length is > 0 and <= 63 && label[0] != '-' && label[^1] != '-'
                && label.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
            && !labels[^1].All(char.IsAsciiDigit);
    }
}
