using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.FollowUps;

/// <summary>
/// Whoever has been asked and speaks is not asked again by itself; the follow-up stays due until the desk records what was said. One whose day has not
/// come is not touched: a thank-you beforehand is no answer (journey J30).
/// </summary>
internal sealed class WhenClientSpoke(ConsultationDb db, Execution execution, CaseAccess cases, Approaches approaches) : INotificationHandler<ClientSpoke>
{
    public async Task Handle(ClientSpoke notification, CancellationToken cancellationToken)
    {
        var day = JapanTime.DateOf(notification.At);
        var due = await db.Set<FollowUp>()
            .Where(f => f.CaseId == notification.Case && f.State == FollowUpState.Due && f.DueOn <= day).OrderBy(f => f.DueOn).ToListAsync(cancellationToken);
        if (due.Count == 0)
        {
            return;
        }

        var found = await cases.ForConsequenceAsync(notification.Case, cancellationToken);
        var occasion = await cases.OccasionAsync(found.DeskId, cancellationToken);
        foreach (var followUp in due)
        {
            await approaches.EndAsync(found, followUp, answered: true, occasion, cancellationToken);
        }

        var stopped = due.Where(f => f.StopAsking()).ToList();
        if (stopped.Count == 0)
        {
            return;
        }

        stopped.ForEach(f => execution.Audit("follow_up.asking_stopped", f.Id));
        found.Tell(
            occasion, "follow_up_answered",
            $"相談者と話したため、{string.Join("、", stopped.Select(f => FollowUpWords.Of(f.Kind)))}をくり返しておたずねしません。結果を記録してください");
    }
}
