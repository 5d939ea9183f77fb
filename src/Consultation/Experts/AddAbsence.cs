using Consultation.Messaging;
using Consultation.Persistence;
using FluentValidation;
using MediatR;

namespace Consultation.Experts;

/// <summary>
/// Enters leave or illness of an expert. From then on nothing new is offered into that time; visits already booked stay and are the desk's
/// to move (journey J14).
/// </summary>
/// <param name="From">Half-open with <paramref name="To"/>; may lie in the past by a day at most, for illness entered late.</param>
[Requires(Permission.KeepAvailability)]
public sealed record AddAbsence(ExpertId Expert, DateTimeOffset? From, DateTimeOffset? To, string? Reason) : ICommand<ExpertView>;

internal sealed class AddAbsenceValidator : AbstractValidator<AddAbsence>
{
    public AddAbsenceValidator()
    {
        RuleFor(r => r.From).NotNull().WithErrorCode("field.required");
        RuleFor(r => r.From).PossibleInstant();
        RuleFor(r => r.To).NotNull().WithErrorCode("field.required");
        RuleFor(r => r.To).PossibleInstant();
        RuleFor(r => r.To).Must((r, to) => to is null || r.From is null || r.From < to).WithErrorCode("expert.period_reversed");
        RuleFor(r => r.Reason).RequiredText(InputRules.FieldLength);
    }
}

internal sealed class AddAbsenceHandler(ConsultationDb db, Execution execution, ExpertAccess access) : IRequestHandler<AddAbsence, ExpertView>
{
    public async Task<ExpertView> Handle(AddAbsence request, CancellationToken cancellationToken)
    {
        var expert = await access.ForAvailabilityAsync(request.Expert, cancellationToken);
        var (from, to) = (request.From!.Value, request.To!.Value);
        if (to <= execution.Now || from < execution.Now.AddDays(-1))
        {
            throw new InvalidInput("from", "absence.in_past");
        }

        // The same absence sent twice is one absence.
        if (!expert.Absences.Any(a => a.StartsAt == from && a.EndsAt == to && a.Reason == request.Reason))
        {
            db.Add(expert.BeAbsent(from, to, request.Reason!.Trim()));
            execution.Audit("expert.absence_added", expert.Id);
        }

        return ExpertView.Of(expert, execution.Now);
    }
}
