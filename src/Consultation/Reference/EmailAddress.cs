using System.Net.Mail;

namespace Consultation.Reference;

/// <summary>
/// Mail addresses by form alone. Dots in a row or before the @ are accepted, because Japanese mobile carriers gave such
/// addresses out; addresses outside ASCII are not, because few servers take them.
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
