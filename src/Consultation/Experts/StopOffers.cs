using Consultation.Messaging;
using FluentValidation;
using MediatR;

namespace Consultation.Experts;

/// <summary>
/// A supervisor lets nobody ask an expert anew, with the reason in words, because reports stay away (journey J61). What the expert has in
/// hand stays. A regional supervisor decides about the experts who live in the own district, a nationwide one about all.
/// </summary>
[Requires(Permission.ReassignCase)]
public sealed record StopOffers(ExpertId Expert, string? Reason) : ICommand<OffersToExpert>;

/// <summary>Whether an expert may be asked; <c>Why</c> is null where it may.</summary>
public sealed record OffersToExpert(ExpertId Expert, string Name, bool Stopped, string? Why, int Version)
{
    internal static OffersToExpert Of(Expert expert) => new(expert.Id, expert.Name, expert.OffersStoppedAt is not null, expert.OffersStoppedWhy, expert.Version);
}

internal sealed class StopOffersValidator : AbstractValidator<StopOffers>
{
    public StopOffersValidator() => RuleFor(r => r.Reason).RequiredText(InputRules.FieldLength);
}

internal sealed class StopOffersHandler(Execution execution, ExpertAccess access) : IRequestHandler<StopOffers, OffersToExpert>
{
    public async Task<OffersToExpert> Handle(StopOffers request, CancellationToken cancellationToken)
    {
        var expert = await access.ForAvailabilityAsync(request.Expert, cancellationToken);
        var why = request.Reason!.Trim();
        if (expert.OffersStoppedWhy != why)
        {
            expert.StopOffers(why, execution.Actor.Name, execution.Now);
            execution.Audit("expert.offers_stopped", expert.Id);
        }

        return OffersToExpert.Of(expert);
    }
}
