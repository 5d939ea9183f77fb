using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Staff;
using MediatR;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Web.SignIn;

/// <summary>
/// Gives a person a password to be told once. It opens nothing but the choice of an own one, for seven days of real time; what they had before
/// ends, and so do their sessions. The account's name is the person's address.
/// </summary>
/// <exception cref="RuleViolation"><c>staff.retired</c>, <c>staff.no_user_name</c>, <c>account.user_name_taken</c></exception>
[Requires(Permission.Administer)]
public sealed record IssueSecret(StaffId Person) : ICommand<IssuedSecret>;

public sealed record IssuedSecret(string UserName, string Secret);

internal sealed class IssueSecretHandler(ConsultationDb db, Execution execution, IPasswordHasher<Account> hasher, ILookupNormalizer names)
    : IRequestHandler<IssueSecret, IssuedSecret>
{
    public async Task<IssuedSecret> Handle(IssueSecret request, CancellationToken cancellationToken)
    {
        var member = await db.Set<StaffMember>().AsNoTracking().FirstOrDefaultAsync(m => m.Id == request.Person && !m.IsIntegration, cancellationToken) ?? throw new NotFound();
        if (!member.Active)
        {
            throw new RuleViolation("staff.retired");
        }

        var known = await db.Database.SqlQuery<string>($"select user_name as \"Value\" from signin.accounts where staff_id = {member.Id.Value} for update").ToListAsync(cancellationToken);
        var userName = member.Email ?? known.FirstOrDefault() ?? throw new RuleViolation("staff.no_user_name");
        var secret = Accounts.NewPassword();
        var hash = hasher.HashPassword(new Account(), secret);
        await db.Database.ExecuteSqlAsync($"""
            insert into signin.accounts (id, staff_id, user_name, normalized_user_name, email_confirmed, password_hash, security_stamp, concurrency_stamp,
              phone_number_confirmed, two_factor_enabled, lockout_enabled, access_failed_count, secret_issued_at)
            values ({Guid.CreateVersion7()}, {member.Id.Value}, {userName}, {names.NormalizeName(userName)}, false, {hash}, {Stamp()}, {Stamp()},
              false, false, true, 0, clock_timestamp())
            on conflict (staff_id) do update set user_name = excluded.user_name, normalized_user_name = excluded.normalized_user_name,
              password_hash = excluded.password_hash, concurrency_stamp = excluded.concurrency_stamp, access_failed_count = 0, lockout_end = null,
              secret_issued_at = excluded.secret_issued_at
            """, cancellationToken);
        execution.Audit("person.secret_issued", member.Id);
        execution.Raise(new AccessChanged(member.Id));
        return new(userName, secret);
    }

    private static string Stamp() => Guid.NewGuid().ToString("N");
}
