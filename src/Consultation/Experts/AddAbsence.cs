using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using FluentValidation;
using MediatR;

namespace Consultation.Experts;

/// <summary>
/// Enters leave or illness of an expert. From then on nothing new is offered into that time; visits already booked stay and are flagged to
/// expert and desk (journeys J14, J25).
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

/// <summary>An expert will not be there; rooms above flag what stands in that time.</summary>
public sealed record ExpertAbsent(ExpertId Expert, ExpertAbsenceId Absence, DateTimeOffset From, DateTimeOffset To) : IDomainEvent;

internal sealed class AddAbsenceHandler(ConsultationDb db, Execution execution, ExpertAccess access) : IRequestHandler<AddAbsence, ExpertView>
{
    public async Task<ExpertView> Handle(AddAbsence request, CancellationToken cancellationToken)
    {
        // A booking that runs at the same time either sees the absence or is flagged by it.
        var trip = new RoundTrip(db);
        ExpertDiary.Lock(trip, [request.Expert]);
        await trip.GoAsync(cancellationToken);
        var expert = await access.ForAvailabilityAsync(request.Expert, cancellationToken);
        var (from, to) = (request.From!.Value, request.To!.Value);
        if (to <= execution.Now || from < execution.Now.AddDays(-1))
        {
            throw new InvalidInput("from", "absence.in_past");
        }

        // The same absence sent twice is one absence.
        var reason = request.Reason!.Trim();
        if (expert.Absences.Any(a => a.StartsAt == from && a.EndsAt == to && a.Reason == reason))
        {
            return ExpertView.Of(expert, execution.Now);
        }

        if (expert.Absences.FirstOrDefault(a => a.StartsAt < to && from < a.EndsAt) is { } other)
        {
            throw new RuleViolation("absence.overlaps", JapaneseDate.ShortTime(other.StartsAt), JapaneseDate.ShortTime(other.EndsAt));
        }

        var absence = expert.BeAbsent(from, to, reason);
        db.Add(absence);
        execution.Audit("expert.absence_added", expert.Id);
        execution.Raise(new ExpertAbsent(expert.Id, absence.Id, from, to));

        return ExpertView.Of(expert, execution.Now);
    }
}
