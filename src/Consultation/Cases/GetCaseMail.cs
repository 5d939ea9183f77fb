using Consultation.Experts;
using Consultation.Mail;
using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Cases;

/// <summary>One letter of a case as its reader got it, without the secret of its link. Leaves an audit row of the case.</summary>
/// <exception cref="NotFound">No such letter of a case that the actor may see.</exception>
[Requires(Permission.EditCase)]
public sealed record GetCaseMail(CaseId Case, MailId Mail) : IQuery<ReadLetter>;

public sealed record ReadLetter(LetterRow Row, string Subject, string Body, bool HasCalendar);

internal sealed class GetCaseMailHandler(ConsultationDb db, Execution execution) : IRequestHandler<GetCaseMail, ReadLetter>
{
    public async Task<ReadLetter> Handle(GetCaseMail request, CancellationToken cancellationToken)
    {
        var about = Ref.To(request.Case);
        var mail = await db.Set<Case>().AsNoTracking().Where(c => c.Id == request.Case).AnyAsync(CaseAccess.Visible(execution.Actor), cancellationToken)
            ? await db.Set<OutgoingMail>().AsNoTracking().FirstOrDefaultAsync(m => m.Id == request.Mail && m.Reference == about, cancellationToken) : null;
        if (mail is null)
        {
            throw new NotFound();
        }

        var person = mail.Person is { } known ? new ExpertId(known.Value) : (ExpertId?)null;
        var name = person is null ? null : await db.Set<Expert>().Where(e => e.Id == person).Select(e => e.Name).FirstOrDefaultAsync(cancellationToken) ?? "専門家";
        var digests = await LetterRow.DigestsAsync(db, [mail], cancellationToken);
        execution.Audit("case.mail_viewed", request.Case, $"{mail.Template} {mail.Id}");
        return new(LetterRow.Of(mail, name, whole: true, mayRead: true, subject: true, digests), mail.Subject, LinkLines.Cut(mail.Body, "（リンクは、届いたメールにだけあります）"), mail.Calendar is not null);
    }
}
