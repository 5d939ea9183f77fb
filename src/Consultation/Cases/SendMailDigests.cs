using Consultation.Experts;
using Consultation.Mail;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Staff;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Cases;

/// <summary>
/// Job: sends each expert who chose it one letter with what was gathered since the last, on business days. Each gathered letter stands in one
/// digest. Who has left, has no address any more or gave the digest up gets each letter by itself, so that nothing is lost. Answers how many letters
/// it saw to.
/// </summary>
[Requires(Permission.Operate)]
public sealed record SendMailDigests(int Most = 50) : ICommand<int>;

internal sealed class SendMailDigestsHandler(ConsultationDb db, Execution execution, Outbox outbox, DeskBook desks, MailWake wake) : IRequestHandler<SendMailDigests, int>
{
    private const string Template = DigestChoice.Letter;

    public async Task<int> Handle(SendMailDigests request, CancellationToken cancellationToken)
    {
        var today = JapanTime.DateOf(execution.Now);
        if (!(await desks.NationalAsync(cancellationToken)).IsBusinessDay(today))
        {
            return 0;
        }

        var people = await db.Database.SqlQuery<Guid>(
            $"select distinct person as \"Value\" from outgoing_mail where state = 'gathered' and digest is null order by 1 limit {request.Most}").ToListAsync(cancellationToken);
        var seenTo = 0;
        foreach (var person in people)
        {
            // The same lock as whoever changes the choice takes; two workers take turns.
            await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({person.ToString()}, 83))", cancellationToken);
            var letters = await db.Set<OutgoingMail>()
                .FromSql($"select * from outgoing_mail where person = {person} and state = 'gathered' and digest is null order by created_at, id for update").ToListAsync(cancellationToken);
            seenTo += letters.Count;
            if (letters.Count > 0)
            {
                await SeeToAsync(Ref.From(person), letters, today, cancellationToken);
            }
        }

        return seenTo;
    }

    private async Task SeeToAsync(Ref person, List<OutgoingMail> letters, DateOnly today, CancellationToken cancellationToken)
    {
        var id = new ExpertId(person.Value);
        var expert = await db.Set<Expert>().AsNoTracking().Where(e => e.Id == id).Select(e => new { e.Name, e.Email, e.Active }).SingleOrDefaultAsync(cancellationToken);
        var chosen = await db.Set<DigestChoice>().AnyAsync(c => c.Person == person, cancellationToken);
        if (expert is not { Active: true, Email: { } email } || !chosen)
        {
            letters.ForEach(letter => letter.GoAlone(execution.Now));
            execution.AfterCommit(wake.Ring);
            return;
        }

        var about = CaseId.From(letters[0].Reference.Value);
        var desk = await db.Set<Case>().Where(c => c.Id == about).Select(c => (DeskId?)c.DeskId).FirstOrDefaultAsync(cancellationToken);
        var book = await desks.ReadAsync(cancellationToken);
        var digest = outbox.Send(Template, $"{Template}/{person}/{letters[0].Id}", email, person, person, new Dictionary<string, string>
        {
            ["today"] = Wareki.FormatDay(today),
            ["to"] = expert.Name,
            ["count"] = $"{letters.Count}",
            ["list"] = string.Join("\n\n", letters.Select(letter => $"■ {letter.Subject}\n\n{WithoutSignature(letter.Body)}")),
            ["desk"] = (desk is { } named ? book.Find(named) : null)?.Signature ?? book.Find("national")!.Signature,
        });
        letters.ForEach(letter => letter.GoIn(digest));
        execution.Audit("expert.mail_digest_sent", id, $"{digest}: {letters.Count}");
    }

    private static string WithoutSignature(string body)
    {
        var end = body.LastIndexOf("\n--\n", StringComparison.Ordinal);
        return (end < 0 ? body : body[..end]).TrimEnd();
    }
}

/// <summary>A digest will never arrive: each letter in it is lost, and becomes what a lost letter becomes.</summary>
internal sealed class WhenDigestBounced(ConsultationDb db, Execution execution) : INotificationHandler<MailBounced>
{
    public async Task Handle(MailBounced notification, CancellationToken cancellationToken)
    {
        var letters = await db.Set<OutgoingMail>().Where(m => m.Digest == notification.Mail && m.State == MailState.Gathered).OrderBy(m => m.CreatedAt).ToListAsync(cancellationToken);
        foreach (var letter in letters)
        {
            letter.LostWith(MailState.Bounced);
            execution.Raise(new MailBounced(letter.Id, letter.Reference, letter.EventKey, letter.Template, letter.Recipient, letter.Subject, letter.Body, notification.AddressIsWrong));
        }
    }
}
