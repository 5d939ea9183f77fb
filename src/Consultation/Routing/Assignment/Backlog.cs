using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Topics;

namespace Consultation.Routing.Assignment;

/// <summary>An expert who may take a need. Whoever is not named among the fits of a need cannot have it.</summary>
/// <param name="Cost">In the caller's points, less is better; may be negative. At most <see cref="Backlog.HighestCost"/> either way.</param>
/// <param name="TakesPlace">False where the expert already stands in the very case by its other track: the case is counted already.</param>
public readonly record struct Fit(ExpertId Expert, long Cost, bool TakesPlace = true);

/// <summary>One waiting track of one case. Two needs of one case may be met by one person, who then takes one place and earns the bonus.</summary>
/// <param name="Penalty">What leaving it unassigned costs, in the same points; not negative. <see cref="Urgency"/> sets it by age.</param>
public sealed record Need(CaseId Case, Track Track, long Penalty, IReadOnlyList<Fit> Fits);

/// <summary>The free places of an expert: capacity less open cases. An expert without any is left with an empty list.</summary>
/// <param name="PlaceCosts">
/// What the first, second … new case costs beside the fit, never falling from one place to the next, so that load spreads. Between 0 and
/// <see cref="Backlog.HighestCost"/>.
/// </param>
public sealed record ExpertPlaces(ExpertId Expert, IReadOnlyList<long> PlaceCosts);

/// <summary>
/// What waits, who could take it and what that costs. A backlog that exists is sound: its limits keep every sum within 64 bits. The order of
/// the lists means nothing; needs stand by penalty (highest first), case and track, experts by id, and so all answers are the same however
/// the data arrive.
/// </summary>
public sealed class Backlog
{
    public const long HighestCost = 1_000_000;
    public const long HighestSumOfPenalties = 1_000_000_000_000_000_000;
    public const int MostNeeds = 100_000;
    public const int MostPlaces = 1_000_000;

    /// <param name="onePersonBonus">Taken off where one person fills both tracks of a case; between 0 and <see cref="HighestCost"/>.</param>
    /// <exception cref="ArgumentException">
    /// A limit is passed; place costs fall; a need, an expert or a fit stands twice; a fit names an expert who is not in the list; a fit takes
    /// no place though both tracks of the case wait.
    /// </exception>
    public Backlog(IReadOnlyList<Need> needs, IReadOnlyList<ExpertPlaces> experts, long onePersonBonus)
    {
        Needs = needs;
        Experts = experts;
        OnePersonBonus = onePersonBonus;
        Grid = Grid.Of(this);
    }

    public IReadOnlyList<Need> Needs { get; }
    public IReadOnlyList<ExpertPlaces> Experts { get; }
    public long OnePersonBonus { get; }

    internal Grid Grid { get; }
}
