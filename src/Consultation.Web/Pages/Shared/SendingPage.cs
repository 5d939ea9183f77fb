using System.Security.Cryptography;
using System.Text;
using Consultation.Messaging;
using Consultation.Web.SignIn;
using MediatR;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Consultation.Web.Pages.Shared;

/// <summary>
/// A page that sends requests as the person who looks at it. A refusal of what was sent becomes the errors of the form; a refusal of the page
/// itself becomes a status (<see cref="RefusedPages"/>).
/// </summary>
public abstract class SendingPage(Dispatcher dispatcher) : PageModel
{
    protected virtual Actor Actor => CurrentActor.Required(HttpContext);

    protected Task<TResult> AskAsync<TResult>(IRequest<TResult> request) => dispatcher.Send(request, Actor, HttpContext.RequestAborted);

    /// <summary>For a page whose form is shown without asking anything: who may not send it does not see it.</summary>
    /// <exception cref="Forbidden">The actor lacks the permission.</exception>
    protected void Demand(Permission needed)
    {
        if (!Actor.Can(needed))
        {
            throw new Forbidden();
        }
    }

    /// <summary>A colleague changed the same thing since the form was opened.</summary>
    protected bool WasStale { get; private set; }

    /// <summary>What the form would send, where that was asked (<c>_RehearseButton</c>); nothing has been done then.</summary>
    public Rehearsed? Rehearsed { get; private set; }

    /// <summary>The form was sent by the button that only asks what would be sent.</summary>
    private bool OnlyRehearses => Request.HasFormContentType && Request.Form["rehearse"] == "yes";

    /// <summary>Sends a command; false when it was refused or only rehearsed, and then the page shows the form again with everything that was typed.</summary>
    /// <param name="fieldOf">Where on the page a field of the request stands; null for the form as a whole.</param>
    /// <param name="done">What to do with the answer.</param>
    /// <param name="formKey">Makes a form sent twice one act: the same key with the same content is done once.</param>
    /// <param name="version">The version the form was filled from; a colleague's change in between refuses the command.</param>
    protected async Task<bool> TryAsync<TResult>(IRequest<TResult> request, Func<string, string?> fieldOf, Action<TResult>? done = null, string? formKey = null, int? version = null)
    {
        try
        {
            if (OnlyRehearses && request is ICommand<TResult> command)
            {
                Rehearsed = await dispatcher.Rehearse(command, Actor, HttpContext.RequestAborted, version);
                return false;
            }

            var result = await dispatcher.Send(request, Actor, HttpContext.RequestAborted, formKey is null ? null : await KeyAsync(formKey), version);
            done?.Invoke(result);
            return true;
        }
        catch (InvalidInput invalid)
        {
            foreach (var error in invalid.Errors)
            {
                ModelState.AddModelError(fieldOf(error.Field) ?? "", error.Text);
            }
        }
        catch (RuleViolation refused)
        {
            ModelState.AddModelError(FieldOfRule(refused) ?? "", refused.Text);
        }
        catch (Conflict conflict)
        {
            WasStale = conflict.Code == "version.stale";
            ModelState.AddModelError("", conflict.Text);
        }

        return false;
    }

    /// <summary>The field that mends a refusal by a rule; null where no field of the page does.</summary>
    protected virtual string? FieldOfRule(RuleViolation refused) => null;

    /// <summary>Said at the top of the page that follows.</summary>
    protected void Say(string done) => TempData["Done"] = done;

    protected static string NewFormKey() => Guid.CreateVersion7().ToString("N");

    /// <summary>What was edited and sent again is another act, therefore the content is part of the key.</summary>
    private async Task<IdempotencyKey> KeyAsync(string formKey)
    {
        var form = await Request.ReadFormAsync(HttpContext.RequestAborted);
        var content = new StringBuilder();
        foreach (var field in form.Where(field => field.Key != "__RequestVerificationToken").OrderBy(field => field.Key, StringComparer.Ordinal))
        {
            content.Append(field.Key).Append('\n').AppendJoin('\n', field.Value.ToArray()).Append('\n');
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content.ToString())));
        var key = formKey.Length <= 64 ? formKey : formKey[..64];
        return new($"staff:{Actor.Staff}", Request.Path, $"{key}.{hash}", hash);
    }
}
