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
public sealed class BookableTime
{
    /// <summary>Slots begin on the half hour.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan Window = TimeSpan.FromDays(28);
    private readonly IReadOnlyList<Expert> experts;
    private readonly IReadOnlyDictionary<int, ProgrammeYear> programmes;
    private readonly ILookup<ExpertId, BusyTime> busy;
    private readonly string? prefecture;

    internal BookableTime(IReadOnlyList<Expert> experts, IEnumerable<ProgrammeYear> programmes, IEnumerable<BusyTime> busy, string? prefecture)
    {
        this.experts = experts;
        this.programmes = programmes.ToDictionary(p => p.FiscalYear);
        this.busy = busy.ToLookup(b => b.Expert);
        this.prefecture = prefecture;
    }

    public IReadOnlyList<Expert> Experts => experts;

    /// <param name="prefecture">JIS code of the client's place; the travel of an on-site visit is measured to there.</param>
    /// <param name="except">Visits that do not stand in the way: the one being moved, holds that have just ended.</param>
    internal static async Task<BookableTime> ReadAsync(
        ConsultationDb db, IReadOnlyCollection<ExpertId> asked, string? prefecture, DateTimeOffset from, DateTimeOffset to, IReadOnlySet<Ref> except, CancellationToken cancellationToken)
    {
        var trip = new RoundTrip(db);
        var time = Read(trip, asked, prefecture, from, to);
        await trip.GoAsync(cancellationToken);
        return time(except);
    }

    /// <summary>The same with what else is asked for in one trip.</summary>
    /// <returns>The time without what does not stand in the way, once the trip is over.</returns>
    internal static Func<IReadOnlySet<Ref>, BookableTime> Read(RoundTrip trip, IReadOnlyCollection<ExpertId> asked, string? prefecture, DateTimeOffset from, DateTimeOffset to)
    {
        var (first, last, ids) = (from.ToUniversalTime().AddDays(-1), to.ToUniversalTime().AddDays(1), asked.Select(e => e.Value).ToArray());
        var people = trip.Entities<Expert>($"where id = any({ids}) order by id");
        trip.Entities<ExpertHours>($"where expert_id = any({ids})");
        trip.Entities<ExpertDay>($"where expert_id = any({ids}) and works_on between {JapanTime.DateOf(from)} and {JapanTime.DateOf(to)}");
        trip.Entities<ExpertAbsence>($"where expert_id = any({ids}) and ends_at > {first} and starts_at < {last}");
        var years = trip.Entities<ProgrammeYear>($"where programme = {ProgrammeYear.OneStop} and fiscal_year between {FiscalYear.Of(from).Year} and {FiscalYear.Of(to).Year}");
        var taken = ExpertDiary.Busy(trip, asked, first, last);
        var elsewhere = ExpertDiary.Elsewhere(trip, asked, first, last);
        return except => new(people, years, taken.Where(b => b.Visit is not { } visit || !except.Contains(visit)).Concat(elsewhere), prefecture);
    }

    /// <summary>The same, asked of one of them alone.</summary>
    internal BookableTime Of(ExpertId expert) => new([.. experts.Where(e => e.Id == expert)], programmes.Values, busy[expert], prefecture);

    /// <summary>The travel that an expert's diary row is padded with, each way.</summary>
    public TimeSpan TravelOf(Expert expert, VisitMode mode) => Travel.Padding(expert.BasePrefecture, prefecture, mode);

    /// <summary>What forbids the period whatever else is booked; null where nothing does.</summary>
    public RuleViolation? Refusal(VisitPlan plan)
    {
        var day = plan.On;
        if (NationalCalendar.KindOf(day) != DayKind.Business)
        {
            return new("visit.closed_day", JapaneseDate.Short(day), NationalCalendar.NameOf(day) ?? (day.DayOfWeek == DayOfWeek.Sunday ? "日曜日" : "土曜日"));
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

        if (programme is { LunchFrom: { } lunch, LunchTo: { } back } && start < back && lunch < end)
        {
            return new("visit.lunch", JapaneseDate.Time(lunch), JapaneseDate.Time(back));
        }

        return experts.Select(e => RefusalOf(e, plan, start, end)).FirstOrDefault(r => r is not null);
    }

    /// <summary>True where an expert is elsewhere, or on the way.</summary>
    public bool IsTaken(VisitPlan plan) => experts.Any(expert =>
    {
        var travel = TravelOf(expert, plan.Mode);
        return busy[expert.Id].Any(b => b.From < plan.End + travel && plan.Start - travel < b.To);
    });

    /// <summary>Free periods of this length that begin after <paramref name="now"/>, in order of time.</summary>
    public IEnumerable<FreeSlot> Free(DateTimeOffset from, DateTimeOffset to, TimeSpan length, VisitMode mode, DateTimeOffset now)
    {
        var start = RoundUp(JapanTime.ToJapan(from > now ? from : now));
        for (; start + length <= to; start += Step)
        {
            var plan = new VisitPlan(start, start + length, mode, null);
            if (Refusal(plan) is null)
            {
                if (!IsTaken(plan))
                {
                    yield return new(plan.Start, plan.End);
                }
            }
            else if (NationalCalendar.KindOf(plan.On) != DayKind.Business)
            {
                start = JapanTime.At(plan.On.AddDays(1), TimeOnly.MinValue) - Step;
            }
        }
    }

    /// <exception cref="RuleViolation">A reason against the period; <c>visit.taken</c> names the next three free ones (journey J17).</exception>
    internal async Task DemandFreeAsync(ConsultationDb db, VisitPlan plan, DateTimeOffset now, IReadOnlySet<Ref> except, CancellationToken cancellationToken)
    {
        if (Refusal(plan) is { } refusal)
        {
            throw refusal;
        }

        if (IsTaken(plan))
        {
            throw new RuleViolation("visit.taken") { Extra = { ["nextSlots"] = await NextAsync(db, [.. experts.Select(e => e.Id)], prefecture, plan, now, except, cancellationToken) } };
        }
    }

    /// <summary>The next three periods like the one that is taken.</summary>
    internal static async Task<IReadOnlyList<FreeSlot>> NextAsync(
        ConsultationDb db, IReadOnlyCollection<ExpertId> asked, string? prefecture, VisitPlan plan, DateTimeOffset now, IReadOnlySet<Ref> except, CancellationToken cancellationToken)
    {
        var until = plan.Start + Window;
        var wider = await ReadAsync(db, asked, prefecture, plan.Start, until, except, cancellationToken);
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
