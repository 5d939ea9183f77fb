namespace Consultation.Mail;

/// <summary>
/// The senders of one process, common to all its rounds: together they send no more mails at once than <see cref="MailSettings.Connections"/>, and no domain
/// gets more than half of them. Where somebody stays to see them end, a round that is over leaves behind whoever still waits for an answer, and the next may begin.
/// </summary>
public sealed class MailSenders(MailSettings settings)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, int> underWay = [];
    private readonly List<Task> behind = [];

    /// <summary>Somebody will call <see cref="EndAsync"/> before the process ends; otherwise every round waits for its own.</summary>
    public bool AreSeenToTheEnd { get; set; }

    internal int Most => settings.Connections;

    internal bool AreAllBusy => Guarded(() => underWay.Values.Sum() >= Most);

    /// <summary>Domains that get no further sender now.</summary>
    internal IReadOnlyList<string> FullDomains => Guarded(() => underWay.Where(domain => domain.Value >= MostToOneDomain).Select(domain => domain.Key).ToList());

    private int MostToOneDomain => Math.Max(1, Most / 2);

    /// <summary>Waits for whoever was left behind.</summary>
    public Task EndAsync(CancellationToken cancellationToken) => Task.WhenAll(Guarded(() => behind.ToList())).WaitAsync(cancellationToken);

    /// <summary>Whether there is a sender for this mail; it is taken then, until <see cref="Free"/>.</summary>
    internal bool Takes(LeasedMail mail) => Guarded(() =>
    {
        if (underWay.Values.Sum() >= Most || underWay.GetValueOrDefault(mail.Domain) >= MostToOneDomain)
        {
            return false;
        }

        underWay[mail.Domain] = underWay.GetValueOrDefault(mail.Domain) + 1;
        return true;
    });

    internal void Free(LeasedMail mail) => Guarded(() => --underWay[mail.Domain] == 0 && underWay.Remove(mail.Domain));

    internal void LeaveBehind(Task senders)
    {
        lock (gate)
        {
            behind.Add(senders);
        }
    }

    /// <summary>What went wrong with those who were left behind and have ended meanwhile is told by the round that asks.</summary>
    internal Task EndedAsync()
    {
        var ended = Guarded(() => behind.Where(task => task.IsCompleted).ToList());
        _ = Guarded(() => behind.RemoveAll(ended.Contains));
        return Task.WhenAll(ended);
    }

    private T Guarded<T>(Func<T> look)
    {
        lock (gate)
        {
            return look();
        }
    }
}
