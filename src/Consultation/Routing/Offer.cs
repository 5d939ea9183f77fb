using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Topics;

namespace Consultation.Routing;

public enum OfferState { Open, Accepted, Declined, Expired, Withdrawn }

/// <summary>
/// The question to one expert whether to take one track of a case (打診). At most one is open for a track, by the constraint
/// <c>offers_one_open</c>. What it means for the case is the case's own business; this row keeps who was asked, by whom, and the answer.
/// </summary>
public sealed class Offer
{
    private Offer()
    {
    }

    internal Offer(CaseId caseId, Track track, ExpertId expert, DateTimeOffset respondBy, string? reason, Actor actor, DateTimeOffset now)
    {
        Id = OfferId.New();
        CaseId = caseId;
        Track = track;
        ExpertId = expert;
        OfferedAt = now.ToUniversalTime();
        OfferedBy = actor.Name;
        OfferReason = reason;
        RespondBy = respondBy.ToUniversalTime();
    }

    public OfferId Id { get; private set; }

    /// <summary>How the call to an expert who cannot be mailed is known; that for a mail that bounced goes on after it.</summary>
    internal string CallKey => $"{Offering.Template}/offer/{Id}";
    public CaseId CaseId { get; private set; }
    public Track Track { get; private set; }
    public ExpertId ExpertId { get; private set; }
    public OfferState State { get; private set; } = OfferState.Open;
    public DateTimeOffset OfferedAt { get; private set; }
    public string OfferedBy { get; private set; } = "";

    /// <summary>The same as people are told: a job has no name for them.</summary>
    public string AskedBy => OfferedBy == Board.OfferWaiting.Job ? "自動処理" : $"{OfferedBy}さん";

    /// <summary>Why this expert in spite of an exclusion, or why the track changed hands.</summary>
    public string? OfferReason { get; private set; }

    /// <summary>The first limit for the answer. The running one is the case's acceptance deadline, which a hold moves.</summary>
    public DateTimeOffset RespondBy { get; private set; }
    public DateTimeOffset? AnsweredAt { get; private set; }
    public string? AnsweredBy { get; private set; }

    /// <summary>How the desk learned the answer (電話で受諾); null where the expert answered here.</summary>
    public string? Source { get; private set; }

    /// <summary>Why it was declined or withdrawn.</summary>
    public string? Reason { get; private set; }

    internal void Accept(string? source, Actor actor, DateTimeOffset now) => End(OfferState.Accepted, null, source, actor, now);

    internal void Decline(string reason, string? source, Actor actor, DateTimeOffset now) => End(OfferState.Declined, reason, source, actor, now);

    internal void Expire(Actor actor, DateTimeOffset now) => End(OfferState.Expired, null, null, actor, now);

    /// <summary>The house takes the question back, or takes the track from the one who had accepted.</summary>
    internal void Withdraw(string reason, Actor actor, DateTimeOffset now) => End(OfferState.Withdrawn, reason, null, actor, now);

    /// <summary>The one who had accepted cannot go on; a decline after all, so that the same question is not asked again.</summary>
    internal void HandBack(string reason, string? source, Actor actor, DateTimeOffset now)
    {
        State = State == OfferState.Accepted ? OfferState.Open : throw new RuleViolation("offer.not_accepted");
        Decline(reason, source, actor, now);
    }

    private void End(OfferState state, string? reason, string? source, Actor actor, DateTimeOffset now)
    {
        var ends = State == OfferState.Open || (State == OfferState.Accepted && state == OfferState.Withdrawn);
        State = ends ? state : throw new RuleViolation("offer.closed");
        AnsweredAt = now.ToUniversalTime();
        AnsweredBy = actor.Name;
        Source = source;
        Reason = reason;
    }
}

/// <summary>What an act on an offer leaves: the offer and the case's new state.</summary>
public sealed record OfferResult(
    OfferId Id, CaseId Case, string Number, Track Track, ExpertId Expert, string ExpertName, OfferState State, DateTimeOffset OfferedAt, DateTimeOffset RespondBy,
    DateTimeOffset? AnsweredAt, CaseStatus Status, int Version)
{
    internal static OfferResult Of(Offer offer, Case found, string expertName) => new(
        offer.Id, found.Id, found.Number, offer.Track, offer.ExpertId, expertName, offer.State, offer.OfferedAt,
        found.TrackOf(offer.Track) is { RespondBy: { } respondBy } track && track.OfferId == offer.Id ? respondBy : offer.RespondBy,
        offer.AnsweredAt, found.Status, found.Version);
}
