using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Staff;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Cases;

/// <summary>Gives a case to another desk in force, with its promised calls; the receiving desk hears of it on its home, the giving desk keeps the reduced view of journey J60.</summary>
[Requires(Permission.EditCase)]
public sealed record HandOverCase(CaseId Case, string? Desk, string? Reason) : ICommand<ChangedCase>;

internal sealed class HandOverCaseValidator : AbstractValidator<HandOverCase>
{
    public HandOverCaseValidator()
    {
        RuleFor(r => r.Desk).RequiredText(InputRules.FieldLength);
        RuleFor(r => r.Reason).RequiredText(InputRules.FieldLength);
    }
}

internal sealed class HandOverCaseHandler(ConsultationDb db, Execution execution, CaseAccess access, DeskBook desks) : IRequestHandler<HandOverCase, ChangedCase>
{
    public async Task<ChangedCase> Handle(HandOverCase request, CancellationToken cancellationToken)
    {
        var found = await access.ForChangeAsync(request.Case, cancellationToken);
        var desk = (await desks.ReadAsync(cancellationToken)).Find(request.Desk!.Trim()) ?? throw new InvalidInput("desk", "field.unknown_code");
        if (!desk.IsInForceOn(JapanTime.DateOf(execution.Now)))
        {
            throw new InvalidInput("desk", "desk.not_in_force");
        }

        if (desk.Id == found.DeskId)
        {
            return ChangedCase.Of(found);
        }

        found.HandOver(desk.Id, desk.District, desk.Name, request.Reason!, await access.OccasionAsync(desk.Id, cancellationToken));
        await db.Set<CallBack>().Where(c => c.CaseId == found.Id && c.State == CallBackState.Open)
            .ExecuteUpdateAsync(u => u.SetProperty(c => c.DeskId, desk.Id), cancellationToken);
        await db.Set<CaseSearch>().Where(s => s.CaseId == found.Id).ExecuteUpdateAsync(u => u.SetProperty(s => s.District, desk.District), cancellationToken);
        await db.Set<DeskNews>().Where(n => n.CaseId == found.Id && n.SeenAt == null).ExecuteUpdateAsync(u => u.SetProperty(n => n.DeskId, desk.Id), cancellationToken);
        db.Add(new DeskNews(found.Id, desk.Id, DeskNewsKind.HandedOver, execution.Now, execution.Actor.Name, request.Reason));
        execution.Audit("case.handed_over", found.Id, desk.Slug);
        execution.Raise(new CaseHandedOver(found.Id, desk.Id));
        return ChangedCase.Of(found);
    }
}
