using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Staff;
using FluentValidation;
using MediatR;

namespace Consultation.Cases;

/// <summary>Counts a question that is no case, such as 「受付時間は？」.</summary>
[Requires(Permission.LogInquiry)]
public sealed record RecordTally(Channel? Channel, TallyKind? Kind) : ICommand<TallyId>;

internal sealed class RecordTallyValidator : AbstractValidator<RecordTally>
{
    public RecordTallyValidator()
    {
        RuleFor(r => r.Channel).NotNull().WithErrorCode("field.required");
        RuleFor(r => r.Kind).NotNull().WithErrorCode("field.required");
    }
}

internal sealed class RecordTallyHandler(ConsultationDb db, Execution execution, DeskBook desks) : IRequestHandler<RecordTally, TallyId>
{
    public async Task<TallyId> Handle(RecordTally request, CancellationToken cancellationToken)
    {
        var desk = execution.Actor.Desk ?? (await desks.ReadAsync(cancellationToken)).Find("national")?.Id ?? throw new RuleViolation("desk.none");
        var tally = new Tally(desk, request.Channel!.Value, request.Kind!.Value, execution.Now, execution.Actor.Name);
        db.Add(tally);
        return tally.Id;
    }
}
