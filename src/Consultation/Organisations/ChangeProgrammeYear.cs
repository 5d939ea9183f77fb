using System.Text.Json;
using System.Text.Json.Nodes;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Organisations;

/// <summary>
/// Changes dates, quota and clocks of a programme year. They hold for what begins from now on: running deadlines, planned follow-ups and
/// booked visits stay. The limit reaches accounts that exist: a higher one all of them, a lower one as far as its organisation has not
/// taken more already – what was booked or used is never taken away.
/// </summary>
/// <param name="LunchFrom">With <paramref name="LunchTo"/> the break in which no visit stands; none where both are null.</param>
/// <param name="Confirmed">Needed where the limit falls.</param>
/// <exception cref="RuleViolation">
/// <c>programme.lowers_limit</c>, <c>programme.lowers_to_zero</c>: the limit falls and the effect, which stands in <c>Extra</c> as <c>lowered</c>, was not
/// confirmed or is another by now.
/// </exception>
[Requires(Permission.Administer)]
public sealed record ChangeProgrammeYear(
    ProgrammeYearId Year, int? QuotaLimit, DateOnly? OpensOn, DateOnly? ClosesOn, DateOnly? LastVisitOn, DateOnly? ContractEndsOn, TimeOnly? VisitOpens, TimeOnly? VisitCloses,
    int? FirstResponseHours, int? AssignmentDays, int? AcceptanceDays, int? FirstVisitDays, int? ReportDays, IReadOnlyList<int>? FollowUpMonths, int? FollowUpDailyLimit,
    bool JointCountsTwice, int? WaitingWeight, int? RuralWeight, LoweredLimit? Confirmed = null, bool OffersWhenFree = false,
    TimeOnly? LunchFrom = null, TimeOnly? LunchTo = null, int? FollowUpApproaches = 3, int? FollowUpIntervalDays = 5, DateOnly? NextYearSurveyOn = null, int? SurveyDays = 30,
    bool LateCancelCounts = false, int? LateCancelDays = 1, bool NoShowCounts = false, bool ApplicantRanks = false, int? EscalateDeskHours = 4, int? EscalateSupervisorHours = 8) : ICommand<ChangedProgrammeYear>;

/// <summary>What whoever lowers the limit was shown and agreed to.</summary>
/// <param name="Above">How many organisations have taken more than the new limit.</param>
public sealed record LoweredLimit(int Limit, int Above);

/// <param name="Accounts">How many accounts got another limit.</param>
/// <param name="Above">How many organisations have taken more than the new limit and keep what they have.</param>
public sealed record ChangedProgrammeYear(int Version, int Accounts, int Above);

internal sealed class ChangeProgrammeYearValidator : AbstractValidator<ChangeProgrammeYear>
{
    /// <summary>Two years; what lies further is nobody's follow-up any more.</summary>
    private const int MostMonths = 24;

