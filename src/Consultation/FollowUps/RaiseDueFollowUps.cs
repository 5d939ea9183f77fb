using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Staff;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.FollowUps;

/// <summary>
/// Job: from the opening of the desk on, planned follow-ups whose day has come become due, once, and the client is asked by mail or by a
/// call (design §2). Each is a transaction of its own, so that one that fails does not keep the others. Answers how many; a full batch means
/// that there may be more.
/// </summary>
/// <exception cref="PartlyDone">All others are raised; these could not be.</exception>
[Requires(Permission.Operate), OutsideTransaction]
public sealed record RaiseDueFollowUps(int Most = 200) : ICommand<int>;

internal sealed class RaiseDueFollowUpsHandler(ConsultationDb db, Dispatcher dispatcher, Execution execution, DeskBook desks) : IRequestHandler<RaiseDueFollowUps, int>
{
    public async Task<int> Handle(RaiseDueFollowUps request, CancellationToken cancellationToken)
    {
        var book = await desks.ReadAsync(cancellationToken);
        var open = book.OpenAt(execution.Now).Select(d => d.Id.Value).ToArray();
        var today = JapanTime.DateOf(execution.Now);
        // Nobody works a case whose tracks were all dropped; its follow-ups wait until it is routed again, and those of a case on hold until it goes on.
        var due = await db.Database.SqlQuery<Guid>($"""
            select f.id as "Value" from follow_ups f join cases c on c.id = f.case_id
            where f.state = 'planned' and f.due_on <= {today} and f.desk_id = any({open}) and c.status not in ('closed', 'received') and (not c.on_hold or f.last_on < {today})
            order by exists (select 1 from work_failures w where w.row_id = f.id::text), f.due_on, f.id limit {request.Most}
            """).ToListAsync(cancellationToken);
        return await dispatcher.SendEach(due, id => new RaiseFollowUp(new(id)), execution.Actor, cancellationToken);
    }
}

/// <summary>
/// One planned follow-up becomes due and the client is asked; after 契約終了日 it goes to the hand-over list and nobody is asked (journey J62).
/// False where somebody else did it or its day was put off.
/// </summary>
[Requires(Permission.Operate)]
public sealed record RaiseFollowUp(FollowUpId FollowUp) : ICommand<bool>;

internal sealed class RaiseFollowUpHandler(ConsultationDb db, Execution execution, CaseAccess cases, Approaches approaches) : IRequestHandler<RaiseFollowUp, bool>
{
    public async Task<bool> Handle(RaiseFollowUp request, CancellationToken cancellationToken)
    {
        var owner = await db.Set<FollowUp>().Where(f => f.Id == request.FollowUp).Select(f => (CaseId?)f.CaseId).FirstOrDefaultAsync(cancellationToken) ?? throw new NotFound();
        var found = await cases.ForConsequenceAsync(owner, cancellationToken);
        var followUp = await db.Set<FollowUp>().SingleAsync(f => f.Id == request.FollowUp, cancellationToken);
        var occasion = await cases.OccasionAsync(found.DeskId, cancellationToken);
        if (followUp.State != FollowUpState.Planned || followUp.DueOn > occasion.Today || found.Status is CaseStatus.Closed or CaseStatus.Received
            || (found.OnHold && occasion.Today <= followUp.LastOn))
        {
            return false;
        }

        followUp.Raise(occasion.Today, Approaches.NextOn(occasion));
        if (followUp.State == FollowUpState.HandOver)
        {
            found.Tell(occasion, "follow_up_handed_over", $"{FollowUpWords.Of(followUp.Kind)}は契約終了日（{JapaneseDate.Long(followUp.LastOn)}）を過ぎたため引継ぎ");
            execution.Audit("follow_up.handed_over", followUp.Id);
            return true;
        }

        found.Tell(occasion, "follow_up_due", $"{FollowUpWords.Of(followUp.Kind)}の期日");
        execution.Audit("follow_up.raised", followUp.Id);
        await approaches.AskAsync(found, followUp, first: true, occasion, cancellationToken);
        return true;
    }
}
