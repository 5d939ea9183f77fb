using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;

namespace Consultation.Mail;

/// <summary>Gives back what was leased and not begun, so that a process that stops leaves nobody waiting for the end of its leases. Returns how many.</summary>
[Requires(Permission.Operate)]
public sealed record ReturnMail(IReadOnlyCollection<LeasedMail> Mails) : ICommand<int>;

internal sealed class ReturnMailHandler(ConsultationDb db) : IRequestHandler<ReturnMail, int>
{
    public async Task<int> Handle(ReturnMail request, CancellationToken cancellationToken)
    {
        var back = new RoundTrip(db);
        var given = back.Rows(
            $"""
            update outgoing_mail m set lease_until = null
            from unnest({request.Mails.Select(mail => mail.Id.Value).ToArray()}::uuid[], {request.Mails.Select(mail => mail.Fence).ToArray()}::int[]) as mine(id, fence)
            where m.id = mine.id and m.fence = mine.fence and m.state in ('waiting', 'attempting', 'deferred')
            returning m.id
            """, row => row.Id<MailId>());
        await back.GoAsync(cancellationToken);
        var trip = new RoundTrip(db);
        Striking.LetOthersTry(trip, given);
        await trip.GoAsync(cancellationToken);
        return given.Count;
    }
}
