using Consultation.Mail;
using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Experts;

/// <summary>
/// How an expert gets letters that are not urgent: together once a business day, or each at once. Whoever goes back to at once gets what was gathered
/// at once. Answers how many letters that released.
/// </summary>
/// <exception cref="NotFound">No such expert, or another's choice.</exception>
[Requires(Permission.KeepAvailability)]
public sealed record ChooseMailDigest(ExpertId Expert, bool Daily) : ICommand<int>;

internal sealed class ChooseMailDigestHandler(ConsultationDb db, Execution execution, MailWake wake) : IRequestHandler<ChooseMailDigest, int>
{
    public async Task<int> Handle(ChooseMailDigest request, CancellationToken cancellationToken)
    {
        if ((!execution.Actor.Can(Permission.ManageExperts) && execution.Actor.Expert != request.Expert) || !await db.Set<Expert>().AnyAsync(e => e.Id == request.Expert, cancellationToken))
        {
            throw new NotFound();
        }

        var person = Ref.To(request.Expert);
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({person.Value.ToString()}, 83))", cancellationToken);
        var choice = await db.Set<DigestChoice>().SingleOrDefaultAsync(c => c.Person == person, cancellationToken);
        if (request.Daily == (choice is not null))
        {
            return 0;
        }

        execution.Audit("expert.mail_digest_chosen", request.Expert, request.Daily ? "daily" : "at once");
        if (choice is null)
        {
            db.Add(new DigestChoice(person, execution.Now.ToUniversalTime()));
            return 0;
        }

        db.Remove(choice);
        var gathered = await db.Set<OutgoingMail>()
            .FromSql($"select * from outgoing_mail where person = {person.Value} and state = 'gathered' and digest is null for update").ToListAsync(cancellationToken);
        gathered.ForEach(mail => mail.GoAlone(execution.Now));
        execution.AfterCommit(wake.Ring);
        return gathered.Count;
    }
}
