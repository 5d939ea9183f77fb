using Consultation.Messaging;

namespace Consultation.Web.SignIn;

/// <summary>
/// From the principal of a request to the <see cref="Actor"/> that every message is sent as. Both ways of signing in, cookie and token,
/// leave the actor with the request while they authenticate it.
/// </summary>
public static class CurrentActor
{
    /// <summary>Who asks; null before signing in.</summary>
    public static Actor? Of(HttpContext context) => context.User.Identity?.IsAuthenticated == true ? context.Features.Get<Actor>() : null;

    /// <exception cref="InvalidOperationException">Nobody is signed in; behind the fallback policy that is a fault of ours.</exception>
    public static Actor Required(HttpContext context) =>
        Of(context) ?? throw new InvalidOperationException("A page or endpoint for signed-in people was reached by nobody.");
}
