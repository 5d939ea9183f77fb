using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Staff;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Cases;

/// <summary>
/// Job: tells one after the other of a deadline that has passed – whoever is to act, the desk, the supervisors – each once, while the desk is open and the
/// case is not on hold (design §2, journeys J16, J27). What is met is told no further. Answers how many rungs were climbed.
/// </summary>
/// <exception cref="AggregateException">All others were told; these could not be.</exception>
[Requires(Permission.Operate), OutsideTransaction]
public sealed record EscalateOverdue(int Most = 200) : ICommand<int>;

internal sealed class EscalateOverdueHandler(ConsultationDb db, Dispatcher dispatcher, Execution execution, DeskBook desks) : IRequestHandler<EscalateOverdue, int>
{
    public async Task<int> Handle(EscalateOverdue request, CancellationToken cancellationToken)
    {
        var book = await desks.ReadAsync(cancellationToken);
        var open = book.OpenAt(execution.Now).Select(d => d.Id.Value).ToArray();
        var now = execution.Now.ToUniversalTime();
        var late = await db.Database.SqlQuery<Guid>($"""
            select d.id as "Value" from deadlines d join cases c on c.id = d.case_id
            where d.state = 'open' and d.due_at <= {now} and d.escalate_at <= {now} and not c.on_hold and c.desk_id = any({open})
            order by exists (select 1 from work_failures w where w.row_id = d.id::text), d.escalate_at, d.id limit {request.Most}
            """).ToListAsync(cancellationToken);
        return await dispatcher.SendEach(late, id => new EscalateDeadline(new(id)), execution.Actor, cancellationToken);
    }
}

/// <summary>One rung of one deadline. False where it was met, moved or paused meanwhile, or its desk has closed.</summary>
[Requires(Permission.Operate)]
public sealed record EscalateDeadline(DeadlineId Deadline) : ICommand<bool>;

internal sealed class EscalateDeadlineHandler(ConsultationDb db, Execution execution, CaseAccess cases) : IRequestHandler<EscalateDeadline, bool>
{
    public async Task<bool> Handle(EscalateDeadline request, CancellationToken cancellationToken)
    {
        var owner = await db.Set<Deadline>().Where(d => d.Id == request.Deadline).Select(d => (CaseId?)d.CaseId).FirstOrDefaultAsync(cancellationToken) ?? throw new NotFound();
        var found = await cases.ForConsequenceAsync(owner, cancellationToken);
        var occasion = await cases.OccasionAsync(found.DeskId, cancellationToken);
        if (!occasion.Calendar.IsOpenAt(occasion.Now) || found.Deadlines.FirstOrDefault(d => d.Id == request.Deadline) is not { } late
            || found.Escalate(late.Id, await NamedAsync(found, late, cancellationToken), occasion) is not { } step)
        {
            return false;
        }

        execution.Audit("deadline.escalated", found.Id, $"{EnumText.Of(late.Kind)} {EnumText.Of(step)}");
        return true;
    }

    /// <summary>Who is to act: the expert where a first visit is to be booked, else the 窓口担当.</summary>
    private async Task<string?> NamedAsync(Case found, Deadline late, CancellationToken cancellationToken)
    {
        if (late is { Kind: DeadlineKind.FirstVisit, Track: { } track } && found.TrackOf(track)?.ExpertId is { } expert)
        {
            return $"専門家の{await db.Set<Expert>().Where(e => e.Id == expert).Select(e => e.Name).SingleAsync(cancellationToken)}さん";
        }

        return found.Holder is { } holder ? $"窓口担当の{await db.Set<StaffMember>().Where(m => m.Id == holder).Select(m => m.Name).SingleAsync(cancellationToken)}さん" : null;
    }
}
