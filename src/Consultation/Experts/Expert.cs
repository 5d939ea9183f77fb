using Consultation.Messaging;
using Consultation.Reference;

namespace Consultation.Experts;

/// <summary>Which ministry commissioned the expert; apart from the title people use (domain.md §2). Some serve both.</summary>
public enum Affiliation { Mic, Mhlw, Both }

/// <summary>
/// An expert (専門家): a MIC telework manager, an MHLW labour-management adviser, or both in one person. What the expert covers, knows and
/// when the expert works lives here; whether a case suits is asked by the room Routing. Source: domain.md §2, design §2.
/// </summary>
public sealed class Expert
{
    public const int DefaultCapacity = 6;
    public const int HighestLevel = 3;

    private readonly List<ExpertTopic> topics = [];
    private readonly List<ExpertHours> hours = [];
    private readonly List<ExpertDay> days = [];
    private readonly List<ExpertAbsence> absences = [];
    private (string? Number, string NameKey)[]? ownSigns;

    private Expert()
    {
    }

    /// <param name="basePrefecture">JIS X 0401 code of where the expert starts from.</param>
    public Expert(string name, Affiliation affiliation, string? displayTitle, string? email, string? phone, string basePrefecture, DateTimeOffset now)
    {
        Id = ExpertId.New();
        Name = name;
        Affiliation = affiliation;
        DisplayTitle = displayTitle;
        Email = email;
        Phone = phone;
        BasePrefecture = basePrefecture;
        CreatedAt = now.ToUniversalTime();
    }

    public ExpertId Id { get; private set; }
    public string Name { get; private set; } = "";
    public Affiliation Affiliation { get; private set; }

    /// <summary>The title as printed (テレワークマネージャー, 社会保険労務士 …); decides nothing.</summary>
    public string? DisplayTitle { get; private set; }
    public string? Email { get; private set; }
    public string? Phone { get; private set; }

    /// <summary>JIS X 0401 code.</summary>
    public string BasePrefecture { get; private set; } = "";

    /// <summary>How many tracks may be open (offered or held) at once.</summary>
    public int Capacity { get; private set; } = DefaultCapacity;

    /// <summary>Covers every prefecture; then the two lists below are not asked.</summary>
    public bool Nationwide { get; private set; }

    /// <summary>District slugs covered on site.</summary>
    public string[] Districts { get; private set; } = [];

    /// <summary>JIS codes of single prefectures covered on site beside the districts.</summary>
    public string[] Prefectures { get; private set; } = [];
    public VisitMode[] Modes { get; private set; } = Enum.GetValues<VisitMode>();

    /// <summary>JSIC letters the expert knows well.</summary>
    public string[] Industries { get; private set; } = [];

    /// <summary>Organisations the expert works for anyway, by 法人番号 (13 digits) or name: whoever advises them for a fee does not advise them for the programme.</summary>
    public string[] OwnClients { get; private set; } = [];

    /// <summary>委嘱期間, both days included; open where null. Nothing is booked outside.</summary>
    public DateOnly? TermFrom { get; private set; }
    public DateOnly? TermTo { get; private set; }
    public bool Active { get; private set; } = true;

    /// <summary>Since when a supervisor lets nobody ask this expert anew (journey J61); what is in hand stays in hand. Null where offers go on.</summary>
    public DateTimeOffset? OffersStoppedAt { get; private set; }
    public string? OffersStoppedBy { get; private set; }
    public string? OffersStoppedWhy { get; private set; }
    public DateTimeOffset CreatedAt { get; private set; }
    public int Version { get; private set; } = 1;

    public IReadOnlyList<ExpertTopic> Topics => topics;

    /// <summary>The weekly working pattern; empty for an expert who takes no work.</summary>
    public IReadOnlyList<ExpertHours> Hours => hours;

    /// <summary>Single days with hours of their own; such a day's hours stand in place of the weekly pattern.</summary>
    public IReadOnlyList<ExpertDay> Days => days;
    public IReadOnlyList<ExpertAbsence> Absences => absences;

    /// <summary>True where the expert comes to this prefecture. Unknown places (null) are nobody's exclusion.</summary>
    public bool Covers(string? prefecture) =>
        Nationwide || prefecture is null || Prefectures.Contains(prefecture)
        || (Reference.Prefectures.Find(prefecture) is { } known && Districts.Contains(known.District.Slug));

    /// <summary>True where the expert comes to some place of the district.</summary>
    public bool CoversDistrict(string district) =>
        Nationwide || Districts.Contains(district) || Prefectures.Any(p => Reference.Prefectures.Find(p)?.District.Slug == district);

