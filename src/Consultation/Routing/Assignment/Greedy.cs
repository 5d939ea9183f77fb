namespace Consultation.Routing.Assignment;

/// <summary>
/// What a clerk would do: need by need, the most urgent first, each to the expert who is best at that moment. The
/// yardstick beside <see cref="Optimum"/>.
/// </summary>
public static class Greedy
{
    public static AssignmentPlan Of(Backlog backlog) => throw new NotImplementedException();
}
