using Consultation.Cases;
using Consultation.Experts;
using Consultation.Mail;
using Consultation.Messaging;
using Consultation.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Pipeline;

/// <summary>Reads what a rehearsed command has written, before it is taken back.</summary>
internal static class RehearsedLetters
{
    /// <returns>Beside what was written the cases it tells of.</returns>
    internal static async Task<(Rehearsed Seen, IReadOnlyList<CaseId> Cases)> ReadAsync(ConsultationDb db, Execution execution, Outbox outbox, CancellationToken cancellationToken)
    {
        // A rule that is judged at the commit must refuse a rehearsal too.
        await db.Database.ExecuteSqlAsync($"set constraints all immediate", cancellationToken);
        // The same event writes to the same person once; a repetition would send nothing.
        var keys = outbox.Written.Select(m => m.EventKey).Distinct().ToArray();
        var known = await db.Set<OutgoingMail>().AsNoTracking().Where(m => keys.Contains(m.EventKey)).Select(m => new { m.EventKey, m.Recipient, m.Template }).ToListAsync(cancellationToken);
        var letters = outbox.Written.Where(m => !known.Any(k => (k.EventKey, k.Recipient, k.Template) == (m.EventKey, m.Recipient, m.Template))).DistinctBy(m => (m.EventKey, m.Recipient, m.Template)).ToList();
        // Rows of this very transaction.
        var recalled = await db.Set<OutgoingMail>()
            .FromSql($"select * from outgoing_mail where state = 'discarded' and xmin::text = (pg_current_xact_id()::xid)::text").AsNoTracking().ToListAsync(cancellationToken);
        var calls = await db.Set<CallBack>()
            .FromSql($"select * from call_backs where state = 'open' and event_key is not null and xmin::text = (pg_current_xact_id()::xid)::text").AsNoTracking().ToListAsync(cancellationToken);

        var all = letters.Concat(recalled).ToList();
        var people = all.Where(m => m.Person is not null).Select(m => new ExpertId(m.Person!.Value.Value)).Distinct().ToList();
        var names = await db.Set<Expert>().AsNoTracking().Where(e => people.Contains(e.Id)).ToDictionaryAsync(e => e.Id.Value, e => e.Name, cancellationToken);
        var about = all.Select(m => CaseId.From(m.Reference.Value)).Concat(calls.Select(c => c.CaseId)).Distinct().ToList();
        var cases = await db.Set<Case>().AsNoTracking().Where(c => about.Contains(c.Id)).Select(c => new { c.Id, IsConsented = c.ConsentedAt != null }).ToListAsync(cancellationToken);
        var consented = cases.Where(c => c.IsConsented).Select(c => c.Id.Value).ToHashSet();
        var seen = new Rehearsed([.. letters.Select(Of)], [.. calls.OrderBy(c => c.CallFrom).Select(c => new RehearsedCall(c.Title ?? "", execution.Actor.Role == Role.Expert ? null : c.Phone, c.CallFrom, c.DueAt))], [.. recalled.Select(Of)]);
        return (seen, cases.ConvertAll(c => c.Id));

        RehearsedLetter Of(OutgoingMail mail)
        {
            var sees = mail.Person is not null || CaseAccess.MaySeePerson(execution.Actor, consented.Contains(mail.Reference.Value));
            return new(
                mail.Template, mail.Person is { } person ? names.GetValueOrDefault(person.Value, "専門家") : null, sees ? mail.Recipient : OutboxRow.Masked(mail.Recipient), mail.Subject,
                sees ? LinkLines.Cut(mail.Body, "（送るときに、相談者だけのリンクが入ります）") : "（相談者の同意がないため、本文は表示しません）", mail.Calendar is not null, mail.NotBefore, mail.NotBeforeWhy);
        }
    }
}
