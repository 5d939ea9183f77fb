using System.Linq.Expressions;
using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Visits;
using FluentValidation;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Disaster;

/// <summary>Whose uses of the switch an actor may see and go on with, and which visits one would touch.</summary>
public sealed class DisasterAccess(ConsultationDb db, Execution execution)
{
    internal static Expression<Func<DisasterPlan, bool>> Visible(Actor actor) => CaseAccess.Reach.Of(actor) switch
    {
        { Everywhere: true } => _ => true,
        { District: { } district } => p => p.District == district,
        _ => _ => false,
    };

    /// <summary>The plan, locked until the transaction ends.</summary>
    /// <exception cref="NotFound">No such plan among those the actor may see.</exception>
    internal async Task<DisasterPlan> ForChangeAsync(DisasterPlanId id, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlAsync($"select 1 from disaster_plans where id = {id.Value} for update", cancellationToken);
        return await db.Set<DisasterPlan>().Where(Visible(execution.Actor)).FirstOrDefaultAsync(p => p.Id == id, cancellationToken) ?? throw new NotFound();
    }

    /// <exception cref="NotFound">No such plan among those the actor may see.</exception>
    internal async Task<DisasterPlan> ReadAsync(DisasterPlanId id, CancellationToken cancellationToken) =>
        await db.Set<DisasterPlan>().AsNoTracking().Where(Visible(execution.Actor)).FirstOrDefaultAsync(p => p.Id == id, cancellationToken) ?? throw new NotFound();

    /// <summary>The on-site visits of the prefecture that begin on these days and have not begun, by case, of the cases the actor may see.</summary>
    internal async Task<IReadOnlyList<(Case Case, IReadOnlyList<Visit> Visits)>> FindAsync(Prefecture prefecture, DateOnly from, DateOnly to, CancellationToken cancellationToken)
    {
        var (first, last) = (JapanTime.At(from, TimeOnly.MinValue).ToUniversalTime(), JapanTime.At(to.AddDays(1), TimeOnly.MinValue).ToUniversalTime());
        var now = execution.Now.ToUniversalTime();
        var cases = db.Set<Case>().Where(CaseAccess.Visible(execution.Actor)).Where(c => c.Prefecture == prefecture.Code);
        var visits = await db.Set<Visit>().AsNoTracking().Include(v => v.Experts)
            .Where(v => v.Mode == Experts.VisitMode.Visit && (v.State == VisitState.Held || v.State == VisitState.Confirmed) && v.StartsAt >= first && v.StartsAt < last && v.StartsAt > now
                && cases.Any(c => c.Id == v.CaseId))
            .OrderBy(v => v.StartsAt).ThenBy(v => v.Id).ToListAsync(cancellationToken);
        var ids = visits.Select(v => v.CaseId).Distinct().ToList();
        var found = await db.Set<Case>().AsNoTracking().Where(c => ids.Contains(c.Id)).ToDictionaryAsync(c => c.Id, cancellationToken);
        return [.. visits.Where(v => !v.HasExpired(execution.Now)).GroupBy(v => v.CaseId).Select(g => (found[g.Key], (IReadOnlyList<Visit>)[.. g]))];
    }

    /// <summary>The plan of what is asked, as things stand now.</summary>
    /// <exception cref="InvalidInput"><c>disaster.unknown_prefecture</c>, <c>disaster.reversed</c>, <c>disaster.too_long</c></exception>
    /// <exception cref="RuleViolation"><c>disaster.nothing</c></exception>
    internal async Task<DisasterPlan> NewAsync(OpenDisaster request, CancellationToken cancellationToken)
    {
        var (from, to) = (request.From!.Value, request.To!.Value);
        var prefecture = DisasterRules.Checked(request.Prefecture!, from, to);
        var found = await FindAsync(prefecture, from, to, cancellationToken);
        if (found.Count == 0)
        {
            throw new RuleViolation("disaster.nothing");
        }

        return new(
            prefecture.Code, from, to, request.Way!.Value, request.Reason!.Trim(), CaseAccess.Reach.Of(execution.Actor).District, [.. found.Select(f => ItemOf(f.Case, f.Visits))], execution.Actor, execution.Now);
    }

    private static DisasterItem ItemOf(Case found, IReadOnlyList<Visit> visits) =>
        new(found.Id, found.Number, [.. visits.Select(v => new DisasterVisit(v.Id, v.Ordinal, v.Plan.Start, v.Plan.End, v.Place, v.State == VisitState.Held))]);
}

internal static class DisasterRules
{
    public const int MostDays = 14;

    public static void Days<T>(this AbstractValidator<T> validator, Func<T, string?> prefecture, Func<T, DateOnly?> from, Func<T, DateOnly?> to, Func<T, DisasterWay?> way)
    {
        validator.RuleFor(r => prefecture(r)).RequiredText(InputRules.FieldLength).OverridePropertyName("Prefecture");
        validator.RuleFor(r => from(r)).NotNull().WithErrorCode("field.required").OverridePropertyName("From");
        validator.RuleFor(r => to(r)).NotNull().WithErrorCode("field.required").OverridePropertyName("To");
        validator.RuleFor(r => way(r)).NotNull().WithErrorCode("field.required").OverridePropertyName("Way");
    }

    /// <exception cref="InvalidInput"><c>field.unknown_prefecture</c>, <c>disaster.reversed</c>, <c>disaster.too_long</c></exception>
    public static Prefecture Checked(string prefecture, DateOnly from, DateOnly to) =>
        Prefectures.Find(prefecture) is not { } known ? throw new InvalidInput("prefecture", "disaster.unknown_prefecture")
        : to < from ? throw new InvalidInput("to", "disaster.reversed")
        : to.DayNumber - from.DayNumber >= MostDays ? throw new InvalidInput("to", "disaster.too_long", MostDays)
        : known;
}
