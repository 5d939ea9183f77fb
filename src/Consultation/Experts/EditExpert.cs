using Consultation.Messaging;
using Consultation.Reference;
using FluentValidation;
using MediatR;

namespace Consultation.Experts;

/// <summary>
/// Changes what stands on an expert's card: affiliation, cover, topics, modes, capacity and 委嘱期間. The weekly pattern and leave are apart
/// (<see cref="SetAvailability"/>, <see cref="AddAbsence"/>); visits already booked and tracks already held stay.
/// </summary>
/// <param name="Prefecture">Base: Japanese name or JIS code; likewise <paramref name="Prefectures"/>.</param>
/// <param name="Active">False takes the expert out of the list: nothing new is offered.</param>
[Requires(Permission.ManageExperts)]
public sealed record EditExpert(
    ExpertId Expert, string? Name, Affiliation? Affiliation, string? Prefecture, string? DisplayTitle, string? Email, string? Phone, int? Capacity,
    bool Nationwide, IReadOnlyList<string>? Districts, IReadOnlyList<string>? Prefectures, IReadOnlyList<VisitMode>? Modes, IReadOnlyList<TopicLevel>? Topics,
    IReadOnlyList<string>? Industries, DateOnly? TermFrom, DateOnly? TermTo, bool Active, IReadOnlyList<string>? OwnClients) : ICommand<ExpertView>, IExpertCard;

internal sealed class EditExpertValidator : ExpertCardValidator<EditExpert>
{
    public EditExpertValidator()
    {
        RuleFor(r => r.Capacity).NotNull().WithErrorCode("field.required");
        RuleFor(r => r.Districts).Must((r, d) => r.Nationwide || d is { Count: > 0 } || r.Prefectures is { Count: > 0 }).WithErrorCode("expert.no_cover");
        RuleFor(r => r.Modes).NotNull().WithErrorCode("field.required");
    }
}

internal sealed class EditExpertHandler(Execution execution, ExpertAccess access) : IRequestHandler<EditExpert, ExpertView>
{
    public async Task<ExpertView> Handle(EditExpert request, CancellationToken cancellationToken)
    {
        var expert = await access.ForKeepingAsync(request.Expert, cancellationToken);
        access.DemandBase(request.Prefecture!);
        expert.Describe(
            request.Name!.Trim(), request.Affiliation!.Value, Blank(request.DisplayTitle), Blank(request.Email), Blank(request.Phone), Reference.Prefectures.Find(request.Prefecture)!.Code, request.Active);
        expert.Cover(request.Nationwide, request.Districts ?? [], (request.Prefectures ?? []).Select(p => Reference.Prefectures.Find(p)!.Code), request.Modes!);
        expert.Know((request.Topics ?? []).Select(t => KeyValuePair.Create(t.Code, t.Level)), (request.Industries ?? []).Select(l => Reference.Industries.Find(l)!.Letter));
        expert.Commission(request.TermFrom, request.TermTo, request.Capacity!.Value);
        var before = expert.OwnClients;
        expert.Declare(request.OwnClients ?? []);
        execution.Audit("expert.edited", expert.Id, before.SequenceEqual(expert.OwnClients) ? null : "ownClients");
        return ExpertView.Of(expert, execution.Now);
    }

    private static string? Blank(string? typed) => string.IsNullOrWhiteSpace(typed) ? null : typed.Trim();
}
