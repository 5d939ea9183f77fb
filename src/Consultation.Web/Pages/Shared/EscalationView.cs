using Consultation.Cases;
using Consultation.Reference;

namespace Consultation.Web.Pages.Shared;

/// <summary>A deadline past which whoever looks at the page has been told (督促).</summary>
public sealed record EscalationView(string CaseLink, string Number, string Organisation, DeadlineView Deadline, string Told)
{
    public static async Task<IReadOnlyList<EscalationView>> OfAsync(IEnumerable<EscalatedDeadline> lines, DeskClock clock, CancellationToken cancellationToken)
    {
        var views = new List<EscalationView>();
        foreach (var line in lines)
        {
            views.Add(new(
                QueueRows.LinkTo(line.Case), line.Number, line.Organisation ?? "企業・団体名は未確認",
                await clock.OfAsync(line.Kind, line.Track, line.Due, line.Why, line.District, cancellationToken),
                $"{JapaneseDate.ShortTime(line.At)}に{CaseWords.Of(line.Step)}へ知らせました"));
        }

        return views;
    }
}
