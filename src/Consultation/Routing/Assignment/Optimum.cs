namespace Consultation.Routing.Assignment;

public static class Optimum
{
    public const int UsualSteps = 2_000;

    /// <summary>The answer of least cost, with the proof.</summary>
    /// <param name="mostSteps">Where the search for pairs ends without a proof; counted and not timed, so that the answer stays the same on any machine.</param>
    public static AssignmentPlan Of(Backlog backlog, int mostSteps = UsualSteps) => throw new NotImplementedException();
}
