namespace Consultation.Routing.Assignment;

internal sealed class Grid
{
    public static Grid Of(Backlog backlog) => throw new NotImplementedException();
}
