using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Reference;

namespace Consultation.Visits;

// Who can come, and by which way: home, straight from the visit before, straight on to the one after.
public sealed partial class BookableTime
{
    /// <summary>Nobody sets out earlier than that.</summary>
    private static readonly TimeSpan Farthest = TimeSpan.FromDays(2);
    private readonly Dictionary<(ExpertId, DateOnly), Stop[]> near = [];

    /// <summary>True where an expert is elsewhere, or could not get from the visit before or to the one after.</summary>
    public bool IsTaken(VisitPlan plan) => experts.Any(expert => Attend(expert, plan) is null);

    /// <summary>How an expert would come; null where the expert cannot, or would be on the way while absent.</summary>
    public Attendance? Attend(Expert expert, VisitPlan plan) => WayTo(expert, plan, RoadTo(expert, plan)) is { } way && !IsAbsent(expert, way) ? way : null;

    /// <summary>Somebody would have to travel while absent; no other booking stands in the way. Why somebody is absent is told nowhere.</summary>
    public RuleViolation? RefusalOnTheWay(VisitPlan plan) =>
        experts.FirstOrDefault(e => WayTo(e, plan, RoadTo(e, plan)) is { } way && IsAbsent(e, way)) is { } absent ? new("visit.absent_on_the_way", absent.Name) : null;

    /// <summary>
    /// Who has set out already for the visit that is asked for, and is not back: since then nothing else was possible. Who would not be home before the way to
    /// a plan begins goes on to it, and the way home follows even a talk from afar.
    /// </summary>
    internal IReadOnlyList<OnTheRoad> Road { get; set; } = [];

    /// <summary>Of those on the road for a visit the experts who go on to the plan; who has turned back goes home.</summary>
    internal static List<OnTheRoad> GoingOn(IEnumerable<OnTheRoad> road, IReadOnlyCollection<ExpertId> experts, string? prefecture, VisitPlan plan) =>
        [.. road.Where(r => experts.Contains(r.Row.ExpertId) && !r.HasTurnedBack && IsOutFor(r, prefecture, plan))];

    /// <summary>Enters the expert for the plan: where the expert is, on the road also for a talk that is held from there, and the ways. The rows of both neighbours make room.</summary>
    internal async Task TakeAsync(ExpertDiary diary, Expert expert, Ref visit, VisitPlan plan, DiaryState state, CancellationToken cancellationToken)
    {
        var road = RoadTo(expert, plan);
        var period = await Attend(expert, plan)!.TakeAsync(diary, plan, cancellationToken);
        diary.Enter(expert.Id, visit, period, plan.Mode == VisitMode.Visit || road is not null ? prefecture : null, state, road?.Row.There);
    }

    /// <summary>Somebody would have had to set out by now, or earlier than that one did.</summary>
    public RuleViolation? TooSoon(VisitPlan plan, DateTimeOffset now) =>
        plan.Mode == VisitMode.Visit && plan.Start < now + Farthest
            && experts.Select(e => (e.Name, Way: WayTo(e, plan, null), Road: RoadTo(e, plan))).FirstOrDefault(e => e.Way is { } way && (e.Road is { } road ? way.Leave < road.Since : LeavesTooSoon(plan, way, now)))
                is { Way: { } late, Name: var name }
            ? new("visit.leaves_in_past", name, JapaneseDate.ShortTime(late.DecidedBy)) : null;

    private static bool LeavesTooSoon(VisitPlan plan, Attendance way, DateTimeOffset now) => plan.Mode == VisitMode.Visit && way.DecidedBy <= now;

    private OnTheRoad? RoadTo(Expert expert, VisitPlan plan) => Road.FirstOrDefault(r => r.Row.ExpertId == expert.Id && IsOutFor(r, prefecture, plan));

    private static bool IsOutFor(OnTheRoad road, string? prefecture, VisitPlan plan) => Travel.Around(road.Home, prefecture, plan.Start, plan.End, plan.Mode).Leave < road.Back;

    private static bool IsAbsent(Expert expert, Attendance way) =>
        expert.Absences.Any(a => (a.StartsAt < way.Back && way.Leave < a.EndsAt) || (way is { After: { } next, LeavesForNext: { } off } && a.StartsAt < next.Starts && off < a.EndsAt));

