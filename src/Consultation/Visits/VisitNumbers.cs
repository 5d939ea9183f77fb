using Consultation.Cases;
using Consultation.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Visits;

/// <summary>第n回 follows the dates: whoever books an earlier day than the one that stands already is the one before it.</summary>
internal static class VisitNumbers
{
    /// <summary>Numbers the visits of a case that stand, as this change leaves them. The case is locked; what fell through keeps its number.</summary>
    public static async Task AgreeAsync(ConsultationDb db, CaseId id, CancellationToken cancellationToken)
    {
        await db.Set<Visit>().Where(v => v.CaseId == id).LoadAsync(cancellationToken);
        Agree(db, id);
    }

    /// <summary>The same where the visits of the case are loaded already.</summary>
    public static void Agree(ConsultationDb db, CaseId id)
    {
        var ordinal = 0;
        foreach (var visit in db.Set<Visit>().Local.Where(v => v.CaseId == id && (v.IsOpen || v.State == VisitState.TookPlace)).OrderBy(v => v.StartsAt).ThenBy(v => v.Id.Value).ToList())
        {
            visit.Number(++ordinal);
        }
    }
}
