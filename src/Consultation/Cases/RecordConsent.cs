using Consultation.Messaging;
using Consultation.Persistence;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Cases;

/// <summary>
/// Takes down that the client agreed that personal data go to the experts of both ministries: who, when, to which wording, by which channel.
/// An offer shows personal data only while a consent stands (design §2). While one stands, another is a no-op.
/// </summary>
/// <param name="GivenBy">Who of the client agreed; the contact person of the case where null.</param>
/// <param name="At">When it was said; now where null, never in the future.</param>
/// <param name="TextVersion">A version of <see cref="ConsentTexts"/>; the newest where null.</param>
[Requires(Permission.EditCase)]
public sealed record RecordConsent(CaseId Case, Channel? Channel, string? GivenBy = null, DateTimeOffset? At = null, string? TextVersion = null) : ICommand<ChangedCase>;

internal sealed class RecordConsentValidator : AbstractValidator<RecordConsent>
{
    public RecordConsentValidator()
    {
        RuleFor(r => r.Channel).NotNull().WithErrorCode("field.required");
        RuleFor(r => r.GivenBy).Storable();
        RuleFor(r => r.At).PossibleInstant();
        RuleFor(r => r.TextVersion).Must(v => v is null || ConsentTexts.Find(v) is not null).WithErrorCode("field.unknown_code");
    }
}

internal sealed class RecordConsentHandler(ConsultationDb db, Execution execution, CaseAccess access) : IRequestHandler<RecordConsent, ChangedCase>
{
    public async Task<ChangedCase> Handle(RecordConsent request, CancellationToken cancellationToken)
    {
        var at = request.At ?? execution.Now;
        if (at > execution.Now.AddMinutes(1))
        {
            throw new InvalidInput("at", "contact.in_future");
        }

        var found = await access.ForChangeAsync(request.Case, cancellationToken);
        if (!await db.Set<Consent>().AnyAsync(c => c.CaseId == found.Id && c.WithdrawnAt == null, cancellationToken))
        {
            var by = string.IsNullOrWhiteSpace(request.GivenBy) ? found.ContactName : request.GivenBy.Trim();
            var consent = found.Consent(request.Channel!.Value, by, at, request.TextVersion ?? ConsentTexts.Newest.Version, await access.OccasionAsync(found.DeskId, cancellationToken));
            db.Add(consent);
            execution.Audit("consent.recorded", found.Id, consent.TextVersion);
        }

        return ChangedCase.Of(found);
    }
}