    /// <summary>
    /// How an expert would come, so that both neighbours are reached: from home and back where there is time for it, else straight from the visit
    /// before or on to the one after (idea P19). Whoever went straight from one to the other was not at home in between, whatever their shorter rows
    /// leave free: only the whole way home counts. Null where the expert cannot.
    /// </summary>
    /// <param name="road">The expert's who set out for it already; from a talk from afar, too, there is a way home then.</param>
    private Attendance? WayTo(Expert expert, VisitPlan plan, OnTheRoad? road)
    {
        // What is busy elsewhere may overlap a visit, so that the last to begin need not be the last to be over.
        var entries = Near(expert, plan.On);
        var (before, after) = ((BusyTime?)null, (BusyTime?)null);
        var (last, next) = ((Stop?)null, (Stop?)null);
        foreach (var stop in entries)
        {
            var entry = stop.Row;
            if (entry.Ends <= plan.Start)
            {
                before = before is null || entry.To > before.To ? entry : before;
                last = stop.IsSite && (last is null || entry.Ends > last.Row.Ends) ? stop : last;
            }
            else if (entry.Starts >= plan.End)
            {
                after = after is null || entry.From < after.From ? entry : after;
                next = stop.IsSite && (next is null || entry.Starts < next.Row.Starts) ? stop : next;
            }
            else
            {
                return null;
            }
        }

        // On the way home, kept by something else before the plan begins, or not there as early as that.
        if (road is not null && (road.HasTurnedBack || entries.Any(e => e.Row.Ends <= plan.Start && e.Row.Ends > road.Now) || !IsThere(expert, plan, road, last)))
        {
            return null;
        }

        var mode = road is null ? plan.Mode : VisitMode.Visit;
        var home = Travel.Around(expert.BasePrefecture, prefecture, plan.Start, plan.End, mode);
        var (leave, back) = (road?.Since ?? home.Leave, home.Back);
        var (from, to) = ((BusyTime?)null, (BusyTime?)null);
        DateTimeOffset? leavesForNext = null;
        if (road is not null)
        {
            // Nothing else stood in this way; the row that has its way home again since it was let go gives it up again.
            from = before is { Visit: not null } && before.To > leave ? before : null;
        }
        // A talk from afar has no way of its own.
        else if (mode == VisitMode.Visit && last is not null && last.HomeAgain > leave)
        {
            from = last.Row;
            var straight = StraightFrom(from, plan);
            if (from.Leaves + Travel.Slack > straight || entries.Any(e => e.Row.Ends <= plan.Start && !ReferenceEquals(e, last) && e.Row.To > straight))
            {
                return null;
            }

            leave = straight;
        }
        else if (before is not null && before.To > leave)
        {
            return null;
        }

        if (mode == VisitMode.Visit && next is not null && next.HomeBefore < back)
        {
            to = next.Row;
            var (over, off) = (plan.End + Travel.Slack, Travel.LeaveFor(to.Starts, Travel.Between(prefecture, to.Prefecture, JapanTime.DateOf(to.Starts)) - Travel.Slack));
            if (over > off || entries.Any(e => e.Row.Starts >= plan.End && !ReferenceEquals(e, next) && (e.Row.From < over || (e.Row.Starts < to.Starts && e.Row.To > off))))
            {
                return null;
            }

            (back, leavesForNext) = (over, off);
        }
        else if (after is not null && after.From < back)
        {
            return null;
        }

        return new(expert.Id, leave, back, home.OneWay, from, to, leavesForNext) { TurnsHome = road is null && from is not null ? last?.TurnsHome : null };
    }

    /// <summary>Whether who set out for another time of the visit, from home or straight from the last place, is at this place by then; a talk is held from anywhere.</summary>
    private bool IsThere(Expert expert, VisitPlan plan, OnTheRoad road, Stop? last) =>
        plan.Mode != VisitMode.Visit || plan.Start >= road.Row.There
        || road.Since <= (last?.HomeAgain > road.Since ? StraightFrom(last.Row, plan) : Travel.Around(expert.BasePrefecture, prefecture, plan.Start, plan.End, plan.Mode).Leave);

    private DateTimeOffset StraightFrom(BusyTime from, VisitPlan plan) => Travel.LeaveFor(plan.Start, Travel.Between(from.Prefecture, prefecture, plan.On) - Travel.Slack);

    /// <summary>What an expert has on, as whoever books may see it: times only.</summary>
    public IEnumerable<TakenTime> TakenBy(ExpertId expert) => BusyOf(expert).Select(b => new TakenTime(b.Expert, b.From, b.Starts, b.Ends, b.To));

    /// <summary>What an expert has on, and of what has a place when the expert is home again after it, also where its row was cut short, and until when before it.</summary>
    private sealed record Stop(BusyTime Row, bool IsSite, DateTimeOffset HomeAgain, DateTimeOffset HomeBefore)
    {
        /// <summary>When its expert sets off for home; null where the expert goes straight on to something else.</summary>
        public DateTimeOffset? TurnsHome { get; private init; }

        public static Stop Of(Expert expert, BusyTime row)
        {
            // What is no visit of ours has no place that we know.
            if (row is not { Prefecture: not null, Visit: not null })
            {
                return new(row, false, default, default);
            }

            var home = Travel.Around(expert.BasePrefecture, row.Prefecture, row.Starts, row.Ends, VisitMode.Visit);
            return new(row, true, home.Back > row.To ? home.Back : row.To, home.Leave < row.From ? home.Leave : row.From) { TurnsHome = row.To < home.Back ? null : row.To - home.OneWay };
        }
    }

    /// <summary>What an expert has on around a day: the same for every half hour of it, and so reckoned once.</summary>
    private Stop[] Near(Expert expert, DateOnly day)
    {
        if (!near.TryGetValue((expert.Id, day), out var stops))
        {
            var (from, to) = (JapanTime.At(day.AddDays(-Around), TimeOnly.MinValue), JapanTime.At(day.AddDays(Around + 1), TimeOnly.MinValue));
            near[(expert.Id, day)] = stops = [.. BusyOf(expert.Id).Where(b => b.To > from && b.From < to).Select(b => Stop.Of(expert, b))];
        }

        return stops;
    }

    private BusyTime[] BusyOf(ExpertId expert) => busy.GetValueOrDefault(expert) ?? [];

    /// <summary>What an expert has on without some visits, as the diary will have it once they are gone.</summary>
    private static IReadOnlyList<BusyTime> Without(Expert expert, IEnumerable<BusyTime> taken, IReadOnlySet<Ref> except, DateTimeOffset now)
    {
        var (rows, gone) = (new List<BusyTime>(), new List<BusyTime>());
        foreach (var row in taken)
        {
            (row.Visit is { } visit && except.Contains(visit) ? gone : rows).Add(row);
        }

        foreach (var row in gone.Where(r => r.Travelled))
        {
            foreach (var changed in WayBetween.Close(expert.BasePrefecture, rows, row.Starts, now).Changed)
            {
                rows[rows.FindIndex(r => r.Visit == changed.Visit && r.Starts == changed.Starts)] = changed;
            }
        }

        return rows;
    }
}