    public ChangeProgrammeYearValidator()
    {
        Between(RuleFor(r => r.QuotaLimit), 0, 99);
        Between(RuleFor(r => r.FirstResponseHours), 1, 80);
        Between(RuleFor(r => r.AssignmentDays), 1, 60);
        Between(RuleFor(r => r.AcceptanceDays), 1, 60);
        Between(RuleFor(r => r.FirstVisitDays), 1, 60);
        Between(RuleFor(r => r.ReportDays), 1, 90);
        Between(RuleFor(r => r.EscalateDeskHours), 1, 80);
        Between(RuleFor(r => r.EscalateSupervisorHours), 1, 80);
        Between(RuleFor(r => r.FollowUpDailyLimit), 1, 1000);
        Between(RuleFor(r => r.FollowUpApproaches), 1, 9);
        Between(RuleFor(r => r.FollowUpIntervalDays), 1, 60);
        Between(RuleFor(r => r.SurveyDays), 0, 180);
        Between(RuleFor(r => r.LateCancelDays), 1, 10);
        Between(RuleFor(r => r.WaitingWeight), 1, 1000);
        Between(RuleFor(r => r.RuralWeight), 0, 1000);
        RuleFor(r => r.FollowUpMonths).Must(m => m is { Count: > 0 }).WithErrorCode("field.required").Must(m => m is null || m.All(n => n is >= 1 and <= MostMonths)).WithErrorCode("field.out_of_range").WithState(_ => new object?[] { 1, MostMonths });
        Given(RuleFor(r => r.OpensOn));
        Given(RuleFor(r => r.ClosesOn)).Must((r, d) => d is null || r.OpensOn is null || r.OpensOn <= d).WithErrorCode("programme.closes_before_opening");
        Given(RuleFor(r => r.LastVisitOn)).Must((r, d) => d is null || r.OpensOn is null || r.OpensOn <= d).WithErrorCode("programme.visit_before_opening");
        Given(RuleFor(r => r.ContractEndsOn)).Must((r, d) => d is null || ((r.ClosesOn is null || r.ClosesOn <= d) && (r.LastVisitOn is null || r.LastVisitOn <= d))).WithErrorCode("programme.contract_too_short");
        Given(RuleFor(r => r.VisitOpens));
        Given(RuleFor(r => r.VisitCloses)).Must((r, t) => t is null || r.VisitOpens is null || r.VisitOpens < t).WithErrorCode("programme.hours_reversed");
        RuleFor(r => r.LunchFrom).Must((r, t) => (t is null) == (r.LunchTo is null)).WithErrorCode("programme.lunch_half");
        RuleFor(r => r.LunchTo).Must((r, t) => t is null || r.LunchFrom is null || r.LunchFrom < t).WithErrorCode("programme.hours_reversed");
        RuleFor(r => r.LunchFrom).Must((r, t) => t is null || r.LunchTo is null || r.LunchFrom >= r.LunchTo || r.VisitOpens is null || r.VisitCloses is null || (r.VisitOpens <= t && r.LunchTo <= r.VisitCloses))
            .WithErrorCode("programme.lunch_outside");
    }

    private static void Between(IRuleBuilder<ChangeProgrammeYear, int?> rule, int least, int most) =>
        rule.NotNull().WithErrorCode("field.required").Must(v => v is null || (v >= least && v <= most)).WithErrorCode("field.out_of_range").WithState(_ => new object?[] { least, most });

    private static IRuleBuilderOptions<ChangeProgrammeYear, T?> Given<T>(IRuleBuilder<ChangeProgrammeYear, T?> rule) where T : struct => rule.NotNull().WithErrorCode("field.required");
}

internal sealed class ChangeProgrammeYearHandler(ConsultationDb db, Execution execution, ProgrammeBook programmes) : IRequestHandler<ChangeProgrammeYear, ChangedProgrammeYear>
{
    public async Task<ChangedProgrammeYear> Handle(ChangeProgrammeYear request, CancellationToken cancellationToken)
    {
        var year = await db.Set<ProgrammeYear>().FromSql($"select * from programme_years where id = {request.Year.Value} for update").SingleOrDefaultAsync(cancellationToken) ?? throw new NotFound();
        if (execution.ExpectedVersion is { } expected && expected != year.Version)
        {
            throw new Conflict("version.stale");
        }

        var fiscal = new FiscalYear(year.FiscalYear);
        DemandWithin(fiscal, request);
        await DemandConfirmedAsync(year, request, cancellationToken);
        var before = year.Settings;
        year.Change(new(
            request.QuotaLimit!.Value, request.OpensOn!.Value, request.ClosesOn!.Value, request.LastVisitOn!.Value, request.ContractEndsOn!.Value, request.VisitOpens!.Value,
            request.VisitCloses!.Value, request.FirstResponseHours!.Value, request.AssignmentDays!.Value, request.AcceptanceDays!.Value, request.FirstVisitDays!.Value, request.ReportDays!.Value,
            [.. request.FollowUpMonths!.Distinct()], request.FollowUpDailyLimit!.Value, request.JointCountsTwice, request.WaitingWeight!.Value, request.RuralWeight!.Value, request.OffersWhenFree, request.LunchFrom, request.LunchTo,
            request.FollowUpApproaches!.Value, request.FollowUpIntervalDays!.Value, request.NextYearSurveyOn, request.SurveyDays!.Value,
            request.LateCancelCounts, request.LateCancelDays!.Value, request.NoShowCounts, request.ApplicantRanks));
        execution.Audit("programme.year_changed", year.Id, Differences(before, year.Settings));
        execution.AfterCommit(programmes.Drop);
        var accounts = before.QuotaLimit == year.QuotaLimit ? 0 : await AdjustAsync(year, cancellationToken);
        return new(year.Version, accounts, await AboveAsync(year, year.QuotaLimit, cancellationToken));
    }

