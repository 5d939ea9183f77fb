using Consultation.Messaging;
using Consultation.Staff;
using Consultation.Visits;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Linked;

/// <summary>
/// A page behind the link of a letter. Reading changes nothing, so that a mail scanner may; every act is a form of its own page, sent after a
/// second look. A link that opens nothing says so with the telephone of the national desk.
/// </summary>
public abstract class LinkedPage(Dispatcher dispatcher, DeskBook desks) : SendingPage(dispatcher)
{
    /// <summary>Whoever holds the link; that somebody of a desk is signed in beside makes no difference.</summary>
    protected override Actor Actor => Actor.ClientByLink;

    [BindProperty(SupportsGet = true)]
    public string? Secret { get; set; }

    /// <summary>Of the visit as the form showed it.</summary>
    [BindProperty]
    public int? Sequence { get; set; }

    /// <summary>A form that does not say what it showed has shown nothing.</summary>
    protected int Seen => Sequence ?? -1;

    /// <summary>Null where the link opens nothing.</summary>
    public LinkedVisit? Visit { get; private set; }

    /// <summary>Whom to call.</summary>
    public string Desk { get; private set; } = "";

    public string? DeskPhone { get; private set; }

    public string Path => $"/visit/{Secret}";

    /// <summary>An act is open only before the visit begins.</summary>
    public bool MayAct => Visit?.State == LinkedState.ToCome;

    public string When => Visit is { } visit ? VisitWords.FormalPeriod(new(visit.Start, visit.End, visit.Mode, null)) : "";

    protected async Task<IActionResult> ShowAsync()
    {
        Response.Headers.CacheControl = "no-store";
        Response.Headers["X-Robots-Tag"] = "noindex, nofollow";
        try
        {
            Visit = await AskAsync(new SeeVisitByLink(Secret));
            (Desk, DeskPhone) = (Visit.Desk, Visit.DeskPhone);
        }
        catch (NotFound)
        {
            var national = (await desks.ReadAsync(HttpContext.RequestAborted)).Find("national");
            (Desk, DeskPhone) = (national?.Signature ?? "", national?.Phone);
            Response.StatusCode = StatusCodes.Status404NotFound;
        }

        return Page();
    }

    /// <summary>Sends the act; what it refuses is said on the page.</summary>
    protected async Task<IActionResult> ActAsync(MediatR.IRequest<bool> act, Func<string, string?> fieldOf, string done)
    {
        try
        {
            if (await TryAsync(act, fieldOf))
            {
                Say(done);
                return Redirect(Path);
            }
        }
        catch (NotFound)
        {
            // The page says it.
        }

        return await ShowAsync();
    }
}
