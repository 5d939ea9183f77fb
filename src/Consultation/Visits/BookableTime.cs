using Consultation.Calendar;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Organisations;
using Consultation.Persistence;
using Consultation.Reference;

namespace Consultation.Visits;

/// <summary>A period in which everybody asked for could come; Japan time.</summary>
public sealed record FreeSlot(DateTimeOffset Start, DateTimeOffset End);

/// <summary>
/// When a visit may be: hours come from the experts, the programme and the national calendar, never from the desk's reception hours
/// (journey J24). A joint visit needs every expert at once. Pure once read; the diary's constraint stays the last word.
/// </summary>
public sealed partial class BookableTime
{
    /// <summary>Slots begin on the half hour.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan Window = TimeSpan.FromDays(28);

    /// <summary>A night away begins on the day before and ends on the day after.</summary>
    internal const int Around = 2;
    private readonly NationalCalendar national;
    private readonly IReadOnlyList<Expert> experts;
    private readonly IReadOnlyDictionary<int, ProgrammeYear> programmes;
    private readonly Dictionary<ExpertId, BusyTime[]> busy;
    private readonly string? prefecture;

    internal BookableTime(NationalCalendar national, IReadOnlyList<Expert> experts, IEnumerable<ProgrammeYear> programmes, IEnumerable<BusyTime> busy, string? prefecture)
    {
        this.national = national;
        this.experts = experts;
        this.programmes = programmes.ToDictionary(p => p.FiscalYear);
        this.prefecture = prefecture;
        this.busy = busy.GroupBy(b => b.Expert).ToDictionary(g => g.Key, g => g.ToArray());
    }

    public IReadOnlyList<Expert> Experts => experts;

    /// <param name="prefecture">JIS code of the client's place; the travel of an on-site visit is measured to there.</param>
    /// <param name="except">Visits that do not stand in the way: the one being moved, holds that have just ended.</param>
    internal static async Task<BookableTime> ReadAsync(
        ConsultationDb db, NationalCalendar national, DateTimeOffset now, IReadOnlyCollection<ExpertId> asked, string? prefecture, DateTimeOffset from, DateTimeOffset to, IReadOnlySet<Ref> except,
        CancellationToken cancellationToken)
    {
        var trip = new RoundTrip(db);
        var time = Read(trip, national, now, asked, prefecture, from, to);
        await trip.GoAsync(cancellationToken);
        return time(except);
    }

    /// <summary>The same with what else is asked for in one trip.</summary>
    /// <returns>The time without what does not stand in the way, once the trip is over.</returns>
    internal static Func<IReadOnlySet<Ref>, BookableTime> Read(
        RoundTrip trip, NationalCalendar national, DateTimeOffset now, IReadOnlyCollection<ExpertId> asked, string? prefecture, DateTimeOffset from, DateTimeOffset to)
    {
        var (first, last, ids) = (from.ToUniversalTime().AddDays(-Around), to.ToUniversalTime().AddDays(Around), asked.Select(e => e.Value).ToArray());
        var people = trip.Entities<Expert>($"where id = any({ids}) order by id");
        trip.Entities<ExpertHours>($"where expert_id = any({ids})");
        trip.Entities<ExpertDay>($"where expert_id = any({ids}) and works_on between {JapanTime.DateOf(from)} and {JapanTime.DateOf(to)}");
        trip.Entities<ExpertAbsence>($"where expert_id = any({ids}) and ends_at > {first} and starts_at < {last}");
        var taken = ReadTaken(trip, national, now, asked, from, to);
        return except => taken(people, prefecture, except);
    }

    /// <summary>The same for experts that the caller has already, with their hours, days and absences.</summary>
    internal static Func<IReadOnlyList<Expert>, string?, IReadOnlySet<Ref>, BookableTime> ReadTaken(
        RoundTrip trip, NationalCalendar national, DateTimeOffset now, IReadOnlyCollection<ExpertId> asked, DateTimeOffset from, DateTimeOffset to)
    {
        var (first, last) = (from.ToUniversalTime().AddDays(-Around), to.ToUniversalTime().AddDays(Around));
        var years = trip.Entities<ProgrammeYear>($"where programme = {ProgrammeYear.OneStop} and fiscal_year between {FiscalYear.Of(from).Year} and {FiscalYear.Of(to).Year}");
        var taken = ExpertDiary.Busy(trip, asked, first, last);
        var elsewhere = ExpertDiary.Elsewhere(trip, asked, first, last);
        return (people, prefecture, except) =>
        {
            var own = taken.ToLookup(b => b.Expert);
            return new(national, people, years, people.SelectMany(e => Without(e, own[e.Id], except, now)).Concat(elsewhere), prefecture);
        };
    }