    private async Task DemandConfirmedAsync(ProgrammeYear year, ChangeProgrammeYear request, CancellationToken cancellationToken)
    {
        if (request.QuotaLimit!.Value is var limit && limit >= year.QuotaLimit)
        {
            return;
        }

        var lowered = new LoweredLimit(limit, await AboveAsync(year, limit, cancellationToken));
        if (request.Confirmed != lowered)
        {
            throw new RuleViolation(limit == 0 ? "programme.lowers_to_zero" : "programme.lowers_limit", year.QuotaLimit, limit, lowered.Above) { Extra = { ["lowered"] = lowered } };
        }
    }

    private Task<int> AboveAsync(ProgrammeYear year, int limit, CancellationToken cancellationToken) =>
        db.Set<QuotaAccount>().CountAsync(a => a.Programme == year.Programme && a.FiscalYear == year.FiscalYear && a.Held + a.Used - a.Extra > limit, cancellationToken);

    // A visit is charged to the fiscal year of its own date, so that a later last day would never be asked.
    private static void DemandWithin(FiscalYear year, ChangeProgrammeYear request)
    {
        var errors = new List<InputError>();
        if (!year.Contains(request.OpensOn!.Value))
        {
            errors.Add(new("opensOn", "programme.outside_year", year.Label));
        }

        if (!year.Contains(request.LastVisitOn!.Value))
        {
            errors.Add(new("lastVisitOn", "programme.outside_year", year.Label));
        }

        if (request.ContractEndsOn!.Value > year.Next.Last)
        {
            errors.Add(new("contractEndsOn", "programme.contract_too_long", JapaneseDate.Long(year.Next.Last)));
        }

        if (request.NextYearSurveyOn is { } survey && !year.Next.Contains(survey))
        {
            errors.Add(new("nextYearSurveyOn", "programme.survey_outside_next_year", year.Next.Label));
        }

        if (errors.Count > 0)
        {
            throw new InvalidInput(errors);
        }
    }

    private Task<int> AdjustAsync(ProgrammeYear year, CancellationToken cancellationToken) => db.Database.ExecuteSqlAsync($"""
        with touched as (
          select id, "limit" as was, greatest({year.QuotaLimit}, held + used - extra) as becomes from quota_accounts
          where programme = {year.Programme} and fiscal_year = {year.FiscalYear} and "limit" <> greatest({year.QuotaLimit}, held + used - extra) order by id for update),
        changed as (update quota_accounts a set "limit" = t.becomes from touched t where a.id = t.id returning a.id, t.becomes - t.was as units)
        insert into quota_ledger (id, account_id, kind, units, reason, actor, at)
        select gen_random_uuid(), id, 'adjust', units, '利用可能回数の変更', {execution.Actor.Name}, {execution.Now.ToUniversalTime()} from changed
        """, cancellationToken);

    /// <summary>quotaLimit 3 → 4; closesOn 2027-03-31 → 2027-02-26</summary>
    private static string Differences(ProgrammeSettings before, ProgrammeSettings after)
    {
        var (was, now) = (JsonSerializer.SerializeToNode(before, StoredJson.Options)!.AsObject(), JsonSerializer.SerializeToNode(after, StoredJson.Options)!.AsObject());
        var names = was.Select(p => p.Key).Union(now.Select(p => p.Key));
        var changed = names.Where(n => Said(was[n]) != Said(now[n])).Select(n => $"{n} {Said(was[n])} → {Said(now[n])}");
        return string.Join("; ", changed) is { Length: > 0 } text ? text : "nothing changed";

        static string Said(JsonNode? value) => value?.ToJsonString().Trim('"') ?? "none";
    }
}
