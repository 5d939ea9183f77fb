using Consultation.Experts;
using Consultation.Mail;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Staff;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Cases;

/// <summary>
/// A mail about a case will never arrive: somebody has to say the same by telephone. An address that the server does not know is doubtful
/// from now on, so that the next letter is a call at once.
/// </summary>
internal sealed class WhenMailBounced(ConsultationDb db, Execution execution, CaseAccess access, ClientLetter letter, CallTasks calls) : INotificationHandler<MailBounced>
{
    /// <summary>A link and nothing else: there is nothing to say by telephone.</summary>
    private const string Survey = "visit-survey";

    public async Task Handle(MailBounced notification, CancellationToken cancellationToken)
    {
        var id = CaseId.From(notification.Reference.Value);
        if (!await db.Set<Case>().AnyAsync(c => c.Id == id, cancellationToken))
        {
            return;
        }

        var found = await access.ForChangeByAnyAsync(id, cancellationToken);
        var occasion = await access.OccasionAsync(found.DeskId, cancellationToken);
        var isClient = string.Equals(found.Email, notification.Recipient, StringComparison.OrdinalIgnoreCase);
        if (isClient && notification.AddressIsWrong)
        {
            found.DoubtEmail(occasion);
        }

        // A mail to one of our own people is not for the client's ears; without a number of theirs the desk looks it up.
        var colleague = isClient ? null : await db.Set<StaffMember>().Where(s => s.Email == notification.Recipient).Select(s => s.Name).FirstOrDefaultAsync(cancellationToken);
        var expert = isClient ? null : await db.Set<Expert>().Where(e => e.Email == notification.Recipient).Select(e => new { e.Name, e.Phone }).FirstOrDefaultAsync(cancellationToken);
        var (whom, phone) = expert is not null ? ($"専門家の{expert.Name}さん", expert.Phone ?? "") : colleague is null ? ("相談者", found.Phone) : ($"{colleague}さん", "");
        // One event writes to the client and to each expert under one key; each letter that is lost is a call of its own.
        var eventKey = $"{notification.Template}/{notification.EventKey}/{notification.Mail}";
        if (notification.Template == Survey)
        {
            const string Lost = "満足度アンケートのメールが届きませんでした";
            await calls.OweAsync(found, CallBackKind.Letter, eventKey,
                $"{Lost}。アンケートは電話ではお伝えできません。相談者のメールアドレスを確かめてください。", found.Phone, Lost, Lost, occasion, cancellationToken);
            execution.Raise(new LetterLost(found.Id, eventKey));
            return;
        }

        await letter.CallInsteadAsync(found, whom == "相談者" ? CallBackKind.Letter : CallBackKind.Colleague, eventKey,
            $"{whom}へのメールが届かなかったため電話で: {notification.Subject}\n\n{LinkLines.Cut(notification.Body)}", phone, occasion, cancellationToken, isClient ? ClientLetter.TitleOf(notification.Subject) : $"{whom}へ: {ClientLetter.TitleOf(notification.Subject)}");
        execution.Raise(new LetterLost(found.Id, eventKey));
    }
}
