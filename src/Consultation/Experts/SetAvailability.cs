using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Staff;
using FluentValidation;
using MediatR;

namespace Consultation.Experts;

/// <summary>
/// Replaces an expert's weekly working pattern, and single days, modes and capacity where given. Experts keep their own; supervisors everybody's, and only
/// they decide the capacity. Visits already booked stay booked.
/// </summary>
/// <param name="Hours">The whole pattern; an empty list means no work.</param>
/// <param name="Days">All days from today on that have hours of their own; as before where null.</param>
[Requires(Permission.KeepAvailability)]
public sealed record SetAvailability(ExpertId Expert, IReadOnlyList<WorkingHours>? Hours, IReadOnlyList<VisitMode>? Modes = null, int? Capacity = null, IReadOnlyList<DayHours>? Days = null) : ICommand<ExpertView>;

internal sealed class SetAvailabilityValidator : AbstractValidator<SetAvailability>
{
    public SetAvailabilityValidator()
    {
        RuleFor(r => r.Hours).NotNull().WithErrorCode("field.required");
        RuleFor(r => r.Hours).WeeklyPattern();
        RuleFor(r => r.Days).SingleDays();
        RuleFor(r => r.Modes).Modes();
        RuleFor(r => r.Capacity).Capacity();
    }
}

internal sealed class SetAvailabilityHandler(Execution execution, DeskBook desks, ExpertAccess access) : IRequestHandler<SetAvailability, ExpertView>
{
    public async Task<ExpertView> Handle(SetAvailability request, CancellationToken cancellationToken)
    {
        foreach (var day in request.Days ?? [])
        {
            AvailabilityRules.DemandAhead(await desks.NationalAsync(cancellationToken), day.Date, execution.Now, "days");
        }

        var expert = await access.ForAvailabilityAsync(request.Expert, cancellationToken);
        if (request.Capacity is { } capacity && capacity != expert.Capacity)
        {
            if (!execution.Actor.Can(Permission.ManageExperts))
            {
                throw new Forbidden();
            }

            expert.Commission(expert.TermFrom, expert.TermTo, capacity);
        }

        if (request.Modes is { } modes)
        {
            expert.Cover(expert.Nationwide, expert.Districts, expert.Prefectures, modes);
        }

        expert.Work(request.Hours!);
        if (request.Days is { } days)
        {
            expert.WorkOnDays(days, JapanTime.DateOf(execution.Now));
        }

        execution.Audit("expert.availability_set", expert.Id);
        return ExpertView.Of(expert, execution.Now);
    }
}
