using Consultation.Messaging;
using MediatR;

namespace Consultation.Web.SignIn;

/// <summary>Writes an act at the door into the audit; the name that was typed never, for it may be anything.</summary>
/// <param name="Person">Null where the name belongs to nobody.</param>
/// <param name="Why">A word for the reason of a refusal.</param>
[Requires(Permission.SignedIn)]
public sealed record RecordSignIn(StaffId? Person, DoorAct Act, string? Why = null) : ICommand<bool>;

public enum DoorAct { SignedIn, Refused, LockedOut, PasswordChosen }

internal sealed class RecordSignInHandler(Execution execution) : IRequestHandler<RecordSignIn, bool>
{
    public Task<bool> Handle(RecordSignIn request, CancellationToken cancellationToken)
    {
        var action = request.Act switch
        {
            DoorAct.SignedIn => "signin.succeeded",
            DoorAct.LockedOut => "signin.locked_out",
            DoorAct.PasswordChosen => "signin.password_chosen",
            _ => "signin.refused",
        };
        execution.Audit(action, request.Person ?? default, request.Why);
        return Task.FromResult(true);
    }
}
