using Consultation.Calendar;
using Consultation.Reference;
using Consultation.Topics;

namespace Consultation.Cases;

/// <summary>A deadline that a change of the calendar moves, with its new derivation.</summary>
public sealed record MovedDeadline(DeadlineKind Kind, Track? Track, DateTimeOffset Was, DateTimeOffset Due, string Why)
{
    /// <summary>初回応答 11月24日(火) 12:30 → 11月25日(水) 12:30; by day where the kind is.</summary>
    public string Words => $"{CaseWords.Of(Kind)} {WasWords} → {DueWords}";

    public string WasWords => Instant(Was);

    public string DueWords => Instant(Due);

    // A day that is shortened moves its closing, and with it what is shown by day otherwise.
    private string Instant(DateTimeOffset at) =>
        Deadline.IsByDay(Kind) && JapanTime.DateOf(Was) != JapanTime.DateOf(Due) ? JapaneseDate.Short(JapanTime.DateOf(at)) : JapaneseDate.ShortTime(at);
}

public sealed partial class Case
{
    /// <summary>What a change of the desk's calendar would move; changes nothing.</summary>
    public IReadOnlyList<MovedDeadline> MovedBy(BusinessCalendar before, BusinessCalendar after, DateTimeOffset now) =>
        [.. deadlines.Select(d => (Deadline: d, Due: d.By(before, after, now))).Where(m => m.Due is not null)
            .Select(m => new MovedDeadline(m.Deadline.Kind, m.Deadline.Track, m.Deadline.DueAt, m.Due!.Value.Due, m.Due.Value.Why))];

    /// <summary>The calendar of the desk changed: open deadlines are counted again, ended ones keep their history (journey J29).</summary>
    public IReadOnlyList<MovedDeadline> CountAgain(BusinessCalendar before, BusinessCalendar after, string cause, Occasion occasion)
    {
        var moved = MovedBy(before, after, occasion.Now);
        if (moved.Count == 0)
        {
            return moved;
        }

        foreach (var deadline in deadlines)
        {
            if (deadline.By(before, after, occasion.Now) is { } due)
            {
                deadline.Move(due);
            }
        }

        foreach (var asked in tracks.Where(t => t.State == TrackState.Offered))
        {
            asked.RespondBy = moved.FirstOrDefault(m => m.Kind == DeadlineKind.Acceptance && m.Track == asked.Track)?.Due.ToUniversalTime() ?? asked.RespondBy;
        }

        Tell(occasion, "deadlines_moved", $"{cause}のため期限を変更: {string.Join("、", moved.Select(m => m.Words))}");
        Changed();
        return moved;
    }
}
