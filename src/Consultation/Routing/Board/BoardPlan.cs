using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Reference;

namespace Consultation.Routing.Board;

public readonly record struct BoardPlanId(Guid Value) : IStrongId<BoardPlanId>
{
    public static BoardPlanId New() => new(Guid.CreateVersion7());
    public static BoardPlanId From(Guid value) => new(value);
    public static BoardPlanId Parse(string s, IFormatProvider? provider) => StrongId.Parse<BoardPlanId>(s);
    public static bool TryParse(string? s, IFormatProvider? provider, out BoardPlanId result) => StrongId.TryParse(s, out result);
    public override string ToString() => Value.ToString();
}

/// <summary>What has become of a plan: looked at, carried out, taken back as far as nobody had answered.</summary>
public enum BoardPlanState { Proposed, Applied, Undone }

/// <summary>Which of the two proposals of a plan: need by need (<c>Greedy</c>), or the best for all together (<c>Optimal</c>).</summary>
public enum AssignmentChoice { Greedy, Optimal }

/// <summary>
/// A plan for many waiting tracks at once (割当ての一括案, journey J10): who would be asked and why, kept as it was shown. It is applied once and as a
/// whole, and undone once.
/// </summary>
public sealed class BoardPlan
{
    private readonly List<BoardOffer> offers = [];

    private BoardPlan()
    {
    }

    /// <param name="district">Slug of the district whose cases were looked at; null for the whole country.</param>
    internal BoardPlan(PlanContent content, string? district, Actor actor, DateTimeOffset now)
    {
        Id = BoardPlanId.New();
        MadeAt = now.ToUniversalTime();
        MadeBy = actor.Name;
        District = district;
        RuleVersion = Proposals.Version;
        Content = content;
        ContentHash = content.Hash();
        Version = 1;
    }

    public BoardPlanId Id { get; private set; }
    public DateTimeOffset MadeAt { get; private set; }
    public string MadeBy { get; private set; } = "";
    public string? District { get; private set; }
    public string RuleVersion { get; private set; } = "";

    /// <summary>The same for the same data, whoever asks.</summary>
    public string ContentHash { get; private set; } = "";
    public PlanContent Content { get; private set; } = null!;
    public BoardPlanState State { get; private set; }
    public AssignmentChoice? Choice { get; private set; }
    public DateTimeOffset? AppliedAt { get; private set; }
    public string? AppliedBy { get; private set; }
    public DateTimeOffset? UndoneAt { get; private set; }
    public string? UndoneBy { get; private set; }

    /// <summary>Exposed as the ETag.</summary>
    public int Version { get; private set; }
    public IReadOnlyList<BoardOffer> Offers => offers;

    public Proposal ProposalOf(AssignmentChoice choice) => choice == AssignmentChoice.Greedy ? Content.Greedy : Content.Optimal;

    /// <returns>False where this very choice is applied already.</returns>
    /// <exception cref="RuleViolation"><c>assignment.applied</c>: the other choice was applied; <c>assignment.undone</c>.</exception>
    internal bool CanApply(AssignmentChoice choice) => State switch
    {
        BoardPlanState.Proposed => true,
        BoardPlanState.Applied when Choice == choice => false,
        BoardPlanState.Applied => throw new RuleViolation("assignment.applied", AppliedBy, JapaneseDate.ShortTime(AppliedAt!.Value)),
        _ => throw new RuleViolation("assignment.undone", UndoneBy, JapaneseDate.ShortTime(UndoneAt!.Value)),
    };

    internal void Apply(AssignmentChoice choice, IEnumerable<BoardOffer> made, Actor actor, DateTimeOffset now)
    {
        State = BoardPlanState.Applied;
        Choice = choice;
        AppliedAt = now.ToUniversalTime();
        AppliedBy = actor.Name;
        offers.AddRange(made);
        Version++;
    }

    /// <returns>False where it is undone already.</returns>
    /// <exception cref="RuleViolation"><c>assignment.not_applied</c></exception>
    internal bool CanUndo() => State switch
    {
        BoardPlanState.Applied => true,
        BoardPlanState.Undone => false,
        _ => throw new RuleViolation("assignment.not_applied"),
    };

    internal void Undo(Actor actor, DateTimeOffset now)
    {
        State = BoardPlanState.Undone;
        UndoneAt = now.ToUniversalTime();
        UndoneBy = actor.Name;
        Version++;
    }
}

/// <summary>An offer that a plan made.</summary>
/// <param name="deadlineId">The assignment deadline that ended with it, which runs on where the plan is undone.</param>
public sealed class BoardOffer(BoardPlanId planId, OfferId offerId, DeadlineId? deadlineId)
{
    public BoardPlanId PlanId { get; private set; } = planId;
    public OfferId OfferId { get; private set; } = offerId;
    public DeadlineId? DeadlineId { get; private set; } = deadlineId;
}
