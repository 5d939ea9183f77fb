using Consultation.Messaging;
using Consultation.Reference;
using FluentValidation;
using MediatR;

namespace Consultation.FollowUps;

/// <summary>Puts a follow-up off to another day on which its desk is open, within the programme's dates.</summary>
/// <param name="BusinessDays">In place of a day: so many business days of the desk after its day, or after today where that is later.</param>
[Requires(Permission.WorkFollowUps)]
public sealed record PostponeFollowUp(FollowUpId FollowUp, DateOnly? Due, string? Reason, int? BusinessDays = null) : ICommand<ChangedFollowUp>;

internal sealed class PostponeFollowUpValidator : AbstractValidator<PostponeFollowUp>
{
    public PostponeFollowUpValidator()
    {
        RuleFor(r => r.BusinessDays).Must(d => d is null or (>= 1 and <= 60)).WithErrorCode("field.out_of_range").WithState(_ => new object?[] { 1, 60 });
        RuleFor(r => r.Due).NotNull().When(r => r.BusinessDays is null).WithErrorCode("field.required");
        RuleFor(r => r.Due).Must(d => d is null || d.Value.Year is >= 2019 and <= 2045).WithErrorCode("field.impossible_date");
        RuleFor(r => r.Reason).RequiredText(InputRules.FieldLength);
    }
}

internal sealed class PostponeFollowUpHandler(Execution execution, FollowUpAccess access, Approaches approaches) : IRequestHandler<PostponeFollowUp, ChangedFollowUp>
{
    public async Task<ChangedFollowUp> Handle(PostponeFollowUp request, CancellationToken cancellationToken)
    {
        var (followUp, found, occasion) = await access.ForChangeAsync(request.FollowUp, cancellationToken);
        var counted = request.BusinessDays is { } days
            ? occasion.Calendar.AddBusinessDays(followUp.DueOn > occasion.Today ? followUp.DueOn : occasion.Today, days)
            : (Calendar.DueDate?)null;
        var due = counted?.Due ?? request.Due!.Value;
        if (due < occasion.Today)
        {
            throw new InvalidInput("due", "follow_up.in_past");
        }

        if (due <= followUp.DueOn)
        {
            throw new InvalidInput("due", "follow_up.not_later", JapaneseDate.Short(followUp.DueOn));
        }

        if (occasion.Calendar.ClosedReason(due) is { } closed)
        {
            throw new InvalidInput("due", "follow_up.closed_day", JapaneseDate.Short(due), closed);
        }

        await approaches.EndAsync(found, followUp, answered: false, occasion, cancellationToken);
        followUp.Postpone(due, request.Reason!.Trim(), counted?.Why);
        found.FollowedUp("follow_up_postponed", $"{FollowUpWords.Of(followUp.Kind)}を {JapaneseDate.Long(due)} に延期: {request.Reason.Trim()}", occasion);
        execution.Audit("follow_up.postponed", followUp.Id);
        return ChangedFollowUp.Of(followUp, found);
    }
}
