using Consultation.Audit;
using Consultation.Messaging;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Audit;

/// <summary>Is the record as it was written? Walks the chain on demand, because that reads every row (journey J43).</summary>
public sealed class ChainModel(Dispatcher dispatcher, TimeProvider clock) : SendingPage(dispatcher)
{
    public AuditProof? Proof { get; private set; }

    public DateTimeOffset Now => clock.GetUtcNow();

    public void OnGet()
    {
        if (!Actor.Can(Permission.ViewAudit))
        {
            throw new Forbidden();
        }
    }

    public async Task<IActionResult> OnPostAsync()
    {
        Proof = await AskAsync(new VerifyAudit());
        return Page();
    }
}
