namespace Consultation.Cases;

/// <summary>The states of a case as computed by <see cref="Case.Settle"/> (design §2).</summary>
public enum CaseStatus { Received, Waiting, Offered, Assigned, Booked, ReportDue, FollowingUp, Closed }

/// <summary>Everything that can be done to a case.</summary>
public enum CaseAction
{
    AddContact, AddNote, Edit, Route, JoinTrack, Offer, AnswerOffer, Reassign, Book, ChangeVisit, CompleteVisit, WriteReport, WorkFollowUp,
    Hold, Resume, HandOver, Close, Reopen,
}

/// <summary>
/// The one table of which action is legal in which status. What depends on more than the status (no track is held yet, nothing is on hold)
/// is asked by the action itself. A contact and a note may always be added, because everything said is recorded.
/// </summary>
public static class CaseActions
{
    private const string Columns = "Received Waiting Offered Assigned Booked ReportDue FollowingUp Closed";

    // Rows in the order of the columns above; ● legal, · refused.
    private static readonly (CaseAction Action, string Legal)[] Table =
    [
        (CaseAction.AddContact, "● ● ● ● ● ● ● ●"),
        (CaseAction.AddNote, "● ● ● ● ● ● ● ●"),
        (CaseAction.Edit, "● ● ● ● ● ● ● ·"),
        (CaseAction.Route, "● ● ● ● ● ● ● ·"),
        (CaseAction.JoinTrack, "· ● ● ● ● ● ● ·"),
        (CaseAction.Offer, "· ● · · · · · ·"),
        (CaseAction.AnswerOffer, "· ● ● · · · · ·"),
        (CaseAction.Reassign, "· ● ● ● ● ● · ·"),
        (CaseAction.Book, "· ● ● ● ● ● ● ·"),
        (CaseAction.ChangeVisit, "· ● ● · ● · · ·"),
        (CaseAction.CompleteVisit, "· ● ● · ● · · ·"),
        (CaseAction.WriteReport, "· ● ● ● ● ● ● ·"),
        (CaseAction.WorkFollowUp, "· ● ● ● ● ● ● ·"),
        (CaseAction.Hold, "● ● ● ● ● ● ● ·"),
        (CaseAction.Resume, "● ● ● ● ● ● ● ·"),
        (CaseAction.HandOver, "● ● ● ● ● ● ● ·"),
        (CaseAction.Close, "● ● ● ● ● ● ● ·"),
        (CaseAction.Reopen, "· · · · · · · ●"),
    ];

    private static readonly HashSet<(CaseStatus, CaseAction)> Legal = Read();

    public static bool IsLegal(CaseStatus status, CaseAction action) => Legal.Contains((status, action));

    private static HashSet<(CaseStatus, CaseAction)> Read()
    {
        var statuses = Columns.Split(' ').Select(Enum.Parse<CaseStatus>).ToArray();
        return Table
            .SelectMany(row => row.Legal.Split(' ').Zip(statuses, (mark, status) => (mark, status)).Where(c => c.mark == "●").Select(c => (c.status, row.Action)))
            .ToHashSet();
    }
}
