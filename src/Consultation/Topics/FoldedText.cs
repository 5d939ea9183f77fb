using System.Buffers;
using System.Globalization;
using Consultation.Reference;

namespace Consultation.Topics;

/// <summary>
/// A text as the rules see it: folded for comparing, without white space and invisible characters, each character mapped
/// back to its place in the original, and cut into sentences. Its arrays are borrowed: a long text must not leave garbage behind.
/// </summary>
internal sealed class FoldedText : IDisposable
{
    // A line shorter than this was ended on purpose; a longer one was wrapped by a mail program.
    private const int WrappedLineLength = 24;
    private const char LongVowel = 'ー';
    private const char NotYetKnown = '\0';
    private const char NotPlain = '\uFFFF';

    // One entry per UTF-16 unit, filled as met; a race writes the same value twice.
    private static readonly string?[] FoldOfUnit = new string?[char.MaxValue + 1];

    // What a unit folds to where it is one visible character and no mark, which nearly all of a text is.
    private static readonly char[] PlainOfUnit = new char[char.MaxValue + 1];

    private readonly List<int> sentenceStarts = [0];
    private char[] chars;
    private int[] starts;
    private int[] ends;
    private int[] sentences;
    private int[] gaps;
    private bool[] spaced;

    public FoldedText(string original)
    {
        Original = original;
        var length = original.Length;
        (chars, spaced) = (ArrayPool<char>.Shared.Rent(length), ArrayPool<bool>.Shared.Rent(length));
        (starts, ends) = (ArrayPool<int>.Shared.Rent(length), ArrayPool<int>.Shared.Rent(length));
        (sentences, gaps) = (ArrayPool<int>.Shared.Rent(length), ArrayPool<int>.Shared.Rent(length));
        Read();
        SettleDashes();
    }

    public string Original { get; }

    public int Length { get; private set; }

    public char this[int at] => chars[at];

    public ReadOnlySpan<char> Slice(int start, int end) => chars.AsSpan(start, end - start);

    public bool Contains(string folded) => Slice(0, Length).IndexOf(folded, StringComparison.Ordinal) >= 0;

    public char OriginalAt(int at) => Original[starts[at]];

    public bool IsSpaced(int at) => spaced[at];

    public int SentenceOf(int at) => sentences[at];

    public int SentenceStart(int sentence) => sentenceStarts[sentence];

    public int SentenceEnd(int sentence) => sentence + 1 < sentenceStarts.Count ? sentenceStarts[sentence + 1] : Length;

    public Evidence EvidenceAt(int start, int end)
    {
        var from = starts[start];
        var to = ends[end - 1];
        return new(Original[from..to], from, to - from);
    }

    /// <summary>
    /// A space sets Japanese words apart (電話 料金 in a clerk's shorthand); the break of a wrapped line does not, nor a space
    /// beside Latin letters.
    /// </summary>
    public bool IsUnbroken(int start, int end) => gaps[start] == gaps[end - 1];

    /// <summary>Latin letters and digits count only as whole words, so that "ai" is not found in "mail".</summary>
    public bool IsWholeWord(int start, int end)
    {
        if (start > 0 && !spaced[start] && SameLatinKind(chars[start - 1], chars[start]))
        {
            return false;
        }

        if (end >= Length || spaced[end] || !SameLatinKind(chars[end - 1], chars[end]))
        {
            return true;
        }

        var plural = chars[end] == 's' && (end + 1 >= Length || spaced[end + 1] || !char.IsAsciiLetter(chars[end + 1]));
        return plural;
    }

    public void Dispose()
    {
        ArrayPool<char>.Shared.Return(chars);
        ArrayPool<bool>.Shared.Return(spaced);
        ArrayPool<int>.Shared.Return(starts);
        ArrayPool<int>.Shared.Return(ends);
        ArrayPool<int>.Shared.Return(sentences);
        ArrayPool<int>.Shared.Return(gaps);
        (chars, starts, ends, sentences, gaps, spaced) = ([], [], [], [], [], []);
    }

    private static bool SameLatinKind(char a, char b) =>
        (char.IsAsciiLetter(a) && char.IsAsciiLetter(b)) || (char.IsAsciiDigit(a) && char.IsAsciiDigit(b));

    private static bool IsKatakana(char c) => c is >= 'ァ' and <= 'ヺ' or >= 'ー' and <= 'ヾ';

    private static bool EndsSentence(char folded) => folded is '。' or '!' or '?' or '+';

