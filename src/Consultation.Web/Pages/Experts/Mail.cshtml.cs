using Consultation.Messaging;
using Consultation.Web.Pages.Shared;

namespace Consultation.Web.Pages.Experts;

/// <summary>The ledger of one expert's mail for those who look after experts.</summary>
public sealed class MailModel(Dispatcher dispatcher) : ExpertMailPage(dispatcher)
{
    public Task OnGetAsync(string id) => LookAsync(ExpertId.TryParse(id, null, out var expert) ? expert : throw new NotFound(), $"/experts/{id}/mail");
}
