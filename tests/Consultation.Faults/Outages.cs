namespace Consultation.Faults;

/// <summary>When something was taken away on purpose: only then may a client be told to come again later (invariant I9).</summary>
internal sealed class Outages
{
    /// <summary>What broke with the fault may be met once more on a connection that nobody has used since.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);
    private readonly List<(DateTimeOffset From, DateTimeOffset To)> past = [];
    private readonly Lock gate = new();
    private int open;
    private DateTimeOffset since;

    public int Count { get; private set; }

    public void Begin()
    {
        lock (gate)
        {
            Count++;
            since = open++ == 0 ? TimeProvider.System.GetUtcNow() : since;
        }
    }

    public void End()
    {
        lock (gate)
        {
            if (--open == 0)
            {
                past.Add((since, TimeProvider.System.GetUtcNow() + Grace));
            }
        }
    }

    /// <summary>Takes something away and gives it back.</summary>
    public async Task DuringAsync(Func<Task> fault)
    {
        Begin();
        try
        {
            await fault();
        }
        finally
        {
            End();
        }
    }

    /// <summary>True where a call that was on its way in this time may have met one.</summary>
    public bool Cover(DateTimeOffset from, DateTimeOffset to)
    {
        lock (gate)
        {
            return (open > 0 && since <= to) || past.Exists(o => o.From <= to && from <= o.To);
        }
    }
}
