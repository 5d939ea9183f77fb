using Consultation.Messaging;
using Consultation.Staff;
using FluentValidation;
using MediatR;

namespace Consultation.Experts;

/// <summary>
/// Gives an expert's single day hours of its own: an extra day, or other hours than the weekday's. Without hours the weekly pattern holds
/// again. A day on which nobody is visited (weekend, holiday, year's end) is refused; a day off is an absence. Visits already booked stay.
/// </summary>
[Requires(Permission.KeepAvailability)]
public sealed record SetDayHours(ExpertId Expert, DateOnly? Date, IReadOnlyList<WorkingStretch>? Hours) : ICommand<ExpertView>;

internal sealed class SetDayHoursValidator : AbstractValidator<SetDayHours>
{
    public SetDayHoursValidator()
    {
        RuleFor(r => r.Date).NotNull().WithErrorCode("field.required");
        RuleFor(r => r.Hours).NotNull().WithErrorCode("field.required");
        RuleFor(r => r.Hours == null || r.Date == null ? null : r.Hours.Where(h => h != null).Select(h => new DayHours(r.Date.Value, h.From, h.To, h.Modes)).ToList()).SingleDays().OverridePropertyName("Hours");
    }
}

internal sealed class SetDayHoursHandler(Execution execution, DeskBook desks, ExpertAccess access) : IRequestHandler<SetDayHours, ExpertView>
{
    public async Task<ExpertView> Handle(SetDayHours request, CancellationToken cancellationToken)
    {
        var day = request.Date!.Value;
        AvailabilityRules.DemandAhead(await desks.NationalAsync(cancellationToken), day, execution.Now, "date");
        var expert = await access.ForAvailabilityAsync(request.Expert, cancellationToken);
        expert.WorkOn(day, request.Hours!);
        execution.Audit("expert.availability_set", expert.Id);
        return ExpertView.Of(expert, execution.Now);
    }
}
