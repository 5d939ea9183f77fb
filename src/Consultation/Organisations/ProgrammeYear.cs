using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Organisations;

public readonly record struct ProgrammeYearId(Guid Value) : IStrongId<ProgrammeYearId>
{
    public static ProgrammeYearId New() => new(Guid.CreateVersion7());
    public static ProgrammeYearId From(Guid value) => new(value);
    public static ProgrammeYearId Parse(string s, IFormatProvider? provider) => StrongId.Parse<ProgrammeYearId>(s);
    public static bool TryParse(string? s, IFormatProvider? provider, out ProgrammeYearId result) => StrongId.TryParse(s, out result);
    public override string ToString() => Value.ToString();
}

/// <summary>
/// A programme in one fiscal year with everything that no public source fixes (domain.md §0): free sessions (3回 is the one-stop's public
/// figure), 受付開始, 受付終了, 最終実施日, 契約終了日, visit hours, and the clocks of design §2. Nothing is booked, promised or mailed beyond its dates.
/// </summary>
public sealed class ProgrammeYear
{
    public const string OneStop = "one-stop";

    private ProgrammeYear()
    {
    }

    public ProgrammeYear(string programme, FiscalYear year)
    {
        Id = ProgrammeYearId.New();
        Programme = programme;
        FiscalYear = year.Year;
        OpensOn = year.First;
        ClosesOn = year.Last;
        LastVisitOn = year.Last;
        ContractEndsOn = year.Last;
    }

    public ProgrammeYearId Id { get; private set; }
    public string Programme { get; private set; } = "";
    public int FiscalYear { get; private set; }

    /// <summary>Free consultations (回) per organisation.</summary>
    public int QuotaLimit { get; private set; } = 3;
    public DateOnly OpensOn { get; private set; }
    public DateOnly ClosesOn { get; private set; }
    public DateOnly LastVisitOn { get; private set; }
    public DateOnly ContractEndsOn { get; private set; }
    public TimeOnly VisitOpens { get; private set; } = new(9, 0);
    public TimeOnly VisitCloses { get; private set; } = new(17, 0);

    /// <summary>No visit stands in the lunch break; none where null.</summary>
    public TimeOnly? LunchFrom { get; private set; }
    public TimeOnly? LunchTo { get; private set; }

    /// <summary>Business hours from receipt.</summary>
    public int FirstResponseHours { get; private set; } = 4;

    /// <summary>Business days after routing or decline, due at closing; likewise the next two.</summary>
    public int AssignmentDays { get; private set; } = 1;
    public int AcceptanceDays { get; private set; } = 2;
    public int FirstVisitDays { get; private set; } = 3;

    /// <summary>Calendar days after the visit, rolled forward to an open day.</summary>
    public int ReportDays { get; private set; } = 7;

    /// <summary>Business hours after which the desk is told of a deadline that passed, and after that its supervisors.</summary>
    public int EscalateDeskHours { get; private set; } = 4;
    public int EscalateSupervisorHours { get; private set; } = 8;
    public int[] FollowUpMonths { get; private set; } = [1, 3, 6];

    /// <summary>Follow-ups due per desk and day before the plan spreads them.</summary>
    public int FollowUpDailyLimit { get; private set; } = 20;

    /// <summary>How often the client is asked at a follow-up, the first time included; then the desk calls (journey J32).</summary>
    public int FollowUpApproaches { get; private set; } = 3;

    /// <summary>Business days from one approach to the next, and from the last one to the call.</summary>
    public int FollowUpIntervalDays { get; private set; } = 5;

    /// <summary>翌年度アンケート: the day of the following fiscal year on which every visited case is asked once more; null where nobody is.</summary>
    public DateOnly? NextYearSurveyOn { get; private set; }

    /// <summary>Days for which the link to the satisfaction survey after a visit holds; 0 where no survey is sent.</summary>
    public int SurveyDays { get; private set; } = 30;

    /// <summary>True where a joint visit is charged to each ministry's account; once by default (domain.md §6.4).</summary>
    public bool JointCountsTwice { get; private set; }

    /// <summary>
    /// True where a confirmed visit that the client cancels late counts as a consultation; by default only 実施 counts (domain.md §6.3). What the expert,
    /// the desk or a disaster cancels never counts.
    /// </summary>
    public bool LateCancelCounts { get; private set; }

    /// <summary>Late is after the closing of the n-th business day before the visit; 1 is the business day before (前営業日).</summary>
    public int LateCancelDays { get; private set; } = 1;

    /// <summary>True where 先方不在 counts as a consultation.</summary>
    public bool NoShowCounts { get; private set; }

    /// <summary>Whoever has room is offered the oldest waiting cases by itself (空きが出たら自動で打診); off by default.</summary>
    public bool OffersWhenFree { get; private set; }

    /// <summary>The applicant may say whom of the candidates to be advised by (候補提示, domain §7); off by default.</summary>
    public bool ApplicantRanks { get; private set; }

    /// <summary>Points a waiting case gains each business day, so that the oldest comes first.</summary>
    public int WaitingWeight { get; private set; } = 100;

    /// <summary>Points of a case in 地方部 (<see cref="Prefecture.IsUrban"/>). No source fixes a priority, hence none by default (domain.md §0).</summary>
    public int RuralWeight { get; private set; }

