using Consultation.Messaging;
using MediatR;

namespace Consultation.Mail;

/// <summary>
/// Sends whatever is due, until nothing is, several mails at once and no transaction open while it talks to the server
/// (design §4); after half a minute a round is over anyway. Safe to run twice, at any time, on any node. Returns how many mails it tried.
/// </summary>
[Requires(Permission.Operate), OutsideTransaction]
public sealed record DispatchMail : ICommand<int>;

internal sealed class DispatchMailHandler(Dispatcher dispatcher, Execution execution, IMailTransport transport, MailSenders senders, MailSettings settings) : IRequestHandler<DispatchMail, int>
{
    public async Task<int> Handle(DispatchMail request, CancellationToken cancellationToken)
    {
        if (!transport.IsConfigured)
        {
            return 0;
        }

        try
        {
            var tried = await new MailRound(dispatcher, execution.Actor, transport, senders, settings.LongestRound).SendAsync(cancellationToken);
            await senders.EndedAsync();
            return tried;
        }
        finally
        {
            transport.HangUp();
        }
    }
}
