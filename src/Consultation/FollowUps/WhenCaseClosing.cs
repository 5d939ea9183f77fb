using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.FollowUps;

/// <summary>
/// Open follow-ups stand against closing a case, or end with it (journey J37). What lies beyond the programme's dates belongs to the
/// hand-over list and stays there.
/// </summary>
internal sealed class WhenCaseClosing(ConsultationDb db, Execution execution, CaseAccess cases, Approaches approaches) : INotificationHandler<CaseClosing>
{
    public async Task Handle(CaseClosing notification, CancellationToken cancellationToken)
    {
        var open = await db.Set<FollowUp>()
            .Where(f => f.CaseId == notification.Case && (f.State == FollowUpState.Planned || f.State == FollowUpState.Suspended || f.State == FollowUpState.Due))
            .OrderBy(f => f.DueOn).ToListAsync(cancellationToken);
        if (!notification.CloseOpenWork)
        {
            notification.Objections.AddRange(open.Select(f => new Objection("follow_up.open", $"{FollowUpWords.Of(f.Kind)}（{JapaneseDate.Short(f.DueOn)}）が残っています")));
            return;
        }

        if (open.Count > 0)
        {
            var found = await cases.ForConsequenceAsync(notification.Case, cancellationToken);
            var occasion = await cases.OccasionAsync(found.DeskId, cancellationToken);
            foreach (var followUp in open)
            {
                await approaches.EndAsync(found, followUp, answered: false, occasion, cancellationToken);
                followUp.Cancel(withCase: true, occasion);
                execution.Audit("follow_up.cancelled", followUp.Id, "case closed");
            }

            found.Tell(occasion, "follow_ups_cancelled", $"フォローアップ{open.Count}件を取消（案件の完了）");
        }
    }
}
