using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;

namespace Consultation.Visits;

/// <summary>The calendar of one expert under a secret address (journey J22); there is one at most, and the address is kept as a hash.</summary>
public sealed class CalendarFeed
{
    private CalendarFeed()
    {
    }

    internal CalendarFeed(ExpertId expert) => ExpertId = expert;

    public ExpertId ExpertId { get; private set; }
    public byte[] SecretHash { get; private set; } = [];
    public string IssuedBy { get; private set; } = "";
    public DateTimeOffset IssuedAt { get; private set; }

    /// <summary>From now on under this secret alone.</summary>
    internal void Renew(string secret, Actor by, DateTimeOffset now)
    {
        SecretHash = SecretText.HashOf(secret);
        IssuedBy = by.Name;
        IssuedAt = now.ToUniversalTime();
    }
}
