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

    /// <summary>Where the expert says that a dictated report is right.</summary>
    public static string ToDictated(VisitId visit, Track track) => $"/reports/{visit}/dictated?track={track}";

    public static string ToShortNotice(CaseId id, VisitId visit, string act) => $"{QueueRows.LinkTo(id)}/visits/{visit}/today?act={act}";
}
