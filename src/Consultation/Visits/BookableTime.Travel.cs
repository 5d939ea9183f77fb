using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Reference;

namespace Consultation.Visits;

// Who can come, and by which way: home, straight from the visit before, straight on to the one after.
public sealed partial class BookableTime
{
    /// <summary>Nobody sets out earlier than that.</summary>
    private static readonly TimeSpan Farthest = TimeSpan.FromDays(2);

    /// <summary>True where an expert is elsewhere, or could not get from the visit before or to the one after.</summary>
    public bool IsTaken(VisitPlan plan) => experts.Any(expert => Attend(expert, plan) is null);

    /// <summary>How an expert would come; null where the expert cannot, or would be on the way while absent.</summary>
    public Attendance? Attend(Expert expert, VisitPlan plan) => WayTo(expert, plan) is { } way && !IsAbsent(expert, way) ? way : null;

    /// <summary>Somebody would have to travel while absent; no other booking stands in the way. Why somebody is absent is told nowhere.</summary>
    public RuleViolation? RefusalOnTheWay(VisitPlan plan) =>
        experts.FirstOrDefault(e => WayTo(e, plan) is { } way && IsAbsent(e, way)) is { } absent ? new("visit.absent_on_the_way", absent.Name) : null;

    /// <summary>Somebody would have had to set out by now.</summary>
    public RuleViolation? TooSoon(VisitPlan plan, DateTimeOffset now) =>
        plan.Mode == VisitMode.Visit && plan.Start < now + Farthest
            && experts.Select(e => (e.Name, Way: WayTo(e, plan))).FirstOrDefault(e => e.Way is { } way && LeavesTooSoon(plan, way, now)) is { Way: { } late, Name: var name }
            ? new("visit.leaves_in_past", name, JapaneseDate.ShortTime(late.Leave)) : null;

    private static bool LeavesTooSoon(VisitPlan plan, Attendance way, DateTimeOffset now) => plan.Mode == VisitMode.Visit && way.Leave <= now;

    private static bool IsAbsent(Expert expert, Attendance way) =>
        expert.Absences.Any(a => (a.StartsAt < way.Back && way.Leave < a.EndsAt) || (way is { After: { } next, LeavesForNext: { } off } && a.StartsAt < next.Starts && off < a.EndsAt));

    /// <summary>
    /// How an expert would come, so that both neighbours are reached: from home and back where there is time for it, else straight from the visit
    /// before or on to the one after (idea P19). Whoever went straight from one to the other was not at home in between, whatever their shorter rows
    /// leave free: only the whole way home counts. Null where the expert cannot.
    /// </summary>
    private Attendance? WayTo(Expert expert, VisitPlan plan)
    {
        // What is busy elsewhere may overlap a visit, so that the last to begin need not be the last to be over.
        var entries = BusyOf(expert.Id);
        var (before, after) = ((BusyTime?)null, (BusyTime?)null);
        var (lastSite, nextSite) = ((BusyTime?)null, (BusyTime?)null);
        foreach (var entry in entries)
        {
            if (entry.Ends <= plan.Start)
            {
                before = before is null || entry.To > before.To ? entry : before;
                lastSite = IsSite(entry) && (lastSite is null || entry.Ends > lastSite.Ends) ? entry : lastSite;
            }
            else if (entry.Starts >= plan.End)
            {
                after = after is null || entry.From < after.From ? entry : after;
                nextSite = IsSite(entry) && (nextSite is null || entry.Starts < nextSite.Starts) ? entry : nextSite;
            }
            else
            {
                return null;
            }
        }

        var home = Travel.Around(expert.BasePrefecture, prefecture, plan.Start, plan.End, plan.Mode);
        var (leave, back) = (home.Leave, home.Back);
        var (from, to) = ((BusyTime?)null, (BusyTime?)null);
        DateTimeOffset? leavesForNext = null;
        // A talk from afar has no way of its own.
        if (plan.Mode == VisitMode.Visit && lastSite is not null && HomeAgain(expert, lastSite) > leave)
        {
            from = lastSite;
            var straight = Travel.LeaveFor(plan.Start, Travel.Between(lastSite.Prefecture, prefecture, plan.On) - Travel.Slack);
            if (lastSite.Ends + Travel.Slack > straight || entries.Any(e => e.Ends <= plan.Start && !ReferenceEquals(e, from) && e.To > straight))
            {
                return null;
            }

            leave = straight;
        }
        else if (before is not null && before.To > leave)
        {
            return null;
        }

        if (plan.Mode == VisitMode.Visit && nextSite is not null && HomeBefore(expert, nextSite) < back)
        {
            to = nextSite;
            var (over, off, next) = (plan.End + Travel.Slack, Travel.LeaveFor(nextSite.Starts, Travel.Between(prefecture, nextSite.Prefecture, JapanTime.DateOf(nextSite.Starts)) - Travel.Slack), nextSite.Starts);
            if (over > off || entries.Any(e => e.Starts >= plan.End && !ReferenceEquals(e, to) && (e.From < over || (e.Starts < next && e.To > off))))
            {
                return null;
            }

            (back, leavesForNext) = (over, off);
        }
        else if (after is not null && after.From < back)
        {
            return null;
        }

        return new(expert.Id, leave, back, home.OneWay, from, to, leavesForNext);
    }

    /// <summary>What an expert has on, as whoever books may see it: times only.</summary>
    public IEnumerable<TakenTime> TakenBy(ExpertId expert) => BusyOf(expert).Select(b => new TakenTime(b.Expert, b.From, b.Starts, b.Ends, b.To));

    // What is no visit of ours has no place that we know.
    private static bool IsSite(BusyTime entry) => entry is { Prefecture: not null, Visit: not null };

    /// <summary>When an expert who goes home after a visit on site is there, also where its row was cut short.</summary>
    private static DateTimeOffset HomeAgain(Expert expert, BusyTime site)
    {
        var back = Travel.Around(expert.BasePrefecture, site.Prefecture, site.Starts, site.Ends, VisitMode.Visit).Back;
        return back > site.To ? back : site.To;
    }

    /// <summary>Until when an expert who comes from home to a visit on site is there.</summary>
    private static DateTimeOffset HomeBefore(Expert expert, BusyTime site)
    {
        var leave = Travel.Around(expert.BasePrefecture, site.Prefecture, site.Starts, site.Ends, VisitMode.Visit).Leave;
        return leave < site.From ? leave : site.From;
    }

    private BusyTime[] BusyOf(ExpertId expert) => busy.GetValueOrDefault(expert) ?? [];

    /// <summary>What an expert has on without some visits, as the diary will have it once they are gone.</summary>
    private static IReadOnlyList<BusyTime> Without(Expert expert, IEnumerable<BusyTime> taken, IReadOnlySet<Ref> except)
    {
        var (rows, gone) = (new List<BusyTime>(), new List<BusyTime>());
        foreach (var row in taken)
        {
            (row.Visit is { } visit && except.Contains(visit) ? gone : rows).Add(row);
        }

        foreach (var row in gone.Where(r => r.Travelled))
        {
            foreach (var changed in WayBetween.Close(expert.BasePrefecture, rows, row.Starts).Changed)
            {
                rows[rows.FindIndex(r => r.Visit == changed.Visit && r.Starts == changed.Starts)] = changed;
            }
        }

        return rows;
    }
}