    /// <summary>The same, asked of one of them alone.</summary>
    internal BookableTime Of(ExpertId expert) => new(national, [.. experts.Where(e => e.Id == expert)], programmes.Values, BusyOf(expert), prefecture) { Road = Road };

    /// <summary>How long before the visit an expert leaves, waiting and a night before included.</summary>
    public TimeSpan TravelOf(Expert expert, VisitPlan plan) => plan.Start - Travel.Around(expert.BasePrefecture, prefecture, plan.Start, plan.End, plan.Mode).Leave;

    /// <summary>How long an expert is on the way to the client, one way, on a day.</summary>
    public TimeSpan WayOf(Expert expert, VisitMode mode, DateOnly on) => mode == VisitMode.Visit ? Travel.Between(expert.BasePrefecture, prefecture, on) : TimeSpan.Zero;

    /// <summary>What forbids the period beside other bookings, the way there included; null where nothing does.</summary>
    public RuleViolation? Against(VisitPlan plan, DateTimeOffset now) => Refusal(plan) ?? RefusalOnTheWay(plan) ?? TooSoon(plan, now);

    /// <summary>What forbids the period whatever else is booked; null where nothing does.</summary>
    public RuleViolation? Refusal(VisitPlan plan) =>
        RefusalOfAll(plan) ?? experts.Select(e => RefusalOf(e, plan, JapanTime.TimeOf(plan.Start), JapanTime.TimeOf(plan.End))).FirstOrDefault(r => r is not null);

    /// <summary>What forbids the period whoever comes.</summary>
    private RuleViolation? RefusalOfAll(VisitPlan plan)
    {
        var day = plan.On;
        if (national.ClosedReason(day) is { } reason)
        {
            return new("visit.closed_day", JapaneseDate.Short(day), reason);
        }

        if (!programmes.TryGetValue(plan.Year.Year, out var programme))
        {
            return new("programme.no_year", plan.Year.Label);
        }

        if (day < programme.OpensOn || day > programme.LastVisitOn)
        {
            return new("visit.outside_programme", JapaneseDate.Long(programme.OpensOn), JapaneseDate.Long(programme.LastVisitOn));
        }

        var (start, end) = (JapanTime.TimeOf(plan.Start), JapanTime.TimeOf(plan.End));
        if (JapanTime.DateOf(plan.End) != day || start < programme.VisitOpens || end > programme.VisitCloses)
        {
            return new("visit.outside_hours", JapaneseDate.Time(programme.VisitOpens), JapaneseDate.Time(programme.VisitCloses));
        }

        return programme is { LunchFrom: { } lunch, LunchTo: { } back } && start < back && lunch < end
            ? new("visit.lunch", JapaneseDate.Time(lunch), JapaneseDate.Time(back))
            : null;
    }

    /// <summary>Free periods of this length that begin after <paramref name="now"/> and not more than a year ahead, in order of time.</summary>
    public IEnumerable<FreeSlot> Free(DateTimeOffset from, DateTimeOffset to, TimeSpan length, VisitMode mode, DateTimeOffset now)
    {
        var start = RoundUp(JapanTime.ToJapan(from > now ? from : now.AddTicks(1)));
        for (; start + length <= to && start <= PlanRules.Furthest(now); start += Step)
        {
            var plan = new VisitPlan(start, start + length, mode, null);
            if (Refusal(plan) is null)
            {
                if (!IsTaken(plan) && TooSoon(plan, now) is null)
                {
                    yield return new(plan.Start, plan.End);
                }
            }
            else if (!national.IsBusinessDay(plan.On))
            {
                start = JapanTime.At(plan.On.AddDays(1), TimeOnly.MinValue) - Step;
            }
        }
    }

    /// <summary>Periods of this length that nothing forbids but what the experts themselves have on; in order.</summary>
    internal IReadOnlyList<VisitPlan> Possible(DateTimeOffset from, DateTimeOffset to, TimeSpan length, VisitMode mode, DateTimeOffset now)
    {
        var plans = new List<VisitPlan>();
        var start = RoundUp(JapanTime.ToJapan(from > now ? from : now.AddTicks(1)));
        for (; start + length <= to && start <= PlanRules.Furthest(now); start += Step)
        {
            var plan = new VisitPlan(start, start + length, mode, null);
            if (RefusalOfAll(plan) is null)
            {
                plans.Add(plan);
            }
            else if (!national.IsBusinessDay(plan.On))
            {
                start = JapanTime.At(plan.On.AddDays(1), TimeOnly.MinValue) - Step;
            }
        }

        return plans;
    }

