using Consultation.Messaging;
using Consultation.Staff;
using Consultation.Web.Pages.Shared;

namespace Consultation.Web.Pages.Settings;

/// <summary>Who may act.</summary>
public sealed class PeopleModel(Dispatcher dispatcher) : SendingPage(dispatcher)
{
    public IReadOnlyList<PersonRow> People { get; private set; } = [];

    public async Task OnGetAsync() => People = await AskAsync(new ListPeople());
}