    public bool IsCommissionedOn(DateOnly day) => Active && (TermFrom is null || TermFrom <= day) && (TermTo is null || day <= TermTo);

    /// <summary>1 (knows) to 3 (specialist); 0 where the topic is not the expert's.</summary>
    public int LevelOf(string topic) => topics.FirstOrDefault(t => t.Topic == topic)?.Level ?? 0;

    /// <summary>The declared own client this organisation is, as it was declared; null where it is none.</summary>
    /// <param name="nameKey">By <see cref="OrganisationName.Key"/>; a client declared by number is known by nothing else.</param>
    public string? OwnClientOf(string? corporateNumber, string? nameKey)
    {
        // Once for every expert of the book and not for every case.
        ownSigns ??= [.. OwnClients.Select(c => (CorporateNumber.ValidOf(c), OrganisationName.Key(c)))];
        var at = Array.FindIndex(ownSigns, s => s.Number is { } number ? number == corporateNumber : s.NameKey == nameKey);
        return at < 0 ? null : OwnClients[at];
    }

    /// <summary>Working time of one day: its own hours where it has some, else the weekly pattern; without absences and the national calendar.</summary>
    public IEnumerable<WorkingStretch> HoursOn(DateOnly day) => days.Exists(d => d.WorksOn == day)
        ? days.Where(d => d.WorksOn == day).OrderBy(d => d.Starts).Select(d => new WorkingStretch(d.Starts, d.Ends, d.Modes))
        : hours.Where(h => h.Weekday == day.DayOfWeek).OrderBy(h => h.Starts).Select(h => new WorkingStretch(h.Starts, h.Ends, h.Modes));

    /// <summary>True where the day has hours and no absence takes all of them.</summary>
    public bool WorksOn(DateOnly day) => days.Exists(d => d.WorksOn == day)
        ? days.Exists(d => d.WorksOn == day && !IsAway(day, d.Starts, d.Ends))
        : hours.Exists(h => h.Weekday == day.DayOfWeek && !IsAway(day, h.Starts, h.Ends));

    public ExpertAbsence? AbsenceAt(DateTimeOffset instant) => absences.FirstOrDefault(a => a.StartsAt <= instant && instant < a.EndsAt);

    /// <summary>Sets where the expert comes to, and how.</summary>
    public void Cover(bool nationwide, IEnumerable<string> districts, IEnumerable<string> prefectures, IEnumerable<VisitMode> modes)
    {
        Nationwide = nationwide;
        Districts = [.. districts.Distinct().Order(StringComparer.Ordinal)];
        Prefectures = [.. prefectures.Distinct().Order(StringComparer.Ordinal)];
        Modes = [.. modes.Distinct().Order()];
        Version++;
    }

    /// <summary>Sets what the expert knows: topics with levels 1–3, industries by JSIC letter.</summary>
    public void Know(IEnumerable<KeyValuePair<string, int>> levels, IEnumerable<string> industries)
    {
        var wanted = levels.ToDictionary(l => l.Key, l => l.Value);
        topics.RemoveAll(t => !wanted.ContainsKey(t.Topic));
        foreach (var (topic, level) in wanted)
        {
            if (topics.FirstOrDefault(t => t.Topic == topic) is { } known)
            {
                known.Level = level;
            }
            else
            {
                topics.Add(new(Id, topic, level));
            }
        }

        Industries = [.. industries.Distinct().Order(StringComparer.Ordinal)];
        Version++;
    }

    /// <summary>Declares the own clients: a 法人番号 however it is typed, or a name.</summary>
    public void Declare(IEnumerable<string> clients)
    {
        OwnClients = [.. clients.Select(c => CorporateNumber.ValidOf(c) ?? c.Trim()).Distinct().Order(StringComparer.Ordinal)];
        ownSigns = null;
        Version++;
    }

    /// <summary>The 委嘱期間 and how many tracks at once; zero takes no new case.</summary>
    public void Commission(DateOnly? from, DateOnly? to, int capacity)
    {
        TermFrom = from;
        TermTo = to;
        Capacity = capacity;
        Version++;
    }

    /// <summary>Replaces the weekly pattern.</summary>
    public void Work(IEnumerable<WorkingHours> pattern)
    {
        hours.Clear();
        hours.AddRange(pattern.Select(p => new ExpertHours(Id, p.Weekday, p.From, p.To, [.. p.Modes ?? []])));
        Version++;
    }

