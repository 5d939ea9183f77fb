using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using FluentValidation;
using MediatR;

namespace Consultation.Experts;

/// <summary>
/// Takes an expert into the list. Only name, affiliation and base prefecture are required: cover defaults to the base's district, the pattern
/// to 月–金 9:00–17:00, modes to all three. An empty list is meant as such: no hours is an expert who takes no work.
/// </summary>
/// <param name="Prefecture">Base: Japanese name or JIS code; likewise <paramref name="Prefectures"/>.</param>
/// <param name="OwnClients">法人番号 or names of organisations the expert works for anyway; their cases are never offered.</param>
/// <param name="Capacity">Open tracks at once, 0–100; 6 by default.</param>
[Requires(Permission.ManageExperts)]
public sealed record CreateExpert(
    string? Name, Affiliation? Affiliation, string? Prefecture, string? DisplayTitle = null, string? Email = null, string? Phone = null, int? Capacity = null,
    bool Nationwide = false, IReadOnlyList<string>? Districts = null, IReadOnlyList<string>? Prefectures = null, IReadOnlyList<VisitMode>? Modes = null,
    IReadOnlyList<TopicLevel>? Topics = null, IReadOnlyList<string>? Industries = null, DateOnly? TermFrom = null, DateOnly? TermTo = null,
    IReadOnlyList<WorkingHours>? Hours = null, IReadOnlyList<string>? OwnClients = null) : ICommand<ExpertView>, IExpertCard;

internal sealed class CreateExpertValidator : ExpertCardValidator<CreateExpert>
{
    public CreateExpertValidator() => RuleFor(r => r.Hours).WeeklyPattern();
}

internal sealed class CreateExpertHandler(ConsultationDb db, Execution execution, ExpertAccess access) : IRequestHandler<CreateExpert, ExpertView>
{
    public Task<ExpertView> Handle(CreateExpert request, CancellationToken cancellationToken)
    {
        var home = Reference.Prefectures.Find(request.Prefecture)!;
        access.DemandBase(home.Code);
        var expert = new Expert(request.Name!.Trim(), request.Affiliation!.Value, Blank(request.DisplayTitle), Blank(request.Email), Blank(request.Phone), home.Code, execution.Now);
        var told = request.Nationwide || request.Districts is not null || request.Prefectures is not null;
        expert.Cover(
            request.Nationwide, request.Districts ?? (told ? [] : [home.District.Slug]), (request.Prefectures ?? []).Select(p => Reference.Prefectures.Find(p)!.Code),
            request.Modes ?? Enum.GetValues<VisitMode>());
        expert.Know((request.Topics ?? []).Select(t => KeyValuePair.Create(t.Code, t.Level)), (request.Industries ?? []).Select(l => Reference.Industries.Find(l)!.Letter));
        expert.Commission(request.TermFrom, request.TermTo, request.Capacity ?? Expert.DefaultCapacity);
        expert.Declare(request.OwnClients ?? []);
        expert.Work(request.Hours ?? WorkingHours.Usual);
        db.Add(expert);
        execution.Audit("expert.created", expert.Id);
        return Task.FromResult(ExpertView.Of(expert, execution.Now));
    }

    private static string? Blank(string? typed) => string.IsNullOrWhiteSpace(typed) ? null : typed.Trim();
}
