using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Topics;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Routing;

/// <summary>
/// Offers one track of a case to one expert, or to the best by the rules. An excluded expert is refused with the reasons; a supervisor may
/// insist with a reason. Of two coordinators one wins and the other learns who asked whom and when (journey J12).
/// </summary>
[Requires(Permission.OfferCase)]
public sealed record OfferCase(CaseId Case, Track? Track, ExpertId? Expert = null, bool Auto = false, string? Reason = null) : ICommand<OfferResult>;

internal sealed class OfferCaseValidator : AbstractValidator<OfferCase>
{
    public OfferCaseValidator()
    {
        RuleFor(r => r.Track).NotNull().WithErrorCode("field.required");
        RuleFor(r => r.Expert).Must((r, e) => e is not null != r.Auto).WithErrorCode("offer.expert_or_auto").OverridePropertyName("expertId");
        RuleFor(r => r.Reason).Storable();
    }
}

internal sealed class OfferCaseHandler(ConsultationDb db, CaseAccess access, Offering offering) : IRequestHandler<OfferCase, OfferResult>
{
    public async Task<OfferResult> Handle(OfferCase request, CancellationToken cancellationToken)
    {
        var found = await access.ForChangeAsync(request.Case, cancellationToken);
        var track = request.Track!.Value;
        if (found.TrackOf(track) is { State: TrackState.Offered or TrackState.Held, OfferId: { } standing })
        {
            return await StandingAsync(found, standing, request, cancellationToken);
        }

        found.Demand(CaseAction.Offer);
        var occasion = await access.OccasionAsync(found.DeskId, cancellationToken);
        return await offering.MakeAsync(found, track, request.Expert, request.Reason, occasion, cancellationToken);
    }

    /// <summary>The same expert once more is a repeat; anybody else comes too late.</summary>
    private async Task<OfferResult> StandingAsync(Case found, OfferId standing, OfferCase request, CancellationToken cancellationToken)
    {
        var (offer, name) = await OfferAccess.WithNameAsync(db, standing, cancellationToken);
        if (offer.State == OfferState.Open && request.Expert == offer.ExpertId)
        {
            return OfferResult.Of(offer, found, name);
        }

        var when = JapaneseDate.ShortTime(offer.OfferedAt);
        throw new RuleViolation(offer.State == OfferState.Open ? "offer.taken" : "offer.held", offer.AskedBy, when, name)
        {
            Extra = { ["offeredTo"] = offer.ExpertId, ["offeredBy"] = offer.OfferedBy, ["offeredAt"] = JapanTime.ToJapan(offer.OfferedAt) },
        };
    }
}
