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
/// call (design §2). Answers how many; a full batch means that there may be more.
/// </summary>
[Requires(Permission.Operate)]
public sealed record RaiseDueFollowUps(int Most = 200) : ICommand<int>;

internal sealed class RaiseDueFollowUpsHandler(ConsultationDb db, Execution execution, CaseAccess cases, DeskBook desks, ClientLetter letters) : IRequestHandler<RaiseDueFollowUps, int>
{
    public async Task<int> Handle(RaiseDueFollowUps request, CancellationToken cancellationToken)
    {
        var book = await desks.ReadAsync(cancellationToken);
        var open = book.Desks.Where(d => book.CalendarOf(d.Id).IsOpenAt(execution.Now)).Select(d => d.Id.Value).ToArray();
        var today = JapanTime.DateOf(execution.Now);
        var due = await db.Database.SqlQuery<Guid>($"""
            select f.id as "Value" from follow_ups f join cases c on c.id = f.case_id
            where f.state = 'planned' and f.due_on <= {today} and f.desk_id = any({open}) and c.status <> 'closed'
            order by f.due_on, f.id limit {request.Most} for update of c skip locked
            """).ToListAsync(cancellationToken);
        var raised = 0;
        foreach (var id in due)
        {
            var followUp = await db.Set<FollowUp>().SingleAsync(f => f.Id == new FollowUpId(id), cancellationToken);
            if (followUp.State != FollowUpState.Planned || followUp.DueOn > today)
            {
                continue;
            }

            var found = await cases.ForConsequenceAsync(followUp.CaseId, cancellationToken);
            var occasion = await cases.OccasionAsync(found.DeskId, cancellationToken);
            followUp.Raise();
            found.FollowedUp("follow_up_due", $"{FollowUpWords.Of(followUp.Kind)}の期日", occasion);
            await letters.SendAsync(found, "follow-up-due", $"follow-up-due/{followUp.Id}/{followUp.DueOn:yyyyMMdd}", Values(found, followUp, book), occasion, cancellationToken);
            raised++;
        }

        return raised;
    }

    private static Dictionary<string, string> Values(Case found, FollowUp followUp, DeskBook.Snapshot book) => new()
    {
        ["to"] = string.Join(' ', new[] { found.OrganisationName, found.ContactName ?? "ご担当者" }.Where(n => n is not null)),
        ["number"] = found.Number,
        ["visited"] = Wareki.Format(followUp.BaseOn),
        ["months"] = $"{(int)followUp.Kind}か月",
        ["desk"] = book.Find(followUp.DeskId)?.Name ?? "テレワーク相談窓口",
    };
}
