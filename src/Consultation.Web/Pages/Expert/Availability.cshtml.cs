using Consultation.Messaging;
using Consultation.Web.Pages.Shared;

namespace Consultation.Web.Pages.Expert;

/// <summary>The expert's own working hours and leave.</summary>
public sealed class AvailabilityModel(Dispatcher dispatcher, DeskClock clock) : AvailabilityPage(dispatcher, clock)
{
    protected override ExpertId Whose => Actor.Expert ?? throw new Forbidden();
}
