using Consultation.Messaging;
using Consultation.Staff;
using Consultation.Web.Pages.Shared;

namespace Consultation.Web.Pages.Settings.Desks;

/// <summary>The first-contact desks with their hours and dates.</summary>
public sealed class IndexModel(Dispatcher dispatcher) : SendingPage(dispatcher)
{
    public IReadOnlyList<DeskLine> Desks { get; private set; } = [];

    public async Task OnGetAsync() => Desks = await AskAsync(new ListDesks());
}