    private void Read()
    {
        var original = Original;
        var afterSpace = false;
        var wrapped = false;
        var lineStart = 0;
        for (var at = 0; at < original.Length;)
        {
            var unit = original[at];
            var plain = PlainOf(unit);
            if (plain != NotPlain && (at + 1 == original.Length || original[at + 1] < '\u0300' || PlainOf(original[at + 1]) != NotPlain || !IsMark(original[at + 1])))
            {
                Append(plain, at, at + 1, afterSpace, wrapped);
                afterSpace = wrapped = false;
                at++;
                continue;
            }

            if (unit is '\n' or '\r')
            {
                var lineLength = at - lineStart;
                var blankOrShort = lineLength < WrappedLineLength;
                if (blankOrShort)
                {
                    CutSentence();
                }

                at += unit == '\r' && at + 1 < original.Length && original[at + 1] == '\n' ? 2 : 1;
                lineStart = at;
                afterSpace = true;
                wrapped = true;
                continue;
            }

            if (char.IsWhiteSpace(unit))
            {
                if (Length > 0 && chars[Length - 1] == '.')
                {
                    CutSentence();
                }

                afterSpace = true;
                at++;
                continue;
            }

            var end = ClusterEnd(at);
            foreach (var folded in FoldOf(at, end))
            {
                if (IsInvisible(folded))
                {
                    continue;
                }

                Append(folded, at, end, afterSpace, wrapped);
                afterSpace = wrapped = false;
            }

            at = end;
        }
    }

    private void Append(char folded, int start, int end, bool afterSpace, bool wrapped)
    {
        var at = Length;
        if (at >= Math.Min(chars.Length, Math.Min(spaced.Length, starts.Length)))
        {
            Grow();
        }

        var apart = afterSpace && !wrapped && at > 0 && !char.IsAscii(folded) && !char.IsAscii(chars[at - 1]);
        (chars[at], starts[at], ends[at], sentences[at], spaced[at]) = (folded, start, end, sentenceStarts.Count - 1, afterSpace);
        gaps[at] = (at == 0 ? 0 : gaps[at - 1]) + (apart ? 1 : 0);
        Length++;
        if (EndsSentence(folded))
        {
            CutSentence();
        }
    }

    // One unit may fold to several characters (㍿).
    private void Grow()
    {
        (chars, spaced) = (Grown(chars), Grown(spaced));
        (starts, ends, sentences, gaps) = (Grown(starts), Grown(ends), Grown(sentences), Grown(gaps));

        T[] Grown<T>(T[] old)
        {
            var grown = ArrayPool<T>.Shared.Rent((2 * Length) + 1);
            old.AsSpan(0, Length).CopyTo(grown);
            ArrayPool<T>.Shared.Return(old);
            return grown;
        }
    }

    // Whether a dash is the long vowel depends on its neighbours; JapaneseText.Fold settles it the same way for a whole text.
    private void SettleDashes()
    {
        for (var at = 0; at < Length; at++)
        {
            if (chars[at] is not (LongVowel or '-'))
            {
                continue;
            }

            var afterKana = at > 0 && IsKatakana(chars[at - 1]);
            if (chars[at] == LongVowel && !afterKana)
            {
                chars[at] = '-';
            }
            else if (chars[at] == '-' && afterKana && at + 1 < Length && IsKatakana(chars[at + 1]))
            {
                chars[at] = LongVowel;
            }
        }
    }

    private void CutSentence()
    {
        if (sentenceStarts[^1] < Length)
        {
            sentenceStarts.Add(Length);
        }
    }

    private int ClusterEnd(int at)
    {
        var end = at + (char.IsHighSurrogate(Original[at]) && at + 1 < Original.Length && char.IsLowSurrogate(Original[at + 1]) ? 2 : 1);
        while (end < Original.Length && IsMark(Original[end]))
        {
            end++;
        }

        return end;
    }

    private string FoldOf(int start, int end) => end - start > 1 ? JapaneseText.Fold(Original[start..end]) : FoldOf(Original[start]);

    private static string FoldOf(char unit) =>
        unit is LongVowel or '\uFF70' ? "ー" : FoldOfUnit[unit] ??= JapaneseText.Fold(unit.ToString());

    private static char PlainOf(char unit)
    {
        var plain = PlainOfUnit[unit];
        return plain != NotYetKnown ? plain : PlainOfUnit[unit] = FindPlain(unit);
    }

    private static char FindPlain(char unit)
    {
        if (char.IsWhiteSpace(unit) || char.IsSurrogate(unit) || IsMark(unit))
        {
            return NotPlain;
        }

        var folded = FoldOf(unit);
        return folded.Length == 1 && folded[0] is not (NotYetKnown or NotPlain) && !IsInvisible(folded[0]) ? folded[0] : NotPlain;
    }

    private static bool IsMark(char unit) =>
        unit is '\uFF9E' or '\uFF9F' || (unit >= '\u0300' && char.GetUnicodeCategory(unit) is UnicodeCategory.NonSpacingMark);

    private static bool IsInvisible(char folded) =>
        char.IsWhiteSpace(folded)
        || (folded >= '\u0300' && char.GetUnicodeCategory(folded) is UnicodeCategory.NonSpacingMark or UnicodeCategory.Format);
}
