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
/// Job: sends each expert who chose it one letter with what was gathered since the last, on business days and not before their hour, also where a worker comes
/// up in the night; each expert is a transaction of its own. Answers to how many it saw.
/// </summary>
/// <exception cref="PartlyDone">All others were seen to; these could not be.</exception>
[Requires(Permission.Operate), OutsideTransaction]
public sealed record SendMailDigests(int Most = 200) : ICommand<int>
{
    /// <summary>When a day's digest is made up; what is gathered later stands in the next one, even where a digest is tried again during the day.</summary>
    public static readonly TimeOnly At = new(8, 30);

    internal static DateTimeOffset Until(DateTimeOffset now) => JapanTime.At(JapanTime.DateOf(now), At).ToUniversalTime();
}

internal sealed class SendMailDigestsHandler(ConsultationDb db, Dispatcher dispatcher, Execution execution, DeskBook desks) : IRequestHandler<SendMailDigests, int>
{
    public async Task<int> Handle(SendMailDigests request, CancellationToken cancellationToken)
    {
        var until = SendMailDigests.Until(execution.Now);
        if (execution.Now < until || !(await desks.NationalAsync(cancellationToken)).IsBusinessDay(JapanTime.DateOf(execution.Now)))
        {
            return 0;
        }

        var people = await db.Database.SqlQuery<Guid>($"""
            select g.person as "Value" from (select distinct person from outgoing_mail where state = 'gathered' and digest is null and created_at < {until}) g
            order by exists (select 1 from work_failures f where f.row_id = g.person::text), g.person limit {request.Most}
            """).ToListAsync(cancellationToken);
        return await dispatcher.SendEach(people, person => new SendMailDigest(new(person)), execution.Actor, cancellationToken);
    }
}

/// <summary>
/// Puts what was gathered for one expert into one letter; each gathered letter stands in one digest. Who has left, has no address any more or gave the digest
/// up gets each letter by itself, so that nothing is lost. False where there is nothing.
/// </summary>
[Requires(Permission.Operate)]
public sealed record SendMailDigest(ExpertId Expert) : ICommand<bool>;

internal sealed class SendMailDigestHandler(ConsultationDb db, Execution execution, Outbox outbox, DeskBook desks, MailWake wake) : IRequestHandler<SendMailDigest, bool>
{
    private const string Template = DigestChoice.Letter;

    public async Task<bool> Handle(SendMailDigest request, CancellationToken cancellationToken)
    {
        var (id, person) = (request.Expert, Ref.To(request.Expert));
        // The same lock as whoever changes the choice takes; two workers take turns.
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({person.ToString()}, 83))", cancellationToken);
        var letters = await db.Set<OutgoingMail>()
            .FromSql($"select * from outgoing_mail where person = {person.Value} and state = 'gathered' and digest is null and created_at < {SendMailDigests.Until(execution.Now)} order by created_at, id for update").ToListAsync(cancellationToken);
        if (letters.Count == 0)
        {
            return false;
        }

        var expert = await db.Set<Expert>().AsNoTracking().Where(e => e.Id == id).Select(e => new { e.Name, e.Email, e.Active }).SingleOrDefaultAsync(cancellationToken);
        var chosen = await db.Set<DigestChoice>().AnyAsync(c => c.Person == person, cancellationToken);
        if (expert is not { Active: true, Email: { } email } || !chosen)
        {
            letters.ForEach(letter => letter.GoAlone(execution.Now));
            execution.AfterCommit(wake.Ring);
            return true;
        }

        var about = CaseId.From(letters[0].Reference.Value);
        var desk = await db.Set<Case>().Where(c => c.Id == about).Select(c => (DeskId?)c.DeskId).FirstOrDefaultAsync(cancellationToken);
        var book = await desks.ReadAsync(cancellationToken);
        var digest = outbox.Send(Template, $"{Template}/{person}/{letters[0].Id}", email, person, person, new Dictionary<string, string>
        {
            ["today"] = Wareki.FormatDay(JapanTime.DateOf(execution.Now)),
            ["to"] = expert.Name,
            ["count"] = $"{letters.Count}",
            ["list"] = string.Join("\n\n", letters.Select(letter => $"■ {letter.Subject}\n\n{WithoutSignature(letter.Body)}")),
            ["desk"] = (desk is { } named ? book.Find(named) : null)?.Signature ?? book.Find("national")!.Signature,
        });
        letters.ForEach(letter => letter.GoIn(digest));
        execution.Audit("expert.mail_digest_sent", id, $"{digest}: {letters.Count}");
        return true;
    }

    private static string WithoutSignature(string body)
    {
        var end = body.LastIndexOf("\n--\n", StringComparison.Ordinal);
        return (end < 0 ? body : body[..end]).TrimEnd();
    }
}

/// <summary>A digest will never arrive: each letter in it is lost, and is told of by itself.</summary>
internal sealed class WhenDigestBounced(ConsultationDb db, Execution execution) : INotificationHandler<MailBounced>
{
    public async Task Handle(MailBounced notification, CancellationToken cancellationToken)
    {
        var digest = await db.Set<OutgoingMail>().SingleAsync(m => m.Id == notification.Mail, cancellationToken);
        var letters = await db.Set<OutgoingMail>().Where(m => m.Digest == notification.Mail && m.State == MailState.Gathered).ToListAsync(cancellationToken);
        letters.ForEach(letter => letter.LostWith(digest, execution.Now));
    }
}
