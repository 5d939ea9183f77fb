using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Topics;

namespace Consultation.Visits;

/// <summary>A visit was held or confirmed: a date is found.</summary>
public sealed record VisitBooked(CaseId Case, VisitId Visit) : IDomainEvent;

/// <summary>A visit will not take place, or did not: cancelled by somebody, run out as a hold, or nobody was there.</summary>
public sealed record VisitCancelled(CaseId Case, VisitId Visit, VisitState State) : IDomainEvent;

/// <summary>A visit took place, by the word of whoever knows; its report is another matter (design §2).</summary>
/// <param name="On">The day in Japan.</param>
public sealed record VisitTookPlace(CaseId Case, VisitId Visit, DateOnly On) : IDomainEvent;

/// <summary>One ministry's report was filed.</summary>
public sealed record ReportFiled(CaseId Case, VisitId Visit, Track Track, ReportNext Next) : IDomainEvent;

/// <summary>What one ministry's report said of the next visit stands no more: it was sent back, or closed as not filed.</summary>
public sealed record ReportWithdrawn(CaseId Case, VisitId Visit, Track Track) : IDomainEvent;
