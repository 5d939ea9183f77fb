using Consultation.CaseFile;
using Consultation.Messaging;
using Consultation.Visits;
using Consultation.Web.Pages.Cases;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Visits;

/// <summary>A page that does one thing to one visit of a case.</summary>
public abstract class VisitPage(Dispatcher dispatcher) : CaseActPage(dispatcher)
{
    [BindProperty(SupportsGet = true)]
    public string Visit { get; set; } = "";

    public FileVisit Line { get; private set; } = null!;

    public string When => VisitLines.When(Line);

    protected VisitId VisitId => Consultation.Visits.VisitId.TryParse(Visit, null, out var id) ? id : throw new NotFound();

    protected bool IsOwn => Actor.Role == Role.Expert;

    protected override async Task LookAsync()
    {
        await base.LookAsync();
        Line = Full.Visits.FirstOrDefault(visit => visit.Id == VisitId) ?? throw new NotFound();
    }
}
