using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Topics;

namespace Consultation.Visits;

public sealed record ComingExpert(Track Track, ExpertId Expert);

/// <summary>
/// What every change of a visit answers: the visit as it now is. <c>Version</c> is that of its case, because a visit changes only with it.
/// </summary>
public sealed record ChangedVisit(
    VisitId Id, CaseId Case, string CaseNumber, CaseStatus CaseStatus, int Ordinal, DateTimeOffset Start, DateTimeOffset End, VisitMode Mode, string? Place, VisitStage Stage,
    VisitState State, DateTimeOffset? HoldExpiresAt, IReadOnlyList<ComingExpert> Experts, bool ConsumesQuota, int? QuotaLeft, int? Minutes, string? Source,
    CancelledBy? CancelledBy, string? Reason, int Sequence, int Version,
    string? QuotaReason = null, bool QuotaCounted = false)
{
    /// <param name="reader">Whom the answer is for.</param>
    /// <param name="quotaLeft">Consultations left in the year of the visit; null where the account was not asked.</param>
    public static ChangedVisit Of(Visit visit, Case found, Actor reader, int? quotaLeft) => new(
        visit.Id, found.Id, found.Number, found.Status, visit.Ordinal, visit.Plan.Start, visit.Plan.End, visit.Mode,
        VisitWords.PlaceSeen(visit.Mode, visit.Place, CaseAccess.MaySeePerson(reader, found.ConsentedAt is not null)), visit.Stage, visit.State, visit.HoldExpiresAt, [.. visit.Experts.OrderBy(e => e.Track).Select(e => new ComingExpert(e.Track, e.ExpertId))], visit.ConsumesQuota, quotaLeft,
        visit.Minutes, visit.Source, visit.CancelledBy, visit.Reason, visit.Sequence, found.Version,
        visit.QuotaReason, visit.IsCounted);
}

/// <summary>What every change of a report answers.</summary>
public sealed record ChangedReport(
    VisitId Visit, CaseId Case, CaseStatus CaseStatus, Track Track, ExpertId Expert, ReportState State, ReportNext Next, string Text, IReadOnlyList<string> Topics, string? Source,
    bool Confirmed, string? Review, ReportFacts Facts, int Version)
{
    public static ChangedReport Of(SessionReport report, Case found) => new(
        report.VisitId, found.Id, found.Status, report.Track, report.ExpertId, report.State, report.Next, report.Text, report.Topics, report.Source, report.Confirmed, report.Review, report.Facts, found.Version);
}
