using Consultation.Messaging;

namespace Consultation.Routing.Assignment;

/// <summary>
/// Weak duality as a check of its own: whatever an expert's place is said to be worth, no answer can cost less than what the needs would pay at
/// those prices, less what the places earn above their cost. An answer that costs just that is optimal.
/// </summary>
public static class PriceBound
{
    /// <summary>The bound at any prices; experts not named are free.</summary>
    public static long At(Backlog backlog, IReadOnlyDictionary<ExpertId, long> prices) => throw new NotImplementedException();
}
