using Consultation.Messaging;
using Consultation.Persistence;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Cases;

/// <summary>
/// The client takes the consent back; from then on offers show nothing personal. Possible in every status, also after the end. Without a
/// consent that stands it is a no-op.
/// </summary>
[Requires(Permission.EditCase)]
public sealed record WithdrawConsent(CaseId Case, string? Reason = null) : ICommand<ChangedCase>;

internal sealed class WithdrawConsentValidator : AbstractValidator<WithdrawConsent>
{
    public WithdrawConsentValidator() => RuleFor(r => r.Reason).Storable();
}

internal sealed class WithdrawConsentHandler(ConsultationDb db, Execution execution, CaseAccess access) : IRequestHandler<WithdrawConsent, ChangedCase>
{
    public async Task<ChangedCase> Handle(WithdrawConsent request, CancellationToken cancellationToken)
    {
        var found = await access.ForChangeAsync(request.Case, cancellationToken);
        if (await db.Set<Consent>().FirstOrDefaultAsync(c => c.CaseId == found.Id && c.WithdrawnAt == null, cancellationToken) is { } standing)
        {
            found.WithdrawConsent(standing, request.Reason, await access.OccasionAsync(found.DeskId, cancellationToken));
            execution.Audit("consent.withdrawn", found.Id);
        }

        return ChangedCase.Of(found);
    }
}
