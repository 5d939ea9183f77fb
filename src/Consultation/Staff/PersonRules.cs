using Consultation.Messaging;
using Consultation.Persistence;
using FluentValidation;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Staff;

/// <summary>What holds for everybody who may act, however they are entered or changed.</summary>
internal static class PersonRules
{
    public static IRuleBuilderOptions<T, Role> ForPeople<T>(this IRuleBuilder<T, Role> rule) =>
        rule.Must(r => Enum.IsDefined(r)).WithErrorCode("field.required")
            .Must(r => r is not (Role.System or Role.Public)).WithErrorCode("field.unknown_code");

    /// <summary>A clerk has a desk; centre and supervisor may have one; with other roles it would say something that is not so.</summary>
    public static IRuleBuilderOptions<T, string?> DeskOf<T>(this IRuleBuilder<T, string?> rule, Func<T, Role> role) =>
        rule.Storable()
            .Must((request, desk) => desk is not null || role(request) != Role.Desk).WithErrorCode("field.required")
            .Must((request, desk) => desk is null || role(request) is Role.Desk or Role.Centre or Role.Supervisor || !Enum.IsDefined(role(request))).WithErrorCode("staff.desk_not_for_role");

    public static IRuleBuilderOptions<T, ExpertId?> ExpertOf<T>(this IRuleBuilder<T, ExpertId?> rule, Func<T, Role> role) =>
        rule
            .Must((request, expert) => expert is not null || role(request) != Role.Expert).WithErrorCode("field.required")
            .Must((request, expert) => expert is null || role(request) == Role.Expert || !Enum.IsDefined(role(request))).WithErrorCode("staff.expert_not_for_role");

    /// <exception cref="InvalidInput">There is no such desk.</exception>
    public static DeskId? DeskOf(DeskBook.Snapshot book, string? slug, string field) =>
        slug is null ? null : (book.Find(slug) ?? throw new InvalidInput(field, "field.unknown_code")).Id;

    /// <summary>The person for a change, locked until the transaction ends.</summary>
    /// <exception cref="NotFound">No such person, or an integration, which has tokens and nothing else.</exception>
    /// <exception cref="Conflict"><c>version.stale</c>: the caller saw an older version.</exception>
    public static async Task<StaffMember> ForChangeAsync(ConsultationDb db, Execution execution, StaffId id, CancellationToken cancellationToken)
    {
        // All administrators are locked with the person, in one order: of two who retire each other at once the second sees what the first did.
        await db.Database.ExecuteSqlAsync($"select 1 from staff where id = {id.Value} or (role = 'administrator' and active) order by id for update", cancellationToken);
        var found = await db.Set<StaffMember>().FirstOrDefaultAsync(m => m.Id == id && !m.IsIntegration, cancellationToken) ?? throw new NotFound();
        return execution.ExpectedVersion is { } expected && expected != found.Version ? throw new Conflict("version.stale") : found;
    }

    /// <summary>Somebody must be able to open these pages tomorrow. Integrations cannot sign in and do not count.</summary>
    /// <exception cref="RuleViolation"><c>staff.last_administrator</c></exception>
    public static async Task NotTheLastAdministratorAsync(ConsultationDb db, StaffMember leaving, CancellationToken cancellationToken)
    {
        if (leaving is { Role: Role.Administrator, Active: true }
            && !await db.Set<StaffMember>().AnyAsync(m => m.Id != leaving.Id && m.Role == Role.Administrator && m.Active && !m.IsIntegration, cancellationToken))
        {
            throw new RuleViolation("staff.last_administrator");
        }
    }
}

/// <summary>What somebody may do has changed; whoever keeps sessions and tokens forgets what was known (design §7: within 5 s everywhere).</summary>
public sealed record AccessChanged(StaffId Staff) : IDomainEvent;
