using System.Security.Cryptography;
using System.Text;

namespace Consultation.Reference;

/// <summary>A secret that stands in an address: 192 random bits, safe in a URL. Only its hash is kept.</summary>
public static class SecretText
{
    private const int Length = 32;

    public static string New() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(24)).Replace('+', '-').Replace('/', '_');

    /// <summary>What is stored and looked for; the secret itself cannot be found from it.</summary>
    public static byte[] HashOf(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    /// <summary>Cheap to tell, before anything is asked.</summary>
    public static bool CouldBe(string? text) => text is { Length: Length } && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
