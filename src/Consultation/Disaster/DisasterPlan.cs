using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Visits;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Consultation.Disaster;

public readonly record struct DisasterPlanId(Guid Value) : IStrongId<DisasterPlanId>
{
    public static DisasterPlanId New() => new(Guid.CreateVersion7());
    public static DisasterPlanId From(Guid value) => new(value);
    public static DisasterPlanId Parse(string s, IFormatProvider? provider) => StrongId.Parse<DisasterPlanId>(s);
    public static bool TryParse(string? s, IFormatProvider? provider, out DisasterPlanId result) => StrongId.TryParse(s, out result);
    public override string ToString() => Value.ToString();
}

/// <summary>What becomes of the visits: web meetings at the same time, or given up until a new date is found.</summary>
public enum DisasterWay { Web, PutOff }

/// <summary>Not tried yet; done; refused, with the reason; given back; could not be given back, with the reason; nothing was left to switch.</summary>
public enum DisasterItemState { Waiting, Done, Failed, Undone, Kept, Skipped }

/// <summary>
/// One visit as it was when it was switched, and when the plan was made until then; <see cref="After"/> is its sequence once it was switched, by
/// which a later change is noticed.
/// </summary>
public sealed record DisasterVisit(VisitId Visit, int Ordinal, DateTimeOffset Start, DateTimeOffset End, string? Place, bool Held, int? After = null);

/// <summary>One case with all its visits of the days: one transaction, and one message to its client.</summary>
public sealed record DisasterItem(CaseId Case, string Number, IReadOnlyList<DisasterVisit> Visits, DisasterItemState State = DisasterItemState.Waiting, string? Why = null);

/// <summary>
/// One use of the disaster switch (journey J26): by prefecture and days, with what became of each case. Applying goes on where it stopped and
/// tries again what was refused; undoing gives back what it can, once.
/// </summary>
public sealed class DisasterPlan
{
    private DisasterPlan()
    {
    }

    internal DisasterPlan(string prefecture, DateOnly from, DateOnly to, DisasterWay way, string reason, string? district, IReadOnlyList<DisasterItem> items, Actor actor, DateTimeOffset now)
    {
        Id = DisasterPlanId.New();
        Prefecture = prefecture;
        FromOn = from;
        ToOn = to;
        Way = way;
        Reason = reason;
        District = district;
        Items = [.. items];
        MadeAt = now.ToUniversalTime();
        MadeBy = actor.Name;
        Version = 1;
    }

    public DisasterPlanId Id { get; private set; }

    /// <summary>JIS code.</summary>
    public string Prefecture { get; private set; } = "";
    public DateOnly FromOn { get; private set; }

    /// <summary>The last day, itself included.</summary>
    public DateOnly ToOn { get; private set; }
    public DisasterWay Way { get; private set; }

    /// <summary>Told to clients: 台風, 大雪.</summary>
    public string Reason { get; private set; } = "";
    public string? District { get; private set; }
    public List<DisasterItem> Items { get; private set; } = [];
    public DateTimeOffset MadeAt { get; private set; }
    public string MadeBy { get; private set; } = "";
    public DateTimeOffset? UndoneAt { get; private set; }
    public string? UndoneBy { get; private set; }
    public int Version { get; private set; }

    public int Count(DisasterItemState state) => Items.Count(i => i.State == state);

    /// <summary>What applying still has to do: what it never came to, and what was refused.</summary>
    public IReadOnlyList<CaseId> ToApply => UndoneAt is null ? [.. Items.Where(i => i.State is DisasterItemState.Waiting or DisasterItemState.Failed).Select(i => i.Case)] : [];

    /// <summary>What can be given back, or was refused to be.</summary>
    public IReadOnlyList<CaseId> ToUndo => [.. Items.Where(i => i.State is DisasterItemState.Done or DisasterItemState.Kept).Select(i => i.Case)];

    internal DisasterItem ItemOf(CaseId found) => Items.Single(i => i.Case == found);

    internal void Tell(DisasterItem item)
    {
        Items = [.. Items.Select(i => i.Case == item.Case ? item : i)];
        Version++;
    }

    /// <summary>Nothing is applied from now on.</summary>
    internal void Undo(Actor actor, DateTimeOffset now)
    {
        if (UndoneAt is null)
        {
            UndoneAt = now.ToUniversalTime();
            UndoneBy = actor.Name;
            Version++;
        }
    }
}

internal sealed class DisasterMapping : IEntityTypeConfiguration<DisasterPlan>
{
    public void Configure(EntityTypeBuilder<DisasterPlan> builder)
    {
        builder.ToTable("disaster_plans");
        builder.Ignore(p => p.ToApply).Ignore(p => p.ToUndo);
        builder.Property(p => p.Items).HasJson();
    }
}
