using Microsoft.AspNetCore.Mvc.ModelBinding.Metadata;

namespace Consultation.Web.Pages.Shared;

/// <summary>What a page says where the framework cannot read a value at all: a form that was changed on its way, or an old address.</summary>
internal static class BindingWords
{
    private const string Unreadable = "読み取れません。画面を読み込み直してから、もう一度入力してください。";
    private const string Missing = "入力してください。";
    private const string NoNumber = "数字だけを入力してください。";

    public static void Set(DefaultModelBindingMessageProvider words)
    {
        words.SetAttemptedValueIsInvalidAccessor((_, _) => Unreadable);
        words.SetNonPropertyAttemptedValueIsInvalidAccessor(_ => Unreadable);
        words.SetUnknownValueIsInvalidAccessor(_ => Unreadable);
        words.SetNonPropertyUnknownValueIsInvalidAccessor(() => Unreadable);
        words.SetValueIsInvalidAccessor(_ => Unreadable);
        words.SetValueMustBeANumberAccessor(_ => NoNumber);
        words.SetNonPropertyValueMustBeANumberAccessor(() => NoNumber);
        words.SetValueMustNotBeNullAccessor(_ => Missing);
        words.SetMissingBindRequiredValueAccessor(_ => Missing);
        words.SetMissingKeyOrValueAccessor(() => Missing);
        words.SetMissingRequestBodyRequiredValueAccessor(() => Missing);
    }
}
