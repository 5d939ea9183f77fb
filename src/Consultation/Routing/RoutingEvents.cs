using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Topics;

namespace Consultation.Routing;

/// <summary>A track is no longer the expert's who held it; rooms above part with what this expert still had in it.</summary>
/// <param name="ByExpert">The expert handed it back; else the house took it.</param>
public sealed record TrackTakenBack(CaseId Case, Track Track, ExpertId Expert, bool ByExpert = false) : IDomainEvent;