    /// <summary>For each of the plans whether this expert could come; the same answer as <see cref="Refusal"/> and <see cref="Attend"/>, a day at a time.</summary>
    /// <param name="plans">By <see cref="Possible"/>, of one mode.</param>
    internal ulong[] ComingTo(Expert expert, IReadOnlyList<VisitPlan> plans, DateTimeOffset now)
    {
        var bits = new ulong[(plans.Count + 63) / 64];
        if (plans.Count == 0 || !expert.Modes.Contains(plans[0].Mode))
        {
            return bits;
        }

        var (day, hours) = (DateOnly.MinValue, new List<WorkingStretch>());
        for (var at = 0; at < plans.Count; at++)
        {
            var plan = plans[at];
            if (plan.On != day)
            {
                day = plan.On;
                hours = expert.IsCommissionedOn(day) ? [.. expert.HoursOn(day).Where(h => h.Allows(plan.Mode))] : [];
            }

            if (hours.Count > 0 && Cover(hours, JapanTime.TimeOf(plan.Start), JapanTime.TimeOf(plan.End))
                && !expert.Absences.Any(a => a.StartsAt < plan.End && plan.Start < a.EndsAt) && Attend(expert, plan) is { } way && !LeavesTooSoon(plan, way, now))
            {
                bits[at / 64] |= 1UL << (at % 64);
            }
        }

        return bits;
    }

    /// <exception cref="RuleViolation">A reason against the period; <c>visit.taken</c> names the next three free ones (journey J17).</exception>
    internal async Task DemandFreeAsync(ConsultationDb db, VisitPlan plan, DateTimeOffset now, IReadOnlySet<Ref> except, CancellationToken cancellationToken)
    {
        if (Against(plan, now) is { } refusal)
        {
            throw refusal;
        }

        if (IsTaken(plan))
        {
            throw new RuleViolation("visit.taken") { Extra = { ["nextSlots"] = await NextAsync(db, national, [.. experts.Select(e => e.Id)], prefecture, plan, now, except, Road, cancellationToken) } };
        }
    }

    /// <summary>The next three periods like the one that is taken.</summary>
    internal static async Task<IReadOnlyList<FreeSlot>> NextAsync(
        ConsultationDb db, NationalCalendar national, IReadOnlyCollection<ExpertId> asked, string? prefecture, VisitPlan plan, DateTimeOffset now, IReadOnlySet<Ref> except, IReadOnlyList<OnTheRoad> road,
        CancellationToken cancellationToken)
    {
        var until = plan.Start + Window;
        var wider = await ReadAsync(db, national, now, asked, prefecture, plan.Start, until, except, cancellationToken);
        wider.Road = road;
        return wider.Free(plan.Start, until, plan.End - plan.Start, plan.Mode, now).Take(3).ToList();
    }

    private static RuleViolation? RefusalOf(Expert expert, VisitPlan plan, TimeOnly start, TimeOnly end)
    {
        if (!expert.IsCommissionedOn(plan.On))
        {
            return new("visit.outside_term", expert.Name);
        }

        if (!expert.Modes.Contains(plan.Mode))
        {
            return new("visit.mode_not_offered", expert.Name, Cases.CaseWords.Of(plan.Mode));
        }

        if (expert.Absences.Any(a => a.StartsAt < plan.End && plan.Start < a.EndsAt))
        {
            return new("visit.expert_absent", expert.Name);
        }

        var hours = expert.HoursOn(plan.On).ToList();
        return Cover(hours.Where(h => h.Allows(plan.Mode)), start, end) ? null
            : Cover(hours, start, end) ? new("visit.mode_not_then", expert.Name, Cases.CaseWords.Of(plan.Mode))
            : new("visit.outside_pattern", expert.Name);
    }

    /// <summary>Stretches that touch are one; a break is a gap between two.</summary>
    private static bool Cover(IEnumerable<WorkingStretch> hours, TimeOnly start, TimeOnly end)
    {
        var covered = start;
        foreach (var stretch in hours)
        {
            covered = stretch.From <= covered && covered < stretch.To ? stretch.To : covered;
        }

        return covered >= end;
    }

    private static DateTimeOffset RoundUp(DateTimeOffset instant)
    {
        var over = instant.Ticks % Step.Ticks;
        return over == 0 ? instant : instant.AddTicks(Step.Ticks - over);
    }
}
