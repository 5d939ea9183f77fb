using Consultation.Messaging;
using Consultation.Staff;
using Microsoft.AspNetCore.Identity;

namespace Consultation.Web.SignIn;

/// <summary>How an attempt at the door ended. Why it was refused is for the audit alone.</summary>
public enum DoorAnswer { Refused, Welcome, MustChoosePassword }

/// <summary>
/// Lets people in by name and password. Every refusal gets one answer in about the same time: neither words nor clock tell whether an account
/// exists, is locked or belongs to somebody who has left. Success, refusal and lockout each leave an audit row.
/// </summary>
public sealed class FrontDoor(SignInManager<Account> signIn, Dispatcher dispatcher)
{
    private static readonly TimeSpan SecretHolds = TimeSpan.FromDays(7);
    private static readonly Actor Porter = Actor.System("sign-in");
    private static readonly Account Nobody = new();
    private static readonly string NobodysHash = new PasswordHasher<Account>().HashPassword(Nobody, Accounts.NewPassword());

    /// <returns>With the account, unless refused.</returns>
    public async Task<(DoorAnswer Answer, Guid? Account)> EnterAsync(string? userName, string? password, CancellationToken cancellationToken)
    {
        if (await KnownAsync(userName, password ?? "", cancellationToken) is not var (account, actor))
        {
            return (DoorAnswer.Refused, null);
        }

        if (account.SecretIssuedAt is not null)
        {
            return (DoorAnswer.MustChoosePassword, account.Id);
        }

        await WelcomeAsync(account, actor, DoorAct.SignedIn, cancellationToken);
        return (DoorAnswer.Welcome, account.Id);
    }

    /// <summary>Replaces a password, handed out or own, by one the person has chosen, and lets them in.</summary>
    public async Task<bool> ChooseAsync(string? userName, string? password, string chosen, CancellationToken cancellationToken)
    {
        if (await KnownAsync(userName, password ?? "", cancellationToken) is not var (account, actor))
        {
            return false;
        }

        var users = signIn.UserManager;
        account.PasswordHash = users.PasswordHasher.HashPassword(account, chosen);
        account.SecretIssuedAt = null;
        await users.UpdateSecurityStampAsync(account);
        await WelcomeAsync(account, actor, DoorAct.PasswordChosen, cancellationToken);
        return true;
    }

    private async Task WelcomeAsync(Account account, Actor actor, DoorAct act, CancellationToken cancellationToken)
    {
        await dispatcher.Send(new RecordSignIn(account.StaffId, act), actor, cancellationToken);
        await signIn.SignInAsync(account, isPersistent: false);
    }

    private async Task<(Account, Actor)?> KnownAsync(string? userName, string password, CancellationToken cancellationToken)
    {
        var users = signIn.UserManager;
        var account = string.IsNullOrWhiteSpace(userName) || userName.Contains('\0') || userName.Length > 256 ? null : await users.FindByNameAsync(userName.Trim());
        if (account is null || await users.IsLockedOutAsync(account))
        {
            users.PasswordHasher.VerifyHashedPassword(Nobody, NobodysHash, password);
            await RefuseAsync(account, account is null ? DoorAct.Refused : DoorAct.LockedOut, account is null ? "unknown_name" : "locked", cancellationToken);
            return null;
        }

        var checkedPassword = await signIn.CheckPasswordSignInAsync(account, password, lockoutOnFailure: true);
        if (!checkedPassword.Succeeded)
        {
            await RefuseAsync(account, checkedPassword.IsLockedOut ? DoorAct.LockedOut : DoorAct.Refused, "password", cancellationToken);
            return null;
        }

        // Real time, like all that belongs to signing in: the demo's clock may stand still.
        if (account.SecretIssuedAt is { } issued && TimeProvider.System.GetUtcNow() - issued > SecretHolds)
        {
            await RefuseAsync(account, DoorAct.Refused, "secret_expired", cancellationToken);
            return null;
        }

        if (await dispatcher.Send(new FindActor(account.StaffId), Porter, cancellationToken) is not { } actor)
        {
            await RefuseAsync(account, DoorAct.Refused, "retired", cancellationToken);
            return null;
        }

        return (account, actor);
    }

    private Task RefuseAsync(Account? account, DoorAct act, string why, CancellationToken cancellationToken) =>
        dispatcher.Send(new RecordSignIn(account?.StaffId, act, why), Porter, cancellationToken);
}
