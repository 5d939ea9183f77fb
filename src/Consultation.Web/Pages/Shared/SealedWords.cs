using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Consultation.Messaging;
using Microsoft.AspNetCore.DataProtection;

namespace Consultation.Web.Pages.Shared;

/// <summary>
/// Searched words that tell a telephone number or a mail address stand in addresses only sealed, for a working day and for one person:
/// addresses reach logs and histories (design §7). Names of companies, words and case numbers stay readable, so that a list can be shared.
/// </summary>
public sealed partial class SealedWords(IDataProtectionProvider protection)
{
    /// <summary>The name of the field in an address.</summary>
    public const string Field = "sealed";

    private static readonly TimeSpan Age = TimeSpan.FromHours(12);

    public static bool AreNeeded(string words)
    {
        var plain = CaseNumber().Replace(words.Normalize(NormalizationForm.FormKC), " ");
        return plain.Contains('@', StringComparison.Ordinal) || Digits().IsMatch(plain);
    }

    public string Seal(string words, StaffId? person) => SealOf(person).Protect(words, Age);

    /// <summary>Null where the seal is too old or somebody else's.</summary>
    public string? Open(string seal, StaffId? person)
    {
        try
        {
            return SealOf(person).Unprotect(seal);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private ITimeLimitedDataProtector SealOf(StaffId? person) => protection.CreateProtector("searched-words", person?.ToString() ?? "").ToTimeLimitedDataProtector();

    [GeneratedRegex(@"(?i)r\d{2}-?\d{6}")]
    private static partial Regex CaseNumber();

    [GeneratedRegex(@"(\d[-‐‑–—−ーｰ()\s.]*){7,}")]
    private static partial Regex Digits();
}
