using System.Security.Cryptography;
using Consultation.Messaging;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Web.SignIn;

/// <summary>Opens accounts for people of the room Staff.</summary>
public sealed class Accounts(UserManager<Account> users, SignInDb db, Sessions sessions)
{
    /// <summary>A password for one person to note down: 20 letters and digits without look-alikes, about 115 bits.</summary>
    public static string NewPassword() => RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789", 20);

    /// <exception cref="InvalidInput">The password is too short, or the name or the person has an account already.</exception>
    public async Task OpenAsync(StaffId staff, string userName, string password, CancellationToken cancellationToken)
    {
        if (await db.Users.AnyAsync(a => a.StaffId == staff, cancellationToken))
        {
            throw new InvalidInput("userName", "account.exists");
        }

        var outcome = await users.CreateAsync(new Account { Id = Guid.CreateVersion7(), StaffId = staff, UserName = userName }, password);
        if (!outcome.Succeeded)
        {
            throw new InvalidInput(outcome.Errors.Select(error => error.Code == nameof(IdentityErrorDescriber.PasswordTooShort)
                ? new InputError("password", "account.password_too_short", Account.PasswordLength)
                : new InputError("userName", "account.user_name_taken")).ToList());
        }
    }

    /// <summary>Sets a new password and ends every session of the person.</summary>
    /// <exception cref="NotFound">The person has no account.</exception>
    public async Task ResetAsync(string userName, string password, CancellationToken cancellationToken)
    {
        var account = await users.FindByNameAsync(userName) ?? throw new NotFound();
        if (password.Length < Account.PasswordLength)
        {
            throw new InvalidInput("password", "account.password_too_short", Account.PasswordLength);
        }

        account.PasswordHash = users.PasswordHasher.HashPassword(account, password);
        account.SecretIssuedAt = null;
        account.LockoutEnd = null;
        account.AccessFailedCount = 0;
        await users.UpdateAsync(account);
        await sessions.EndAsync(account.Id, cancellationToken);
    }

    /// <summary>How a person stands at the door; null where they have never been given a password.</summary>
    public async Task<DoorState?> StateOfAsync(StaffId staff, CancellationToken cancellationToken)
    {
        var now = TimeProvider.System.GetUtcNow();
        return await db.Users.AsNoTracking().Where(a => a.StaffId == staff)
            .Select(a => new DoorState(a.UserName!, a.LockoutEnd != null && a.LockoutEnd > now, a.SecretIssuedAt)).FirstOrDefaultAsync(cancellationToken);
    }

    /// <summary>
    /// Opens accounts with one password for all, hashed once: for the demo, whose password is printed anyway. People who have an account keep it.
    /// </summary>
    public async Task OpenAllAsync(IEnumerable<(StaffId Staff, string UserName)> people, string password, CancellationToken cancellationToken)
    {
        var hash = users.PasswordHasher.HashPassword(new Account(), password);
        var known = (await db.Users.Select(a => a.StaffId).ToListAsync(cancellationToken)).ToHashSet();
        foreach (var (staff, userName) in people.Where(person => !known.Contains(person.Staff)))
        {
            db.Users.Add(new Account
            {
                Id = Guid.CreateVersion7(),
                StaffId = staff,
                UserName = userName,
                NormalizedUserName = users.NormalizeName(userName),
                PasswordHash = hash,
                SecurityStamp = Guid.NewGuid().ToString("N"),
                LockoutEnabled = true,
            });
        }

        await db.SaveChangesAsync(cancellationToken);
    }
}

/// <param name="SecretIssuedAt">When the password was handed out that the person has not yet replaced.</param>
public sealed record DoorState(string UserName, bool IsLocked, DateTimeOffset? SecretIssuedAt);
