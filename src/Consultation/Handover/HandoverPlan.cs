using Consultation.Cases;
using Consultation.Experts;
using Consultation.FollowUps;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Routing.Board;
using Consultation.Topics;
using Consultation.Visits;

namespace Consultation.Handover;

public readonly record struct HandoverPlanId(Guid Value) : IStrongId<HandoverPlanId>
{
    public static HandoverPlanId New() => new(Guid.CreateVersion7());
    public static HandoverPlanId From(Guid value) => new(value);
    public static HandoverPlanId Parse(string s, IFormatProvider? provider) => StrongId.Parse<HandoverPlanId>(s);
    public static bool TryParse(string? s, IFormatProvider? provider, out HandoverPlanId result) => StrongId.TryParse(s, out result);
    public override string ToString() => Value.ToString();
}

public enum HandoverState { Proposed, Approved, Undone }

/// <summary>A booked visit; Japan time.</summary>
/// <param name="InAbsence">False for one after the return: it goes with its track.</param>
public sealed record HandoverVisit(VisitId Visit, int Ordinal, DateTimeOffset Start, DateTimeOffset End, VisitMode Mode, bool InAbsence);

/// <summary>One track that cannot wait for the expert to come back.</summary>
/// <param name="Offer">The question that the expert has open, or said yes to.</param>
/// <param name="Asked">Open: nobody has said yes yet, and another expert is simply asked.</param>
/// <param name="Visits">All that are booked; none where only its first date falls due in the absence.</param>
public sealed record HandoverItem(CaseId Case, string Number, Track Track, OfferId Offer, bool Asked, IReadOnlyList<HandoverVisit> Visits)
{
    internal bool IsSameAs(HandoverItem now) => Offer == now.Offer && Asked == now.Asked && Visits.SequenceEqual(now.Visits);
}

/// <summary>A date of a follow-up that the expert was to ask about and that falls into the absence; the desk asks instead.</summary>
public sealed record HandoverFollowUp(FollowUpId FollowUp, CaseId Case, string Number, FollowUpKind Kind, DateOnly DueOn);

/// <summary>What the approval did for one item.</summary>
/// <param name="Visits">Those that the substitute goes to.</param>
public sealed record HandoverDone(CaseId Case, Track Track, ExpertId To, OfferId Offer, bool Asked, IReadOnlyList<VisitId> Visits);

/// <summary>
/// What stands in an expert's absence and who is to take it over (journey J14): proposed by the solver, approved once and as a whole, taken back
/// once when the expert returns.
/// </summary>
public sealed class HandoverPlan
{
    private HandoverPlan()
    {
    }

    /// <param name="district">Slug of the district whose cases were looked at; null for the whole country.</param>
    internal HandoverPlan(ExpertId expert, DateTimeOffset from, DateTimeOffset to, string? district, HandoverContent content, Actor actor, DateTimeOffset now)
    {
        Id = HandoverPlanId.New();
        ExpertId = expert;
        StartsAt = from.ToUniversalTime();
        EndsAt = to.ToUniversalTime();
        District = district;
        Items = [.. content.Items];
        FollowUps = [.. content.FollowUps];
        Content = content.Plan;
        Elsewhere = content.Elsewhere;
        MadeAt = now.ToUniversalTime();
        MadeBy = actor.Name;
        Version = 1;
    }

    public HandoverPlanId Id { get; private set; }
    public ExpertId ExpertId { get; private set; }
    public DateTimeOffset StartsAt { get; private set; }
    public DateTimeOffset EndsAt { get; private set; }
    public DateTimeOffset MadeAt { get; private set; }
    public string MadeBy { get; private set; } = "";
    public string? District { get; private set; }

    /// <summary>Tracks of other districts that cannot wait either, and are not the actor's to pass on.</summary>
    public int Elsewhere { get; private set; }
    public List<HandoverItem> Items { get; private set; } = [];
    public List<HandoverFollowUp> FollowUps { get; private set; } = [];

    /// <summary>Everybody who was judged; its needs are the items in the same order, and its optimal proposal is what is proposed.</summary>
    public PlanContent Content { get; private set; } = null!;
    public List<HandoverDone> Done { get; private set; } = [];
    public HandoverState State { get; private set; }

    /// <summary>How it is known that the substitutes agree (電話で了解).</summary>
    public string? Source { get; private set; }
    public DateTimeOffset? ApprovedAt { get; private set; }
    public string? ApprovedBy { get; private set; }
    public DateTimeOffset? UndoneAt { get; private set; }
    public string? UndoneBy { get; private set; }
    public int Version { get; private set; }

    public ExpertId? ProposedFor(int item) => Content.Optimal.Choices[item] is { } choice ? Content.Experts[choice.Expert].Id : null;

    /// <returns>False where it is approved already: a repeat.</returns>
    /// <exception cref="RuleViolation"><c>handover.undone</c></exception>
    internal bool CanApprove() => State switch
    {
        HandoverState.Proposed => true,
        HandoverState.Approved => false,
        _ => throw new RuleViolation("handover.undone", UndoneBy, JapaneseDate.ShortTime(UndoneAt!.Value)),
    };

    internal void Approve(IEnumerable<HandoverDone> done, string source, Actor actor, DateTimeOffset now)
    {
        Done = [.. done];
        State = HandoverState.Approved;
        Source = source;
        ApprovedAt = now.ToUniversalTime();
        ApprovedBy = actor.Name;
        Version++;
    }

    /// <returns>False where it is undone already.</returns>
    /// <exception cref="RuleViolation"><c>handover.not_approved</c></exception>
    internal bool CanUndo() => State switch
    {
        HandoverState.Approved => true,
        HandoverState.Undone => false,
        _ => throw new RuleViolation("handover.not_approved"),
    };

    internal void Undo(Actor actor, DateTimeOffset now)
    {
        State = HandoverState.Undone;
        UndoneAt = now.ToUniversalTime();
        UndoneBy = actor.Name;
        Version++;
    }
}
