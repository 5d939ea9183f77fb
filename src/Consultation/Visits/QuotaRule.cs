using Consultation.Calendar;
using Consultation.Messaging;
using Consultation.Organisations;
using Consultation.Reference;

namespace Consultation.Visits;

/// <summary>
/// Whether a visit that falls through counts as a consultation, and by which rule of its programme year (domain.md §6.3, journey J21). The words
/// stand in the ledger.
/// </summary>
public sealed record QuotaRule(bool Counts, string Words)
{
    /// <param name="wasConfirmed">A hold that is given up never counts: nobody was promised anything.</param>
    internal static QuotaRule OfCancelling(Visit visit, bool wasConfirmed, CancelledBy by, BusinessCalendar calendar, ProgrammeYear programme, DateTimeOffset now)
    {
        if (!wasConfirmed)
        {
            return new(false, $"仮押さえの取消し（{VisitWords.Of(by)}・回数に数えない）");
        }

        if (by != CancelledBy.Client)
        {
            return new(false, $"中止（{VisitWords.Of(by)}・回数に数えない）");
        }

        if (!programme.LateCancelCounts)
        {
            return new(false, $"中止（{VisitWords.Of(by)}・取消しは回数に数えない取扱い）");
        }

        var last = LastMoment(visit, calendar, programme);
        var limit = $"{Before(programme.LateCancelDays)}の受付終了（{JapaneseDate.ShortTime(last)}）";
        return now <= last
            ? new(false, $"中止（{VisitWords.Of(by)}・{limit}までの取消しは回数に数えない取扱い）")
            : new(true, $"中止（{VisitWords.Of(by)}・{limit}より後の取消しは回数に数える取扱い）");
    }

    internal static QuotaRule OfNoShow(bool wasConfirmed, ProgrammeYear programme) =>
        wasConfirmed && programme.NoShowCounts ? new(true, "先方不在（回数に数える取扱い）") : new(false, "先方不在（回数に数えない取扱い）");

    /// <summary>The closing of the n-th business day before the visit.</summary>
    internal static DateTimeOffset LastMoment(Visit visit, BusinessCalendar calendar, ProgrammeYear programme)
    {
        var day = visit.Plan.On;
        for (var left = programme.LateCancelDays; left > 0;)
        {
            day = day.AddDays(-1);
            left -= calendar.IsOpen(day) ? 1 : 0;
        }

        return calendar.ClosingOf(day);
    }

    internal static string Before(int days) => days == 1 ? "前営業日" : $"{days}営業日前";
}
