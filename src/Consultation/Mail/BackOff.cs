namespace Consultation.Mail;

/// <summary>
/// How long a mail waits after its n-th failed try: doubling from a minute, then every eight hours, 72 hours in all (design §4). Counted in
/// tries and not from the first day, so that a worker that was down for two days has burnt none.
/// </summary>
internal static class BackOff
{
    private static readonly TimeSpan[] Waits =
    [
        .. new[] { 1, 2, 4, 8, 15, 30, 60, 120, 240, 480 }.Select(m => TimeSpan.FromMinutes(m)),
        .. Enumerable.Repeat(TimeSpan.FromHours(8), 7),
    ];

    public static TimeSpan InAll => Waits.Aggregate(TimeSpan.Zero, (sum, wait) => sum + wait);

    /// <summary>Null where the patience is at its end.</summary>
    public static TimeSpan? After(int attempts) => attempts <= Waits.Length ? Waits[Math.Max(attempts, 1) - 1] : null;
}
