using System.ComponentModel.DataAnnotations;
using Consultation.Organisations;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Consultation.Web.Pages.Settings;

/// <summary>The settings of a programme year as typed, in the order of the page.</summary>
public sealed class ProgrammeInput
{
    private const string Twice = "twice";
    private const string Counts = "counts";
    private const string ByItself = "auto";
    private const string Applicant = "applicant";

    public static readonly IReadOnlyList<Choice> JointChoices =
        [new("once", "1回と数える"), new(Twice, "両省で1回ずつ、あわせて2回と数える")];

    public static readonly IReadOnlyList<Choice> LateCancelChoices =
        [new("no", "数えない"), new(Counts, "期限より後の取消しは1回と数える")];

    public static readonly IReadOnlyList<Choice> NoShowChoices =
        [new("no", "数えない"), new(Counts, "1回と数える")];

    public static readonly IReadOnlyList<Choice> FreeChoices =
        [new("board", "しない（割当て案から打診する）"), new(ByItself, "受付時間内に自動で打診する")];

    public static readonly IReadOnlyList<Choice> RankChoices =
        [new("desk", "聞かない（窓口が選ぶ）"), new(Applicant, "聞く（第3希望まで記録する）")];

    public static readonly IReadOnlyList<Choice> MonthChoices = [new("1", "1か月後"), new("3", "3か月後"), new("6", "6か月後"), new("12", "12か月後")];

    [Display(Name = "受付開始日")]
    public DayInput OpensOn { get; set; } = new();

    [Display(Name = "受付終了日")]
    public DayInput ClosesOn { get; set; } = new();

    [Display(Name = "最終実施日")]
    public DayInput LastVisitOn { get; set; } = new();

    [Display(Name = "契約終了日")]
    public DayInput ContractEndsOn { get; set; } = new();

    [Display(Name = "回数（回）")]
    public string? QuotaLimit { get; set; }

    [Display(Name = "両省合同の相談")]
    public string? Joint { get; set; }

    [Display(Name = "相談者都合の取消し")]
    public string? LateCancel { get; set; }

    [Display(Name = "取消しの期限（営業日前）")]
    public string? LateCancelDays { get; set; }

    [Display(Name = "先方不在")]
    public string? NoShow { get; set; }

    [Display(Name = "開始時刻")]
    public string? VisitOpens { get; set; }

    [Display(Name = "終了時刻")]
    public string? VisitCloses { get; set; }

    [Display(Name = "昼休みの始まり")]
    public string? LunchFrom { get; set; }

    [Display(Name = "昼休みの終わり")]
    public string? LunchTo { get; set; }

    [Display(Name = "初回応答（時間）")]
    public string? FirstResponseHours { get; set; }

    [Display(Name = "割当て（日）")]
    public string? AssignmentDays { get; set; }

    [Display(Name = "受諾（日）")]
    public string? AcceptanceDays { get; set; }

    [Display(Name = "日程調整（日）")]
    public string? FirstVisitDays { get; set; }

    [Display(Name = "報告（日）")]
    public string? ReportDays { get; set; }

    [Display(Name = "窓口へ（時間）")]
    public string? EscalateDeskHours { get; set; }

    [Display(Name = "業務責任者へ（時間）")]
    public string? EscalateSupervisorHours { get; set; }

    [Display(Name = "時期")]
    public IReadOnlyList<string>? Months { get; set; }

    [Display(Name = "1日の上限（件）")]
    public string? FollowUpDailyLimit { get; set; }

    [Display(Name = "ほかの時期（か月後）")]
    public string? OwnMonths { get; set; }

    [Display(Name = "おたずねの回数（回）")]
    public string? FollowUpApproaches { get; set; }

    [Display(Name = "おたずねの間隔（日）")]
    public string? FollowUpIntervalDays { get; set; }

    [Display(Name = "翌年度アンケートの日")]
    public DayInput NextYearSurveyOn { get; set; } = new();

    [Display(Name = "満足度アンケート（日）")]
    public string? SurveyDays { get; set; }

    [Display(Name = "待った日数（点）")]
    public string? WaitingWeight { get; set; }

    [Display(Name = "地方部（点）")]
    public string? RuralWeight { get; set; }

    [Display(Name = "空きが出たら自動で打診")]
    public string? Free { get; set; }

    [Display(Name = "相談者の希望")]
    public string? Ranks { get; set; }

    public static ProgrammeInput Of(ProgrammeSettings settings) => new()
    {
        OpensOn = DayInput.Of(settings.OpensOn),
        ClosesOn = DayInput.Of(settings.ClosesOn),
        LastVisitOn = DayInput.Of(settings.LastVisitOn),
        ContractEndsOn = DayInput.Of(settings.ContractEndsOn),
        QuotaLimit = $"{settings.QuotaLimit}",
        Joint = settings.JointCountsTwice ? Twice : "once",
        LateCancel = settings.LateCancelCounts ? Counts : "no",
        LateCancelDays = $"{settings.LateCancelDays}",
        NoShow = settings.NoShowCounts ? Counts : "no",
        VisitOpens = Reference.JapaneseDate.Time(settings.VisitOpens),
        VisitCloses = Reference.JapaneseDate.Time(settings.VisitCloses),
        LunchFrom = settings.LunchFrom is { } from ? Reference.JapaneseDate.Time(from) : null,
        LunchTo = settings.LunchTo is { } to ? Reference.JapaneseDate.Time(to) : null,
        FirstResponseHours = $"{settings.FirstResponseHours}",
        AssignmentDays = $"{settings.AssignmentDays}",
        AcceptanceDays = $"{settings.AcceptanceDays}",
        FirstVisitDays = $"{settings.FirstVisitDays}",
        ReportDays = $"{settings.ReportDays}",
        EscalateDeskHours = $"{settings.EscalateDeskHours}",
        EscalateSupervisorHours = $"{settings.EscalateSupervisorHours}",
        Months = [.. settings.FollowUpMonths.Where(Usual).Select(month => $"{month}")],
        OwnMonths = string.Join('、', settings.FollowUpMonths.Where(month => !Usual(month))),
        FollowUpApproaches = $"{settings.FollowUpApproaches}",
        FollowUpIntervalDays = $"{settings.FollowUpIntervalDays}",
        NextYearSurveyOn = settings.NextYearSurveyOn is { } survey ? DayInput.Of(survey) : new(),
        SurveyDays = $"{settings.SurveyDays}",
        FollowUpDailyLimit = $"{settings.FollowUpDailyLimit}",
        WaitingWeight = $"{settings.WaitingWeight}",
        RuralWeight = $"{settings.RuralWeight}",
        Free = settings.OffersWhenFree ? ByItself : "board",
        Ranks = settings.ApplicantRanks ? Applicant : "desk",
    };

