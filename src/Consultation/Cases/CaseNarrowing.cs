using Consultation.Calendar;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Topics;

namespace Consultation.Cases;

/// <summary>Which ministries a case wants; <c>None</c> where nobody has decided yet.</summary>
public enum CaseSide { Mic, Mhlw, Both, None }

/// <summary>How long a case without an expert has waited, in business days since its receipt: 0–1, 2–3, 4–5, 6–10, 11 and more.</summary>
public enum WaitingAge { UpToOne, UpToThree, UpToFive, UpToTen, Longer }

/// <summary>
/// What narrows a list of cases to exactly those that a figure of the case load counts; members left out narrow nothing. The case load's SQL
/// says the same in its own words, and tests hold the one against the other.
/// </summary>
/// <param name="Open">Not closed.</param>
/// <param name="Waiting">The experts are not settled: 受付, 割当待ち, 受諾待ち.</param>
/// <param name="Overdue">The next deadline has passed; cases on hold have none.</param>
/// <param name="DueToday">The next deadline falls in what is left of today.</param>
/// <param name="Expert">A track is offered to or held by this expert.</param>
/// <param name="Asked">Of these, only the tracks that wait for the expert's answer.</param>
/// <param name="Topic">Code; <see cref="Unknown"/> for cases without a topic.</param>
/// <param name="Prefecture">JIS code; <see cref="Unknown"/> where the place is not known.</param>
/// <param name="Rural">地方部 (outside the 14 prefectures that 通信利用動向調査 counts as 都市部).</param>
public sealed record CaseNarrowing(
    bool Open = false, bool Waiting = false, bool Overdue = false, bool DueToday = false, bool OnHold = false, ExpertId? Expert = null, bool Asked = false, string? Topic = null,
    CaseSide? Side = null, string? Prefecture = null, bool Rural = false, DeskId? Desk = null, WaitingAge? Age = null)
{
    /// <summary>The key of what nobody has told or decided.</summary>
    public const string Unknown = "none";

    public static readonly CaseStatus[] WithoutExpert = [CaseStatus.Received, CaseStatus.Waiting, CaseStatus.Offered];
    private static readonly string?[] RuralCodes = [.. Prefectures.All.Where(p => !p.IsUrban).Select(p => p.Code)];

    /// <summary>True where it narrows something.</summary>
    public bool IsAny => this != new CaseNarrowing();

    internal IQueryable<Case> Of(IQueryable<Case> cases, DateTimeOffset now, NationalCalendar national)
    {
        var (instant, tonight) = (now.ToUniversalTime(), JapanTime.At(JapanTime.DateOf(now).AddDays(1), TimeOnly.MinValue).ToUniversalTime());
        cases = Open || Waiting || Overdue || DueToday || OnHold || Expert is not null || Age is not null ? cases.Where(c => c.Status != CaseStatus.Closed) : cases;
        cases = Waiting || Age is not null ? cases.Where(c => WithoutExpert.Contains(c.Status)) : cases;
        cases = Overdue ? cases.Where(c => c.NextDueAt <= instant) : cases;
        cases = DueToday ? cases.Where(c => c.NextDueAt > instant && c.NextDueAt < tonight) : cases;
        cases = OnHold ? cases.Where(c => c.OnHold) : cases;
        cases = Expert is { } expert ? cases.Where(c => c.Tracks.Any(t => t.ExpertId == expert && (t.State == TrackState.Offered || (!Asked && t.State == TrackState.Held)))) : cases;
        cases = Topic is null ? cases : Topic == Unknown ? cases.Where(c => c.Topics.Length == 0) : cases.Where(c => c.Topics.Contains(Topic));
        cases = Prefecture is null ? cases : Prefecture == Unknown ? cases.Where(c => c.Prefecture == null) : cases.Where(c => c.Prefecture == Prefecture);
        cases = Rural ? cases.Where(c => RuralCodes.Contains(c.Prefecture)) : cases;
        cases = Desk is { } desk ? cases.Where(c => c.DeskId == desk) : cases;
        if (Age is { } age)
        {
            var (first, last) = WaitingAges.ReceivedIn(national, age, JapanTime.DateOf(now));
            var (from, to) = (first is { } f ? Midnight(f) : DateTimeOffset.MinValue, Midnight(last.AddDays(1)));
            cases = cases.Where(c => c.ReceivedAt >= from && c.ReceivedAt < to);
        }

        return Side switch
        {
            CaseSide.Mic => cases.Where(c => c.Tracks.Any(t => t.Track == Track.Mic && t.State != TrackState.Dropped)),
            CaseSide.Mhlw => cases.Where(c => c.Tracks.Any(t => t.Track == Track.Mhlw && t.State != TrackState.Dropped)),
            CaseSide.Both => cases.Where(c => c.Tracks.Count(t => t.State != TrackState.Dropped) > 1),
            CaseSide.None => cases.Where(c => !c.Tracks.Any(t => t.State != TrackState.Dropped)),
            _ => cases,
        };
    }

    private static DateTimeOffset Midnight(DateOnly day) => JapanTime.At(day, TimeOnly.MinValue).ToUniversalTime();
}

/// <summary>Turns ages in business days of the national calendar into days of receipt and back.</summary>
public static class WaitingAges
{
    private static readonly int[] Most = [1, 3, 5, 10];

    /// <summary>Business days after the day of receipt up to today.</summary>
    public static int Of(NationalCalendar national, DateOnly received, DateOnly today)
    {
        var days = 0;
        for (var day = received.AddDays(1); day <= today; day = day.AddDays(1))
        {
            days += national.IsBusinessDay(day) ? 1 : 0;
        }

        return days;
    }

    /// <summary>The days of receipt, both included, that make cases so old today; no first day for the oldest.</summary>
    public static (DateOnly? First, DateOnly Last) ReceivedIn(NationalCalendar national, WaitingAge age, DateOnly today)
    {
        var at = (int)age;
        return (at < Most.Length ? FirstAtMost(national, Most[at], today) : null, at == 0 ? today : FirstAtMost(national, Most[at - 1], today).AddDays(-1));
    }

    private static DateOnly FirstAtMost(NationalCalendar national, int age, DateOnly today)
    {
        var day = today;
        for (var days = 0; ; day = day.AddDays(-1))
        {
            days += national.IsBusinessDay(day) ? 1 : 0;
            if (days > age)
            {
                return day;
            }
        }
    }
}
