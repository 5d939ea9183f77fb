using Consultation.Messaging;
using MediatR;

namespace Consultation.Mail;

/// <summary>
/// Sends whatever is due, until nothing is, several mails at once and no transaction open while it talks to the server
/// (design §4). Safe to run twice, at any time, on any node. Returns how many mails it tried.
/// </summary>
[Requires(Permission.Operate), OutsideTransaction]
public sealed record DispatchMail : ICommand<int>;

internal sealed class DispatchMailHandler(Dispatcher dispatcher, Execution execution, IMailTransport transport, MailSettings settings) : IRequestHandler<DispatchMail, int>
{
    public async Task<int> Handle(DispatchMail request, CancellationToken cancellationToken)
    {
        if (!transport.IsConfigured)
        {
            return 0;
        }

        try
        {
            using var round = new MailRound(dispatcher, execution.Actor, transport, settings.Connections);
            return await round.SendAsync(cancellationToken);
        }
        finally
        {
            transport.HangUp();
        }
    }
}
