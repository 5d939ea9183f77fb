using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Persistence;
using FluentValidation;

namespace Consultation.Visits;

/// <summary>
/// What every act at short notice leaves beside the changed visit (journey J58): the call to the client as a contact, and a call of the desk
/// from its next opening on. Nobody approves; at half past six nobody is there.
/// </summary>
public sealed class ShortNotice(ConsultationDb db, Execution execution, CallTasks calls)
{
    /// <param name="reached">False where nobody answered; then the desk has to tell the client.</param>
    /// <param name="said">What was said beside the act itself, as typed.</param>
    /// <param name="act">What was decided, in words.</param>
    internal async Task RecordAsync(VisitInHand hand, bool reached, string? said, string act, string forDesk, CancellationToken cancellationToken)
    {
        var (visit, found, occasion) = hand;
        var text = string.IsNullOrWhiteSpace(said) ? act : $"{act}\n{said.Trim()}";
        var contact = new Contact(
            found.Id, ContactDirection.Out, Channel.Phone, occasion.Now, null, found.ContactName, reached ? ContactResult.Answered : ContactResult.NoAnswer, text, occasion.Actor);
        db.Add(contact);
        await CaseSearch.AppendAsync(db, found.Id, text, cancellationToken);
        if (reached)
        {
            found.Responded(occasion);
        }

        var told = reached ? "相談者には電話で伝えました。" : "相談者には電話がつながっていません。";
        await calls.OweAsync(
            found, $"short-notice/{contact.Id}", $"{occasion.Actor.Name}さんから当日の連絡: {act}{told}{forDesk}", $"当日の連絡: {act}{told}窓口が受付時間に確かめます", occasion, cancellationToken);
        execution.Audit("visit.short_notice", visit.Id);
    }
}

internal static class ShortNoticeRules
{
    public static void Call<T>(this AbstractValidator<T> validator, Func<T, bool?> reached, Func<T, string?> said)
    {
        validator.RuleFor(r => reached(r)).NotNull().WithErrorCode("field.required").OverridePropertyName("Reached");
        validator.RuleFor(r => said(r)).Storable(2_000).OverridePropertyName("Said");
    }
}
