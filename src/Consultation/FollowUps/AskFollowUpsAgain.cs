using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Staff;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.FollowUps;

/// <summary>
/// Job: in the opening hours of its desk, a due follow-up that nobody answered is asked again, up to the programme year's number of approaches; then the
/// desk is to call (journey J32). It rests while a call about it is still to be made, and while the case waits for the client. What is unanswered
/// at the end of the contract goes to the hand-over list. Answers how many.
/// </summary>
/// <exception cref="PartlyDone">All others were asked; these could not be.</exception>
[Requires(Permission.Operate), OutsideTransaction]
public sealed record AskFollowUpsAgain(int Most = 200) : ICommand<int>;

internal sealed class AskFollowUpsAgainHandler(ConsultationDb db, Dispatcher dispatcher, Execution execution, DeskBook desks) : IRequestHandler<AskFollowUpsAgain, int>
{
    public async Task<int> Handle(AskFollowUpsAgain request, CancellationToken cancellationToken)
    {
        var book = await desks.ReadAsync(cancellationToken);
        var open = book.OpenAt(execution.Now).Select(d => d.Id.Value).ToArray();
        var today = JapanTime.DateOf(execution.Now);
        var unanswered = await db.Database.SqlQuery<Guid>($"""
            select f.id as "Value" from follow_ups f join cases c on c.id = f.case_id
            where f.state = 'due' and f.desk_id = any({open}) and c.status not in ('closed', 'received')
              and (f.last_on < {today} or (f.next_ask_on <= {today} and not c.on_hold
                and not exists (select 1 from call_backs b where b.case_id = f.case_id and b.state = 'open' and strpos(b.event_key, f.id::text) > 0)))
            order by exists (select 1 from work_failures w where w.row_id = f.id::text), f.next_ask_on, f.id limit {request.Most}
            """).ToListAsync(cancellationToken);
        return await dispatcher.SendEach(unanswered, id => new AskFollowUpAgain(new(id)), execution.Actor, cancellationToken);
    }
}

/// <summary>One unanswered follow-up: the next letter, the desk's call, or the hand-over list. False where somebody answered or put it off meanwhile.</summary>
[Requires(Permission.Operate)]
public sealed record AskFollowUpAgain(FollowUpId FollowUp) : ICommand<bool>;

internal sealed class AskFollowUpAgainHandler(ConsultationDb db, Execution execution, CaseAccess cases, Approaches approaches) : IRequestHandler<AskFollowUpAgain, bool>
{
    public async Task<bool> Handle(AskFollowUpAgain request, CancellationToken cancellationToken)
    {
        var owner = await db.Set<FollowUp>().Where(f => f.Id == request.FollowUp).Select(f => (CaseId?)f.CaseId).FirstOrDefaultAsync(cancellationToken) ?? throw new NotFound();
        var found = await cases.ForConsequenceAsync(owner, cancellationToken);
        var followUp = await db.Set<FollowUp>().SingleAsync(f => f.Id == request.FollowUp, cancellationToken);
        var occasion = await cases.OccasionAsync(found.DeskId, cancellationToken);
        var over = occasion.Today > followUp.LastOn;
        if (followUp.State != FollowUpState.Due || found.Status is CaseStatus.Closed or CaseStatus.Received
            || (!over && (found.OnHold || followUp.NextAskOn is not { } next || next > occasion.Today)))
        {
            return false;
        }

        var kind = FollowUpWords.Of(followUp.Kind);
        switch (followUp.AskAgain(occasion.Today, occasion.Programme.FollowUpApproaches, Approaches.NextOn(occasion)))
        {
            case NextApproach.Letter:
                found.Tell(occasion, "follow_up_asked_again", $"{kind}に返事がないため、{followUp.Asked}回目のおたずね");
                execution.Audit("follow_up.asked_again", followUp.Id);
                await approaches.AskAsync(found, followUp, first: false, occasion, cancellationToken);
                break;
            case NextApproach.Call:
                execution.Audit("follow_up.call_owed", followUp.Id);
                await approaches.CallAsync(found, followUp, occasion, cancellationToken);
                break;
            default:
                found.Tell(occasion, "follow_up_handed_over", $"{kind}は契約終了日（{JapaneseDate.Long(followUp.LastOn)}）までに返事がないため引継ぎ");
                execution.Audit("follow_up.handed_over", followUp.Id);
                await approaches.EndAsync(found, followUp, answered: false, occasion, cancellationToken);
                break;
        }

        return true;
    }
}
