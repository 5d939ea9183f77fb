using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Topics;

namespace Consultation.Routing;

/// <summary>An expert took a track of a case.</summary>
public sealed record OfferAccepted(CaseId Case, Track Track, OfferId Offer, ExpertId Expert) : IDomainEvent;

/// <summary>A track was taken from the expert who held it; rooms above part with what this expert still had in it.</summary>
public sealed record TrackTakenBack(CaseId Case, Track Track, ExpertId Expert) : IDomainEvent;