    public int Version { get; private set; } = 1;

    public ProgrammeSettings Settings => new(
        QuotaLimit, OpensOn, ClosesOn, LastVisitOn, ContractEndsOn, VisitOpens, VisitCloses, FirstResponseHours, AssignmentDays, AcceptanceDays, FirstVisitDays, ReportDays,
        FollowUpMonths, FollowUpDailyLimit, JointCountsTwice, WaitingWeight, RuralWeight, OffersWhenFree, LunchFrom, LunchTo, FollowUpApproaches, FollowUpIntervalDays, NextYearSurveyOn, SurveyDays, LateCancelCounts, LateCancelDays, NoShowCounts, ApplicantRanks, EscalateDeskHours, EscalateSupervisorHours);

    /// <summary>
    /// The following year with these settings, its dates a year later. A contract that ended with the year ends with the next one.
    /// </summary>
    internal ProgrammeYear Next()
    {
        var next = new ProgrammeYear(Programme, new FiscalYear(FiscalYear).Next);
        next.Take(Settings with
        {
            OpensOn = OpensOn.AddYears(1), ClosesOn = ClosesOn.AddYears(1), LastVisitOn = LastVisitOn.AddYears(1), ContractEndsOn = ContractEndsOn.AddYears(1),
            NextYearSurveyOn = NextYearSurveyOn?.AddYears(1),
        });
        return next;
    }

    /// <summary>
    /// Holds for what begins from now on: running deadlines and planned follow-ups keep their dates, booked visits stay.
    /// </summary>
    internal void Change(ProgrammeSettings settings)
    {
        Take(settings);
        Version++;
    }

    private void Take(ProgrammeSettings settings)
    {
        QuotaLimit = settings.QuotaLimit;
        OpensOn = settings.OpensOn;
        ClosesOn = settings.ClosesOn;
        LastVisitOn = settings.LastVisitOn;
        ContractEndsOn = settings.ContractEndsOn;
        VisitOpens = settings.VisitOpens;
        VisitCloses = settings.VisitCloses;
        LunchFrom = settings.LunchFrom;
        LunchTo = settings.LunchTo;
        FirstResponseHours = settings.FirstResponseHours;
        AssignmentDays = settings.AssignmentDays;
        AcceptanceDays = settings.AcceptanceDays;
        FirstVisitDays = settings.FirstVisitDays;
        ReportDays = settings.ReportDays;
        EscalateDeskHours = settings.EscalateDeskHours;
        EscalateSupervisorHours = settings.EscalateSupervisorHours;
        FollowUpMonths = [.. settings.FollowUpMonths.Order()];
        FollowUpDailyLimit = settings.FollowUpDailyLimit;
        FollowUpApproaches = settings.FollowUpApproaches;
        FollowUpIntervalDays = settings.FollowUpIntervalDays;
        NextYearSurveyOn = settings.NextYearSurveyOn;
        SurveyDays = settings.SurveyDays;
        JointCountsTwice = settings.JointCountsTwice;
        OffersWhenFree = settings.OffersWhenFree;
        LateCancelCounts = settings.LateCancelCounts;
        LateCancelDays = settings.LateCancelDays;
        NoShowCounts = settings.NoShowCounts;
        ApplicantRanks = settings.ApplicantRanks;
        WaitingWeight = settings.WaitingWeight;
        RuralWeight = settings.RuralWeight;
    }

    public static async Task<ProgrammeYear?> FindAsync(ConsultationDb db, FiscalYear year, CancellationToken cancellationToken) =>
        await db.Set<ProgrammeYear>().FirstOrDefaultAsync(p => p.Programme == OneStop && p.FiscalYear == year.Year, cancellationToken);

    /// <exception cref="RuleViolation">The programme does not exist in that year.</exception>
    public static async Task<ProgrammeYear> GetAsync(ConsultationDb db, FiscalYear year, CancellationToken cancellationToken) =>
        await FindAsync(db, year, cancellationToken) ?? throw new RuleViolation("programme.no_year", year.Label);
}

/// <summary>What of a programme year can be changed; units as in <see cref="ProgrammeYear"/>.</summary>
public sealed record ProgrammeSettings(
    int QuotaLimit, DateOnly OpensOn, DateOnly ClosesOn, DateOnly LastVisitOn, DateOnly ContractEndsOn, TimeOnly VisitOpens, TimeOnly VisitCloses, int FirstResponseHours,
    int AssignmentDays, int AcceptanceDays, int FirstVisitDays, int ReportDays, IReadOnlyList<int> FollowUpMonths, int FollowUpDailyLimit, bool JointCountsTwice,
    int WaitingWeight, int RuralWeight, bool OffersWhenFree = false,
    TimeOnly? LunchFrom = null, TimeOnly? LunchTo = null, int FollowUpApproaches = 3, int FollowUpIntervalDays = 5, DateOnly? NextYearSurveyOn = null,
    int SurveyDays = 30,
    bool LateCancelCounts = false, int LateCancelDays = 1, bool NoShowCounts = false, bool ApplicantRanks = false, int EscalateDeskHours = 4, int EscalateSupervisorHours = 8);
