using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Topics;
using FluentValidation;
using MediatR;

namespace Consultation.Cases;

/// <summary>
/// Decides which ministries a case goes to (振り分け). For both, the lead begins alone unless <see cref="StartMode.Together"/> is reasoned;
/// going against the suggestion needs a reason too, which is kept (journey J08).
/// </summary>
[Requires(Permission.RouteCase)]
public sealed record RouteCase(CaseId Case, IReadOnlyList<Track>? Tracks, StartMode? Start = null, IReadOnlyList<string>? Topics = null, string? Reason = null) : ICommand<ChangedCase>;

internal sealed class RouteCaseValidator : AbstractValidator<RouteCase>
{
    public RouteCaseValidator()
    {
        RuleFor(r => r.Tracks).Must(t => t is { Count: > 0 }).WithErrorCode("field.required");
        RuleFor(r => r.Reason).Storable(InputRules.TextLength);
        RuleFor(r => r.Topics).Must(t => t is null || t.All(c => TopicCatalogue.Find(c) is not null)).WithErrorCode("field.unknown_code");
    }
}

internal sealed class RouteCaseHandler(Execution execution, CaseAccess access) : IRequestHandler<RouteCase, ChangedCase>
{
    public async Task<ChangedCase> Handle(RouteCase request, CancellationToken cancellationToken)
    {
        var found = await access.ForChangeAsync(request.Case, cancellationToken);
        var occasion = await access.OccasionAsync(found.DeskId, cancellationToken);
        if (found.Route(request.Tracks!.ToHashSet(), request.Start ?? StartMode.Lead, request.Topics, request.Reason, occasion))
        {
            execution.Audit("case.routed", found.Id, string.Join(',', request.Tracks!));
        }

        return ChangedCase.Of(found);
    }
}
