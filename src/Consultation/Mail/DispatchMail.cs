using Consultation.Messaging;
using MediatR;

namespace Consultation.Mail;

/// <summary>
/// Sends whatever is due, until nothing is: leases in small batches, four mails at a time, no transaction open while it talks to the server
/// (design §4). Safe to run twice, at any time, on any node. Returns how many mails it tried.
/// </summary>
[Requires(Permission.Operate), OutsideTransaction]
public sealed record DispatchMail : ICommand<int>;

internal sealed class DispatchMailHandler(Dispatcher dispatcher, Execution execution, IMailTransport transport) : IRequestHandler<DispatchMail, int>
{
    private const int Batch = 20;
    private const int AtOnce = 4;

    public async Task<int> Handle(DispatchMail request, CancellationToken cancellationToken)
    {
        var tried = 0;
        while (transport.IsConfigured && !cancellationToken.IsCancellationRequested)
        {
            var leased = await dispatcher.Send(new LeaseMail(Batch), execution.Actor, cancellationToken);
            if (leased.Count == 0)
            {
                break;
            }

            await Parallel.ForEachAsync(leased, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (mail, _) =>
            {
                if (await SendAsync(mail))
                {
                    Interlocked.Increment(ref tried);
                }
            });
        }

        return tried;
    }

    // A mail that was begun is brought to its end even while the process stops, because half a mail may be sent twice.
    private async Task<bool> SendAsync(LeasedMail mail)
    {
        if (!await dispatcher.Send(new MarkAttempting(mail.Id, mail.Fence), execution.Actor, CancellationToken.None))
        {
            return false;
        }

        var delivery = await transport.SendAsync(mail.Envelope);
        await dispatcher.Send(new MarkMail(mail.Id, mail.Fence, delivery), execution.Actor, CancellationToken.None);
        return true;
    }
}
