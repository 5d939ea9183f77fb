namespace Consultation.Mail;

/// <summary>
/// A bell between the requests and the mail dispatcher of one process: a commit that wrote mail rings it, so that nobody waits for the next
/// tick. Rings that come while it is already ringing are one; a ring that nobody hears costs nothing, for the tick comes anyway. What was written
/// here is also to be told to the other nodes (<c>Work/MailBell.cs</c>); a ring that comes from there stays here.
/// </summary>
public sealed class MailWake
{
    private readonly SemaphoreSlim bell = new(0, 1);
    private readonly SemaphoreSlim written = new(0, 1);

    /// <summary>Names this process among the nodes, so that it does not wake itself twice.</summary>
    public string Node { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Mail was written in this process.</summary>
    public void Ring()
    {
        Release(bell);
        Release(written);
    }

    /// <summary>Mail was written on another node.</summary>
    public void RingFromElsewhere() => Release(bell);

    public Task HeardAsync(CancellationToken cancellationToken) => bell.WaitAsync(cancellationToken);

    /// <summary>Since it was last asked, this process has written mail; several commits are one.</summary>
    public Task WrittenAsync(CancellationToken cancellationToken) => written.WaitAsync(cancellationToken);

    private static void Release(SemaphoreSlim one)
    {
        try
        {
            one.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is ringing already.
        }
    }
}
