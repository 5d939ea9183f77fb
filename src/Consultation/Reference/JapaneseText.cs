using System.Buffers;
using System.Globalization;
using System.Text;

namespace Consultation.Reference;

/// <summary>
/// Japanese text made comparable, and the grams that search stores and asks for (design §5). Folded text is for comparing
/// only, never for display.
/// </summary>
public static class JapaneseText
{
    private const char NotYetKnown = '\0';
    private const char NeedsContext = '\uFFFF';
    private const char Hyphen = '-';
    private const char LongVowel = 'ー';
    private const char Replacement = '\uFFFD';

    // One entry per UTF-16 unit: what it folds to, or NeedsContext where the answer depends on its neighbours. Entries are
    // found when first asked for, because filling all at start-up takes a tenth of a second; two threads find the same.
    private static readonly char[] s_fold = new char[char.MaxValue + 1];

    /// <summary>
    /// NFKC; hiragana → katakana; 旧字体 and 異体字 → the usual form; lower case; dashes one hyphen, which between katakana
    /// is the long vowel ー and a ー elsewhere a hyphen; wave dashes one; variation selectors and zero-width characters
    /// dropped; a lone surrogate or a code that is no character becomes U+FFFD. Folding twice changes nothing.
    /// </summary>
    public static string Fold(string text)
    {
        var rented = text.Length <= 256 ? null : ArrayPool<char>.Shared.Rent(text.Length);
        var buffer = rented ?? stackalloc char[256];
        try
        {
            var changed = false;
            var dashes = false;
            for (var i = 0; i < text.Length; i++)
            {
                var folded = s_fold[text[i]];
                if (folded == NotYetKnown)
                {
                    folded = s_fold[text[i]] = Entry(text[i]);
                }

                if (folded == NeedsContext)
                {
                    return FoldInContext(text);
                }

                buffer[i] = folded;
                changed |= folded != text[i];
                dashes |= folded is Hyphen or LongVowel;
            }

            var result = buffer[..text.Length];
            changed |= dashes && SettleDashes(result);
            return changed ? new string(result) : text;
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<char>.Shared.Return(rented);
            }
        }
    }

    /// <summary>
    /// The distinct grams of one and two characters of the folded text without white space, ascending. A gram is a number, one half for each
    /// character and nought before a single one, because a database sorts, keeps and compares numbers for a fraction of what texts cost it. A character
    /// outside the basic plane counts as one and shares its number with others: what grams find is still to be looked at.
    /// </summary>
    public static int[] Grams(string text)
    {
        var folded = Fold(text);
        var grams = new int[2 * folded.Length];
        var count = 0;
        var previous = default(Rune);
        foreach (var rune in folded.EnumerateRunes())
        {
            if (IsBlank(rune))
            {
                continue;
            }

            if (previous != default)
            {
                grams[count++] = Gram(previous, rune);
            }

            grams[count++] = Gram(default, rune);
            previous = rune;
        }

        Array.Sort(grams, 0, count);
        var distinct = 0;
        for (var i = 0; i < count; i++)
        {
            if (i == 0 || grams[i] != grams[i - 1])
            {
                grams[distinct++] = grams[i];
            }
        }

        return grams[..distinct];
    }

    /// <summary>
    /// The grams a text must hold to match a query: for each word the pairs of neighbouring characters, or the character
    /// of a word of one. A text without white space between the words matches too. Empty for an empty query.
    /// </summary>
    public static int[] QueryGrams(string query)
    {
        var grams = new List<int>();
        var previous = default(Rune);
        var inWord = 0;
        foreach (var rune in Fold(query).EnumerateRunes())
        {
            if (IsBlank(rune))
            {
                EndWord();
                continue;
            }

            if (inWord > 0)
            {
                grams.Add(Gram(previous, rune));
            }

            previous = rune;
            inWord++;
        }

        EndWord();
        return [.. grams.Distinct()];

        void EndWord()
        {
            if (inWord == 1)
            {
                grams.Add(Gram(default, previous));
            }

            inWord = 0;
        }
    }

    /// <summary>Whether PostgreSQL can store the text: no U+0000 and no surrogate without its partner.</summary>
    public static bool IsStorable(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\0')
            {
                return false;
            }

            if (char.IsSurrogate(text[i]) && (i + 1 >= text.Length || !char.IsSurrogatePair(text[i], text[++i])))
            {
                return false;
            }
        }

        return true;
    }

    private static string FoldInContext(string text)
    {
        var prepared = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsInvisible(rune))
            {
                continue;
            }

            if (KanjiVariants.TryFold(rune, out var kanji))
            {
                prepared.Append(kanji);
            }
            else if (rune.IsBmp)
            {
                // Katakana before composing, because わ゙ has no composed form and ヷ has one.
                prepared.Append(Katakana((char)rune.Value));
            }
            else
            {
                prepared.Append(rune.ToString());
            }
        }

        var composed = prepared.ToString().Normalize(NormalizationForm.FormKC).ToCharArray();
        for (var i = 0; i < composed.Length; i++)
        {
            composed[i] = Single(composed[i]);
        }

        SettleDashes(composed);
        return new string(composed);
    }

    private static bool SettleDashes(Span<char> text)
    {
        var changed = false;
        for (var i = 0; i < text.Length; i++)
        {
            var afterKana = i > 0 && IsKatakana(text[i - 1]);
            if (text[i] == LongVowel && !afterKana)
            {
                text[i] = Hyphen;
                changed = true;
            }
            else if (text[i] == Hyphen && afterKana && i + 1 < text.Length && IsKatakana(text[i + 1]))
            {
                text[i] = LongVowel;
                changed = true;
            }
        }

        return changed;
    }

    private static char Entry(char c)
    {
        if (char.IsSurrogate(c) || IsInvisible(new Rune(c)) || c is '\0' or '\u309B' or '\u309C' || JoinsItsPredecessor(c))
        {
            return NeedsContext;
        }

        if (IsNoCharacter(c))
        {
            return Replacement;
        }

        var normal = c.ToString().Normalize(NormalizationForm.FormKC);
        return normal.Length != 1 || JoinsItsPredecessor(normal[0]) ? NeedsContext : Single(normal[0]);
    }

    private static bool JoinsItsPredecessor(char c) =>
        char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark
        || c is >= '\u1100' and <= '\u11FF' or >= '\uD7B0' and <= '\uD7FF' or >= '\u3131' and <= '\u318E' or >= '\uFFA0' and <= '\uFFDC';

    /// <summary>Folds one character that NFKC leaves alone.</summary>
    private static char Single(char c)
    {
        var katakana = Katakana(c);
        return katakana switch
        {
            'ヶ' => 'ケ',
            'ヵ' => 'カ',
            'ヰ' => 'イ',
            'ヱ' => 'エ',
            '\u301C' or '\u223C' or '\u223E' => '~',
            >= '\u2010' and <= '\u2015' or '\u2043' or '\u2212' or '\u2500' or '\u2501' => Hyphen,
            _ => KanjiVariants.All.TryGetValue(katakana, out var usual) ? usual : char.ToLowerInvariant(katakana),
        };
    }

    private static char Katakana(char c) => c switch
    {
        >= 'ぁ' and <= 'ゖ' or 'ゝ' or 'ゞ' => (char)(c + 0x60),
        '\u309B' => '\u3099',
        '\u309C' => '\u309A',
        _ => IsNoCharacter(c) ? Replacement : c,
    };

    // Normalize throws for some of these.
    private static bool IsNoCharacter(char c) => c is >= '\uFDD0' and <= '\uFDEF' or '\uFFFE' or '\uFFFF';

    private static bool IsKatakana(char c) => c is >= 'ァ' and <= 'ヺ' or >= 'ー' and <= 'ヾ';

    private static bool IsInvisible(Rune rune) =>
        rune.Value is 0x00AD or (>= 0x180B and <= 0x180F) or (>= 0x200B and <= 0x200F) or 0x2060 or (>= 0xFE00 and <= 0xFE0F)
            or 0xFEFF or (>= 0xE0100 and <= 0xE01EF);

    private static bool IsBlank(Rune rune) => Rune.IsWhiteSpace(rune) || Rune.IsControl(rune);

    private static int Gram(Rune first, Rune second) => (Half(first) << 16) | Half(second);

    // Beyond the basic plane in the place of the surrogates, which no folded text holds alone.
    private static int Half(Rune rune) => rune.IsBmp ? rune.Value : 0xD800 | (rune.Value & 0x7FF);
}
