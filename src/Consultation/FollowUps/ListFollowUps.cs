using System.Globalization;
using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Staff;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.FollowUps;

/// <summary>The follow-ups somebody has still to act on, by due day; pages by keyset.</summary>
/// <param name="Due">Only those due on or before this day.</param>
/// <param name="Desk">Slug; the actor's own desk where null, all desks for a nationwide actor.</param>
/// <param name="State">Only those in this state; all open ones where null.</param>
[Requires(Permission.WorkFollowUps)]
public sealed record ListFollowUps(DateOnly? Due = null, string? Desk = null, FollowUpState? State = null, string? After = null, int Limit = 50) : IQuery<Page<FollowUpRow>>;

public sealed record FollowUpRow(
    FollowUpId Id, CaseId Case, string CaseNumber, string? Organisation, FollowUpKind Kind, DateOnly BaseOn, DateOnly DueOn, string Why, FollowUpState State,
    DeskId Desk, ExpertId? Expert, FollowUpResult? Result, TeleworkStatus? TeleworkStatus, int Asked = 0, DateOnly? NextAskOn = null);

internal sealed class ListFollowUpsValidator : AbstractValidator<ListFollowUps>
{
    public ListFollowUpsValidator()
    {
        RuleFor(r => r.Limit).InclusiveBetween(1, 200).WithErrorCode("page.malformed");
        RuleFor(r => r.After).Must(a => a is null || ListFollowUpsHandler.ReadPlace(a) is not null).WithErrorCode("page.malformed");
    }
}

internal sealed class ListFollowUpsHandler(ConsultationDb db, Execution execution, DeskBook desks) : IRequestHandler<ListFollowUps, Page<FollowUpRow>>
{
    public async Task<Page<FollowUpRow>> Handle(ListFollowUps request, CancellationToken cancellationToken)
    {
        var desk = request.Desk is null
            ? execution.Actor.Desk
            : ((await desks.ReadAsync(cancellationToken)).Find(request.Desk) ?? throw new InvalidInput("desk", "field.unknown_code")).Id;
        var rows = db.Set<FollowUp>().Where(FollowUpAccess.Visible(execution.Actor));
        rows = request.State is { } state
            ? rows.Where(f => f.State == state)
            : rows.Where(f => f.State == FollowUpState.Planned || f.State == FollowUpState.Suspended || f.State == FollowUpState.Due || f.State == FollowUpState.HandOver);
        rows = desk is null ? rows : rows.Where(f => f.DeskId == desk);
        rows = request.Due is { } due ? rows.Where(f => f.DueOn <= due) : rows;
        if (request.After is not null)
        {
            var (on, id) = ReadPlace(request.After)!.Value;
            rows = rows.Where(f => EF.Functions.GreaterThan(ValueTuple.Create(f.DueOn, f.Id), ValueTuple.Create(on, id)));
        }

        var found = await (
            from f in rows
            join c in db.Set<Case>().Where(CaseAccess.Visible(execution.Actor)) on f.CaseId equals c.Id
            orderby f.DueOn, f.Id
            select new FollowUpRow(f.Id, c.Id, c.Number, c.OrganisationName, f.Kind, f.BaseOn, f.DueOn, f.Why, f.State, f.DeskId, f.ExpertId, f.Result, f.TeleworkStatus, f.Asked, f.NextAskOn))
            .Take(request.Limit + 1).ToListAsync(cancellationToken);
        var more = found.Count > request.Limit;
        found = [.. found.Take(request.Limit)];
        execution.Audit("follow_ups.listed", CaseRows.AsList, string.Join(' ', found.Select(row => row.CaseNumber)));
        return new(found, !more ? null : string.Create(CultureInfo.InvariantCulture, $"{found[^1].DueOn:yyyyMMdd}.{found[^1].Id.Value:N}"));
    }

    internal static (DateOnly On, FollowUpId Id)? ReadPlace(string after) =>
        after.Split('.') is [var day, var id] && DateOnly.TryParseExact(day, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var on) && Guid.TryParseExact(id, "N", out var value)
            ? (on, new(value))
            : null;
}
