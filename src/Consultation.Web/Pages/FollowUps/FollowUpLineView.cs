using Consultation.FollowUps;
using Consultation.Reference;
using Consultation.Web.Pages.Shared;

namespace Consultation.Web.Pages.FollowUps;

/// <summary>A follow-up somebody has to act on: whom to ask, by when.</summary>
public sealed record FollowUpLineView(string Link, string CaseLink, string Number, string Organisation, string Kind, StateView State, DeadlineView Due, string? Asked)
{
    /// <param name="district">Whose calendar counts the days.</param>
    public static async Task<IReadOnlyList<FollowUpLineView>> OfAsync(IEnumerable<FollowUpRow> rows, DeskClock clock, string district, CancellationToken cancellationToken)
    {
        var lines = new List<FollowUpLineView>();
        foreach (var row in rows)
        {
            lines.Add(new(
                FollowUpLines.PathTo(row.Case, row.Id), QueueRows.LinkTo(row.Case), row.CaseNumber, row.Organisation ?? "企業・団体名は未確認", FollowUpWords.Of(row.Kind),
                FollowUpLines.Of(row.State), await clock.ByDayAsync("期日", row.DueOn, row.Why, district, cancellationToken),
                FollowUpWords.Approaches(row.State, row.Asked, row.NextAskOn, JapanTime.DateOf(clock.Now))));
        }

        return lines;
    }
}
