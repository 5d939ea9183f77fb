namespace Consultation.Web.Pages.Shared;

/// <summary>The free sessions of one organisation in one fiscal year. <paramref name="After"/> speaks of the time after a booking that is being made.</summary>
public sealed record QuotaView(int Limit, int Used, int Held, string FiscalYear, string? Note = null, bool After = false)
{
    public int Left => Limit - Used - Held;
}
