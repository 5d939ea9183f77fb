using Consultation.Messaging;

namespace Consultation.Web.Pages.Shared;

/// <summary>Who looks at the page; null before signing in.</summary>
public static class Viewer
{
    public static Actor? Of(HttpContext context) => context.Features.Get<Actor>();
}
