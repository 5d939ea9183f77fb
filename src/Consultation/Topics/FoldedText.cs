using System.Globalization;
using Consultation.Reference;

namespace Consultation.Topics;

/// <summary>
/// A text as the rules see it: folded for comparing, without white space and invisible characters, each character mapped
/// back to its place in the original, and cut into sentences.
/// </summary>
internal sealed class FoldedText
{
    // A line shorter than this was ended on purpose; a longer one was wrapped by a mail program.
    private const int WrappedLineLength = 24;
    private const char LongVowel = 'ー';

    // One entry per UTF-16 unit, filled as met; a race writes the same value twice.
    private static readonly string?[] FoldOfUnit = new string?[char.MaxValue + 1];

    private readonly List<char> chars;
    private readonly List<int> starts;
    private readonly List<int> ends;
    private readonly List<int> sentences;
    private readonly List<bool> spaced;
    private readonly List<int> gaps;
    private readonly List<int> sentenceStarts = [0];

    public FoldedText(string original)
    {
        Original = original;
        chars = new(original.Length);
        starts = new(original.Length);
        ends = new(original.Length);
        sentences = new(original.Length);
        spaced = new(original.Length);
        gaps = new(original.Length);
        Read();
        SettleDashes();
    }

    public string Original { get; }

    public int Length => chars.Count;

    public char this[int at] => chars[at];

    public ReadOnlySpan<char> Slice(int start, int end) =>
        System.Runtime.InteropServices.CollectionsMarshal.AsSpan(chars)[start..end];

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
                if (Length > 0 && chars[^1] == '.')
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

                chars.Add(folded);
                starts.Add(at);
                ends.Add(end);
                sentences.Add(sentenceStarts.Count - 1);
                spaced.Add(afterSpace);
                var apart = afterSpace && !wrapped && Length > 1 && !char.IsAscii(folded) && !char.IsAscii(chars[^2]);
                gaps.Add((gaps.Count == 0 ? 0 : gaps[^1]) + (apart ? 1 : 0));
                afterSpace = wrapped = false;
                if (EndsSentence(folded))
                {
                    CutSentence();
                }
            }

            at = end;
        }
    }

    // Whether a dash is the long vowel depends on its neighbours; JapaneseText.Fold settles it the same way for a whole text.
    private void SettleDashes()
    {
        for (var at = 0; at < Length; at++)
        {
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

    private string FoldOf(int start, int end)
    {
        if (end - start > 1)
        {
            return JapaneseText.Fold(Original[start..end]);
        }

        var unit = Original[start];
        return unit is LongVowel or '\uFF70' ? "ー" : FoldOfUnit[unit] ??= JapaneseText.Fold(unit.ToString());
    }

    private static bool IsMark(char unit) =>
        unit is '\uFF9E' or '\uFF9F' || (unit >= '\u0300' && char.GetUnicodeCategory(unit) is UnicodeCategory.NonSpacingMark);

    private static bool IsInvisible(char folded) =>
        char.IsWhiteSpace(folded)
        || (folded >= '\u0300' && char.GetUnicodeCategory(folded) is UnicodeCategory.NonSpacingMark or UnicodeCategory.Format);
}
