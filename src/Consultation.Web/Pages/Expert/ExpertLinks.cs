using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Topics;
using Consultation.Visits;
using Consultation.Web.Pages.Shared;

namespace Consultation.Web.Pages.Expert;

/// <summary>Addresses of the expert's pages.</summary>
public static class ExpertLinks
{
    public static string ToReport(VisitId visit, Track track) => $"/reports/{visit}?track={track}";

    public static string ToShortNotice(CaseId id, VisitId visit, string act) => $"{QueueRows.LinkTo(id)}/visits/{visit}/today?act={act}";
}
