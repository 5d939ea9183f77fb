using System.Diagnostics;
using Consultation.Messaging;

namespace Consultation.Mail;

/// <summary>
/// One round of sending: the senders take leased mails from a common tray and fill it again when it is empty. One that meets a server which
/// keeps it waiting costs its own time and nobody else's: the others go on and look for new mail, in the next round too.
/// </summary>
internal sealed class MailRound(Dispatcher dispatcher, Actor actor, IMailTransport transport, MailSenders senders, TimeSpan longest)
{
    private const int Batch = 20;
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(200);

    // What became of a mail is worth more than one try: unmarked it would be sent a second time.
    private static readonly TimeSpan MarkAgain = TimeSpan.FromSeconds(1);
    private const int MarkTries = 40;

    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly List<LeasedMail> tray = [];
    private readonly long begun = Stopwatch.GetTimestamp();
    private long? looked;
    private int underWay;
    private int tried;

    // A round under a steady stream of mail would never end, and nobody would hear that it lives.
    private bool IsOver => Stopwatch.GetElapsedTime(begun) > longest;

    public async Task<int> SendAsync(CancellationToken cancellationToken)
    {
        var all = AllAsync(cancellationToken);
        if (senders.AreSeenToTheEnd)
        {
            await all.WaitAsync(longest + LookAgain, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!all.IsCompleted)
            {
                // They are all waiting for answers.
                senders.LeaveBehind(all);
                await InTurnAsync(GiveBackAsync);
                return tried;
            }
        }

        await all;
        return tried;
    }

    private async Task AllAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(Enumerable.Range(0, senders.Most).Select(_ => SenderAsync(cancellationToken)));
        }
        finally
        {
            await InTurnAsync(GiveBackAsync);
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
                senders.Free(mail);
                await InTurnAsync(() =>
                {
                    // What the last one learned may have opened the way for others.
                    looked = --underWay == 0 ? null : looked;
                    return Task.CompletedTask;
                });
            }
        }
    }

    /// <summary>The next mail to send, as soon as there is one; null when nothing is due and nobody else is sending, or the round is to end.</summary>
    private async Task<LeasedMail?> NextAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested && !IsOver)
        {
            LeasedMail? mail = null;
            var isIdle = false;
            await InTurnAsync(async () =>
            {
                mail = Picked();
                if (mail is null && !senders.AreAllBusy && (looked is not { } at || Stopwatch.GetElapsedTime(at) > LookAgain))
                {
                    var leased = await dispatcher.Send(new LeaseMail(Batch, senders.FullDomains), actor, CancellationToken.None);
                    tray.AddRange(leased);
                    looked = leased.Count == Batch ? null : Stopwatch.GetTimestamp();
                    mail = Picked();
                }

                // With all senders left behind by earlier rounds nobody has looked whether something is due.
                isIdle = underWay == 0 && tray.Count == 0 && !senders.AreAllBusy;
            });
            if (mail is not null || isIdle)
            {
                return mail;
            }

            await Task.Delay(LookAgain / 4, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        // Others may send what is left while the slowest of this round still waits for an answer.
        await InTurnAsync(GiveBackAsync);
        return null;
    }

    private LeasedMail? Picked()
    {
        if (tray.FirstOrDefault(senders.Takes) is not { } mail)
        {
            return null;
        }

        tray.Remove(mail);
        underWay++;
        return mail;
    }

    private async Task GiveBackAsync()
    {
        if (tray.Count > 0)
        {
            await dispatcher.Send(new ReturnMail([.. tray]), actor, CancellationToken.None);
            tray.Clear();
        }
    }

    private async Task InTurnAsync(Func<Task> act)
    {
        await turn.WaitAsync(CancellationToken.None);
        try
        {
            await act();
        }
        finally
        {
            turn.Release();
        }
    }

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
