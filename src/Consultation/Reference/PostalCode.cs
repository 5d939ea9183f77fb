namespace Consultation.Reference;

/// <summary>
/// Japanese postal codes. A code does not fix the prefecture (498-0000 lies in two), so nothing is derived from it.
/// </summary>
public static class PostalCode
{
    /// <summary>NNN-NNNN from seven digits of any width with or without 〒, hyphen and spaces; null for anything else.</summary>
    public static string? Normalise(string? typed)
    {
        if (string.IsNullOrWhiteSpace(typed))
        {
            return null;
        }

        var code = string.Concat(JapaneseText.Fold(typed).Where(c => !char.IsWhiteSpace(c))).TrimStart('〒');
        code = code.Length == 8 && code[3] == '-' ? code.Remove(3, 1) : code;
        return code.Length == 7 && code.All(char.IsAsciiDigit) ? $"{code[..3]}-{code[3..]}" : null;
    }
}