    public ChangeProgrammeYear Read(ProgrammeYearId year, ModelStateDictionary faults) => new(
        year, Number(QuotaLimit, nameof(QuotaLimit), faults), Day(OpensOn, nameof(OpensOn), faults), Day(ClosesOn, nameof(ClosesOn), faults), Day(LastVisitOn, nameof(LastVisitOn), faults),
        Day(ContractEndsOn, nameof(ContractEndsOn), faults), Time(VisitOpens, nameof(VisitOpens), faults), Time(VisitCloses, nameof(VisitCloses), faults),
        Number(FirstResponseHours, nameof(FirstResponseHours), faults), Number(AssignmentDays, nameof(AssignmentDays), faults), Number(AcceptanceDays, nameof(AcceptanceDays), faults),
        Number(FirstVisitDays, nameof(FirstVisitDays), faults), Number(ReportDays, nameof(ReportDays), faults), AllMonths(faults),
        Number(FollowUpDailyLimit, nameof(FollowUpDailyLimit), faults), Joint == Twice,
        Number(WaitingWeight, nameof(WaitingWeight), faults), Number(RuralWeight, nameof(RuralWeight), faults), OffersWhenFree: Free == ByItself, LunchFrom: Time(LunchFrom, nameof(LunchFrom), faults), LunchTo: Time(LunchTo, nameof(LunchTo), faults),
        FollowUpApproaches: Number(FollowUpApproaches, nameof(FollowUpApproaches), faults), FollowUpIntervalDays: Number(FollowUpIntervalDays, nameof(FollowUpIntervalDays), faults),
        NextYearSurveyOn: Day(NextYearSurveyOn, nameof(NextYearSurveyOn), faults), SurveyDays: Number(SurveyDays, nameof(SurveyDays), faults),
        LateCancelCounts: LateCancel == Counts, LateCancelDays: Number(LateCancelDays, nameof(LateCancelDays), faults), NoShowCounts: NoShow == Counts, ApplicantRanks: Ranks == Applicant,
        EscalateDeskHours: Number(EscalateDeskHours, nameof(EscalateDeskHours), faults), EscalateSupervisorHours: Number(EscalateSupervisorHours, nameof(EscalateSupervisorHours), faults));

    public static string? FieldOf(string field) => field switch
    {
        "followUpMonths" => "Input.Months",
        "jointCountsTwice" => "Input.Joint",
        "offersWhenFree" => "Input.Free",
        "lateCancelCounts" => "Input.LateCancel",
        "noShowCounts" => "Input.NoShow",
        "applicantRanks" => "Input.Ranks",
        "year" => null,
        _ => "Input." + char.ToUpperInvariant(field[0]) + field[1..],
    };

    internal static string Said(object? value) => value switch
    {
        DayInput day => $"{day.Year}年{day.Month}月{day.Day}日",
        IEnumerable<string> several => string.Join("・", several),
        string { Length: > 0 } text => text,
        _ => "空欄",
    };

    private static bool Usual(int month) => MonthChoices.Any(choice => choice.Value == $"{month}");

    /// <summary>The usual steps that are ticked and the own ones, typed as 2、9.</summary>
    private int[] AllMonths(ModelStateDictionary faults)
    {
        var own = (OwnMonths ?? "").Split([',', '、', '，', ' ', '　', '・'], StringSplitOptions.RemoveEmptyEntries).Select(word => Typed.Number(word)).ToList();
        if (own.Exists(month => month is not (>= 1 and <= 24)))
        {
            faults.AddModelError("Input." + nameof(OwnMonths), "2、9 のように、1から24までの数字を「、」で区切って入力してください。");
        }

        return [.. (Months ?? []).Select(month => (int)(Typed.Number(month) ?? 0)).Concat(own.Select(month => (int)(month ?? 0))).Distinct().Order()];
    }

    private static int? Number(string? text, string field, ModelStateDictionary faults)
    {
        var number = Typed.Number(text);
        if (!string.IsNullOrWhiteSpace(text) && number is null or > 100_000)
        {
            faults.AddModelError("Input." + field, "3 のように、数字だけで入力してください。");
            return null;
        }

        return (int?)number;
    }

    private static DateOnly? Day(DayInput typed, string field, ModelStateDictionary faults)
    {
        if (!typed.IsEmpty && typed.Read() is null)
        {
            faults.AddModelError("Input." + field, "2027年3月31日のように、暦にある日付を入力してください。");
        }

        return typed.Read();
    }

    private static TimeOnly? Time(string? text, string field, ModelStateDictionary faults)
    {
        var time = Typed.Time(text);
        if (!string.IsNullOrWhiteSpace(text) && time is null)
        {
            faults.AddModelError("Input." + field, "9:00 のように入力してください。");
        }

        return time;
    }
}