    /// <summary>Gives one day hours of its own; without any, the weekly pattern holds again.</summary>
    public void WorkOn(DateOnly day, IEnumerable<WorkingStretch> stretches)
    {
        days.RemoveAll(d => d.WorksOn == day);
        days.AddRange(stretches.Select(s => new ExpertDay(Id, day, s.From, s.To, [.. s.Modes ?? []])));
        Version++;
    }

    /// <summary>Replaces the single days from <paramref name="today"/> on; what is past stays for the diary.</summary>
    public void WorkOnDays(IEnumerable<DayHours> given, DateOnly today)
    {
        days.RemoveAll(d => d.WorksOn >= today);
        days.AddRange(given.Select(d => new ExpertDay(Id, d.Date, d.From, d.To, [.. d.Modes ?? []])));
        Version++;
    }

    public ExpertAbsence BeAbsent(DateTimeOffset from, DateTimeOffset to, string reason)
    {
        var absence = new ExpertAbsence(Id, from, to, reason);
        absences.Add(absence);
        Version++;
        return absence;
    }

    /// <summary>Takes back an absence that has not begun, or ends one that runs now.</summary>
    /// <exception cref="NotFound">No such absence.</exception>
    /// <exception cref="RuleViolation"><c>absence.over</c></exception>
    public void Return(ExpertAbsenceId id, DateTimeOffset now)
    {
        var absence = absences.FirstOrDefault(a => a.Id == id) ?? throw new NotFound();
        if (absence.EndsAt <= now)
        {
            throw new RuleViolation("absence.over");
        }

        if (absence.StartsAt >= now)
        {
            absences.Remove(absence);
        }
        else
        {
            absence.EndAt(now);
        }

        Version++;
    }

    /// <summary>What stands on the expert's card.</summary>
    /// <param name="basePrefecture">JIS X 0401 code.</param>
    public void Describe(string name, Affiliation affiliation, string? displayTitle, string? email, string? phone, string basePrefecture, bool active)
    {
        Name = name;
        Affiliation = affiliation;
        DisplayTitle = displayTitle;
        Email = email;
        Phone = phone;
        BasePrefecture = basePrefecture;
        Active = active;
        Version++;
    }

    public void StopOffers(string why, string by, DateTimeOffset now)
    {
        (OffersStoppedAt, OffersStoppedBy, OffersStoppedWhy) = (now.ToUniversalTime(), by, why);
        Version++;
    }

    public void LetOffersGo()
    {
        (OffersStoppedAt, OffersStoppedBy, OffersStoppedWhy) = (null, null, null);
        Version++;
    }

    public void Retire()
    {
        Active = false;
        Version++;
    }

    private bool IsAway(DateOnly day, TimeOnly starts, TimeOnly ends) =>
        absences.Count > 0 && absences.Exists(a => a.StartsAt <= JapanTime.At(day, starts) && JapanTime.At(day, ends) <= a.EndsAt);
}

/// <summary>A topic of the catalogue and how well the expert knows it: 1 knows, 2 experienced, 3 specialist.</summary>
public sealed class ExpertTopic(ExpertId expertId, string topic, int level)
{
    public ExpertId ExpertId { get; private set; } = expertId;
    public string Topic { get; private set; } = topic;
    public int Level { get; internal set; } = level;
}

/// <summary>Leave, illness or another duty; half-open.</summary>
public sealed class ExpertAbsence(ExpertId expertId, DateTimeOffset startsAt, DateTimeOffset endsAt, string reason)
{
    public ExpertAbsenceId Id { get; private set; } = ExpertAbsenceId.New();
    public ExpertId ExpertId { get; private set; } = expertId;
    public DateTimeOffset StartsAt { get; private set; } = startsAt.ToUniversalTime();
    public DateTimeOffset EndsAt { get; private set; } = endsAt.ToUniversalTime();

    /// <summary>For the desk, never for clients: it may tell of illness.</summary>
    public string Reason { get; private set; } = reason;

    internal void EndAt(DateTimeOffset now) => EndsAt = now.ToUniversalTime();
}

public readonly record struct ExpertAbsenceId(Guid Value) : IStrongId<ExpertAbsenceId>
{
    public static ExpertAbsenceId New() => new(Guid.CreateVersion7());
    public static ExpertAbsenceId From(Guid value) => new(value);
    public static ExpertAbsenceId Parse(string s, IFormatProvider? provider) => StrongId.Parse<ExpertAbsenceId>(s);
    public static bool TryParse(string? s, IFormatProvider? provider, out ExpertAbsenceId result) => StrongId.TryParse(s, out result);
    public override string ToString() => Value.ToString();
}
