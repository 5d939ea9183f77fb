using Consultation.Messaging;
using Consultation.Web.Pages.Shared;

namespace Consultation.Web.Pages.Expert;

/// <summary>What the expert was sent.</summary>
public sealed class MyMailModel(Dispatcher dispatcher) : ExpertMailPage(dispatcher)
{
    public Task OnGetAsync() => LookAsync(Actor.Expert ?? throw new Forbidden(), "/my-mail");
}
