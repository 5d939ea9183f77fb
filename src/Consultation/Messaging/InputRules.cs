using Consultation.Reference;
using FluentValidation;

namespace Consultation.Messaging;

/// <summary>The limits every text field shares (design §6): 10,000 characters for what is told, 500 for the rest, nothing PostgreSQL cannot store.</summary>
public static class InputRules
{
    public const int TextLength = 10_000;
    public const int FieldLength = 500;

    /// <summary>Longer texts are refused for their length already and are not searched for numbers.</summary>
    private const int MostLooked = 2 * TextLength;

    public static IRuleBuilderOptions<T, string?> Storable<T>(this IRuleBuilder<T, string?> rule, int maximum = FieldLength) =>
        rule
            .Must(v => v is null || v.Length <= maximum || v.EnumerateRunes().Count() <= maximum).WithErrorCode("field.too_long").WithState(_ => new object?[] { maximum })
            .Must(v => v is null || JapaneseText.IsStorable(v)).WithErrorCode("field.not_storable")
            // Wherever people type, they may type a マイナンバー; it is refused before it is stored or logged (番号法 20条).
            .Must(v => v is null || v.Length > MostLooked || !MyNumber.FindIn(v)).WithErrorCode("inquiry.my_number");

    public static IRuleBuilderOptions<T, string?> RequiredText<T>(this IRuleBuilder<T, string?> rule, int maximum = TextLength) =>
        rule
            .Must(v => v is not null && v.Any(IsSeen)).WithErrorCode("field.required")
            .Storable(maximum);

    /// <summary>A text of blanks and invisible marks (U+3000, U+200B) says nothing.</summary>
    private static bool IsSeen(char c) => !char.IsWhiteSpace(c) && !char.IsControl(c) && char.GetUnicodeCategory(c) != System.Globalization.UnicodeCategory.Format;

    /// <summary>Dates a case system can mean: from the first holiday table year to ten years ahead of it (2019–2045).</summary>
    public static IRuleBuilderOptions<T, DateTimeOffset?> PossibleInstant<T>(this IRuleBuilder<T, DateTimeOffset?> rule) =>
        rule.Must(v => v is null || v.Value.UtcDateTime.Year is >= 2019 and <= 2045).WithErrorCode("field.impossible_date");
}
