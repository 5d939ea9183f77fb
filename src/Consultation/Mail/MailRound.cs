using System.Diagnostics;
using Consultation.Messaging;

namespace Consultation.Mail;

/// <summary>
/// One round of sending: a few senders side by side take leased mails from a common tray and fill it again when it is empty. One that meets a server which
/// keeps it waiting costs its own time and nobody else's; while it waits the others go on and look for new mail. No domain gets more than half of the senders.
/// </summary>
internal sealed class MailRound(Dispatcher dispatcher, Actor actor, IMailTransport transport, int senders) : IDisposable
{
    private const int Batch = 20;

    // A round under a steady stream of mail would never end, and nobody would hear that it lives.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(200);

    // What became of a mail is worth more than one try: unmarked it would be sent a second time.
    private static readonly TimeSpan MarkAgain = TimeSpan.FromSeconds(1);
    private const int MarkTries = 40;

    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly List<LeasedMail> tray = [];
    private readonly Dictionary<string, int> underWay = [];
    private readonly long begun = Stopwatch.GetTimestamp();
    private long? looked;
    private int tried;

    private int MostToOneDomain => Math.Max(1, senders / 2);

    public void Dispose() => turn.Dispose();

    public async Task<int> SendAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(Enumerable.Range(0, senders).Select(_ => SenderAsync(cancellationToken)));
            return tried;
        }
        finally
        {
            if (tray.Count > 0)
            {
                await dispatcher.Send(new ReturnMail([.. tray]), actor, CancellationToken.None);
            }
        }
    }

    private async Task SenderAsync(CancellationToken cancellationToken)
    {
        while (await NextAsync(cancellationToken) is { } mail)
        {
            try
            {
                if (await SendAsync(mail))
                {
                    Interlocked.Increment(ref tried);
                }
            }
            finally
            {
                await turn.WaitAsync(CancellationToken.None);
                _ = --underWay[mail.Domain] == 0 && underWay.Remove(mail.Domain);
                // What the last one learned may have opened the way for others.
                looked = underWay.Count == 0 ? null : looked;
                turn.Release();
            }
        }
    }

    /// <summary>The next mail to send, as soon as there is one; null when nothing is due and nobody else is sending, or the round is to end.</summary>
    private async Task<LeasedMail?> NextAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await turn.WaitAsync(CancellationToken.None);
            try
            {
                var isLate = Stopwatch.GetElapsedTime(begun) > Longest;
                if (Picked() is null && !isLate && (looked is not { } at || Stopwatch.GetElapsedTime(at) > LookAgain))
                {
                    var full = underWay.Where(domain => domain.Value >= MostToOneDomain).Select(domain => domain.Key).ToList();
                    var leased = await dispatcher.Send(new LeaseMail(Batch, full), actor, CancellationToken.None);
                    tray.AddRange(leased);
                    looked = leased.Count == Batch ? null : Stopwatch.GetTimestamp();
                }

                if (!isLate && Picked() is { } mail)
                {
                    tray.Remove(mail);
                    underWay[mail.Domain] = underWay.GetValueOrDefault(mail.Domain) + 1;
                    return mail;
                }

                if (isLate && tray.Count > 0)
                {
                    // Others may send them while the slowest of this round still waits for an answer.
                    LeasedMail[] back = [.. tray];
                    tray.Clear();
                    await dispatcher.Send(new ReturnMail(back), actor, CancellationToken.None);
                }

                if (isLate || (underWay.Count == 0 && tray.Count == 0))
                {
                    return null;
                }
            }
            finally
            {
                turn.Release();
            }

            await Task.Delay(LookAgain / 4, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return null;
    }

    private LeasedMail? Picked() => tray.FirstOrDefault(mail => underWay.GetValueOrDefault(mail.Domain) < MostToOneDomain);

    // A mail that was begun is brought to its end even while the process stops, because half a mail may be sent twice.
    private async Task<bool> SendAsync(LeasedMail mail)
    {
        if (!await dispatcher.Send(new MarkAttempting(mail.Id, mail.Fence), actor, CancellationToken.None))
        {
            return false;
        }

        var mark = new MarkMail(mail.Id, mail.Fence, await transport.SendAsync(mail.Envelope));
        for (var again = 1; ; again++)
        {
            try
            {
                await dispatcher.Send(mark, actor, CancellationToken.None);
                return true;
            }
            catch (Exception failure) when (failure is not Failure or Conflict { Code: "busy" } && again < MarkTries)
            {
                await Task.Delay(MarkAgain, CancellationToken.None);
            }
        }
    }
}
