using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using FluentValidation;
using MediatR;

namespace Consultation.Visits;

/// <summary>
/// The client, by the link of a letter, wants another time and finds none that suits: what was written is a contact, and the desk calls. The
/// booking stays meanwhile. The same words once more are a no-op.
/// </summary>
/// <exception cref="NotFound"><c>link.unknown</c></exception>
/// <exception cref="RuleViolation"><c>visit.not_open</c>, <c>link.too_late</c></exception>
[Requires(Permission.FollowLink)]
public sealed record WishByLink(string? Secret, string? Wish) : ICommand<bool>;

internal sealed class WishByLinkValidator : AbstractValidator<WishByLink>
{
    public WishByLinkValidator() => RuleFor(r => r.Wish).RequiredText(InputRules.FieldLength);
}

internal sealed class WishByLinkHandler(ConsultationDb db, Execution execution, VisitLinkAccess links, CallTasks calls) : IRequestHandler<WishByLink, bool>
{
    public async Task<bool> Handle(WishByLink request, CancellationToken cancellationToken)
    {
        var (visit, found, occasion) = await links.ForChangeAsync(request.Secret, null, cancellationToken);
        VisitLinkAccess.DemandChangeable(visit, execution.Now);
        var wish = request.Wish!.Trim();
        var text = $"{VisitWords.Of(visit)}の日時を変えたい: {wish}";
        var key = $"client-wish/{visit.Id}/{visit.Sequence}/{Convert.ToHexStringLower(SecretText.HashOf(wish).AsSpan(0, 8))}";
        if (!await calls.OweAsync(found, key, $"相談者からメールのリンクで希望がありました。{text}\n予約はそのままです。電話で日時を相談してください。", "相談者が日時の変更を希望。窓口から電話します", occasion, cancellationToken))
        {
            return false;
        }

        db.Add(new Contact(found.Id, ContactDirection.In, Channel.Web, occasion.Now, null, found.ContactName, ContactResult.Message, text, occasion.Actor));
        await CaseSearch.AppendAsync(db, found.Id, text, cancellationToken);
        if (found.AwaitsWord)
        {
            execution.Raise(new ClientSpoke(found.Id, execution.Now));
        }

        execution.Audit("visit.wish_by_link", visit.Id);
        return true;
    }
}
