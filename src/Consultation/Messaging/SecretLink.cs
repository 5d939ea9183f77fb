using System.Security.Cryptography;
using System.Text;

namespace Consultation.Messaging;

/// <summary>
/// The secret of a link that opens one thing without sign-in: 256 bits by chance, of which the database keeps only the hash. Such secrets need no salt and
/// no slow hash, for nobody can guess them.
/// </summary>
/// <param name="Secret">As it stands in the link; kept nowhere.</param>
/// <param name="Hash">SHA-256 in hexadecimal.</param>
public readonly record struct SecretLink(string Secret, string Hash)
{
    private const int Bytes = 32;

    public static SecretLink New()
    {
        var secret = Convert.ToBase64String(RandomNumberGenerator.GetBytes(Bytes)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        return new(secret, HashOf(secret)!);
    }

    /// <summary>Null for what cannot be such a secret.</summary>
    public static string? HashOf(string? typed) =>
        typed is { Length: 43 } ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(typed))) : null;
}
