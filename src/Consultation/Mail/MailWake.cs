namespace Consultation.Mail;

/// <summary>
/// A bell between the requests and the mail dispatcher of one process: a commit that wrote mail rings it, so that nobody waits for the next
/// tick. Rings that come while it is already ringing are one; a ring that nobody hears costs nothing, for the tick comes anyway.
/// </summary>
public sealed class MailWake
{
    private readonly SemaphoreSlim bell = new(0, 1);

    public void Ring()
    {
        try
        {
            bell.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is ringing already.
        }
    }

    public Task HeardAsync(CancellationToken cancellationToken) => bell.WaitAsync(cancellationToken);
}
