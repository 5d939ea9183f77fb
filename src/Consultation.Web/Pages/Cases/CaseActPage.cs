using Consultation.CaseFile;
using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Cases;

/// <summary>A page that does one thing to one case: the head of the case above, one form below, and back to the case when it is done.</summary>
public abstract class CaseActPage(Dispatcher dispatcher) : SendingPage(dispatcher)
{
    private CaseFileView? file;

    [BindProperty(SupportsGet = true)]
    public string Id { get; set; } = "";

    public CaseHeadView Head { get; private set; } = null!;

    protected CaseId Case => CaseId.TryParse(Id, null, out var id) ? id : throw new NotFound();

    protected CaseFileView Seen => file!;

    protected FullCase Full => file!.Full!;

    /// <exception cref="NotFound">Another desk's case: it is seen, but nothing but contacts can be done to it.</exception>
    protected virtual async Task LookAsync()
    {
        file = await AskAsync(new GetCase(Case));
        Head = CaseFileWords.Head(file, file.Full ?? throw new NotFound());
    }

    protected async Task<IActionResult> ShowAsync()
    {
        await LookAsync();
        return Page();
    }

    /// <summary>Does it and goes back to the case, or shows the form again with what was typed and what is wrong.</summary>
    protected async Task<IActionResult> DoAsync<TResult>(MediatR.IRequest<TResult> request, Func<string, string?> fieldOf, string done, int? version = null, string? key = null)
    {
        if (ModelState.IsValid && await TryAsync(request, fieldOf, formKey: key, version: version))
        {
            Say(done);
            return Redirect(QueueRows.LinkTo(Case));
        }

        return await ShowAsync();
    }
}
