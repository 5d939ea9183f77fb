using Consultation.Experts;
using Consultation.Mail;
using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Cases;

/// <summary>
/// The ledger of one case (送受信の記録): which letter went to whom and what became of it, what is told by telephone in its place, and the mails that
/// people wrote down. An expert sees the client's letters and the own ones. Every view leaves an audit row.
/// </summary>
/// <exception cref="NotFound">No such case among those the actor may see.</exception>
[Requires(Permission.ViewCases)]
public sealed record ListCaseMail(CaseId Case) : IQuery<CaseMail>;

/// <param name="Held">Nothing goes out of this house until an operator releases it (after a restore).</param>
/// <param name="Letters">Newest first, the newest 200.</param>
public sealed record CaseMail(string Number, bool Held, IReadOnlyList<LetterRow> Letters, IReadOnlyList<ToldByCall> Calls, IReadOnlyList<WrittenContact> Contacts);

/// <param name="Expert">The expert it goes to; null for the client.</param>
/// <param name="Recipient">The address, masked for whoever may not see the client's.</param>
/// <param name="Version">Of its words; null where unknown.</param>
/// <param name="NextAt">When it is to be tried next; null where nothing is to come.</param>
/// <param name="NotBeforeWhy">Why it was held back when it was written.</param>
/// <param name="DigestState">What became of the digest that carried it; null where none did.</param>
/// <param name="CanBeRead">The text may be opened.</param>
public sealed record LetterRow(
    MailId Id, string Template, int? Version, string? Expert, string Recipient, string? Subject, MailState State, bool PossiblyTwice, int Attempts, DateTimeOffset CreatedAt, DateTimeOffset? SentAt, DateTimeOffset? NextAt,
    DateTimeOffset? NotBefore, string? NotBeforeWhy, string? ErrorCode, string? DiscardReason, bool CanBeRead, MailState? DigestState, DateTimeOffset? DigestSentAt)
{
    internal static LetterRow Of(OutgoingMail mail, string? expert, bool whole, bool mayRead, bool subject, IReadOnlyDictionary<MailId, OutgoingMail> digests) => new(
        mail.Id, mail.Template, mail.TemplateVersion, expert, whole ? mail.Recipient : OutboxRow.Masked(mail.Recipient), subject ? mail.Subject : null, mail.State, mail.PossiblyTwice, mail.Attempts, mail.CreatedAt, mail.SentAt,
        mail.State is MailState.Waiting or MailState.Deferred ? mail.NextAttemptAt : null, mail.NotBefore, mail.NotBeforeWhy, mail.ErrorCode, mail.DiscardReason, mayRead,
        DigestOf(mail, digests)?.State, DigestOf(mail, digests)?.SentAt);

    /// <summary>The mails that carried some of these.</summary>
    internal static async Task<IReadOnlyDictionary<MailId, OutgoingMail>> DigestsAsync(ConsultationDb db, IEnumerable<OutgoingMail> letters, CancellationToken cancellationToken)
    {
        var ids = letters.Select(m => m.Digest).OfType<MailId>().Distinct().ToList();
        return ids.Count == 0 ? new Dictionary<MailId, OutgoingMail>() : await db.Set<OutgoingMail>().AsNoTracking().Where(m => ids.Contains(m.Id)).ToDictionaryAsync(m => m.Id, cancellationToken);
    }

    private static OutgoingMail? DigestOf(OutgoingMail mail, IReadOnlyDictionary<MailId, OutgoingMail> digests) => mail.Digest is { } digest ? digests.GetValueOrDefault(digest) : null;
}

/// <summary>What a letter would have said, told by telephone.</summary>
public sealed record ToldByCall(CallBackId Id, string Title, CallBackState State, DateTimeOffset DueAt, DateTimeOffset? EndedAt, int Attempts);

/// <summary>A mail that somebody took down as a contact.</summary>
public sealed record WrittenContact(DateTimeOffset At, ContactDirection Direction, string? Person, string By);

internal sealed class ListCaseMailHandler(ConsultationDb db, Execution execution) : IRequestHandler<ListCaseMail, CaseMail>
{
    private const int Most = 200;

    public async Task<CaseMail> Handle(ListCaseMail request, CancellationToken cancellationToken)
    {
        var actor = execution.Actor;
        var found = await db.Set<Case>().AsNoTracking().Where(c => c.Id == request.Case).Where(CaseAccess.Visible(actor)).Select(c => new { c.Number, c.ConsentedAt })
            .FirstOrDefaultAsync(cancellationToken) ?? throw new NotFound();
        var about = Ref.To(request.Case);
        var own = actor.Role == Role.Expert && actor.Expert is { } self ? Ref.To(self) : (Ref?)null;
        var letters = await db.Set<OutgoingMail>().AsNoTracking()
            .Where(m => m.Reference == about).Where(m => own == null || m.Person == null || m.Person == own)
            .OrderByDescending(m => m.CreatedAt).ThenByDescending(m => m.Id).Take(Most).ToListAsync(cancellationToken);
        var people = letters.Where(m => m.Person is not null).Select(m => new ExpertId(m.Person!.Value.Value)).Distinct().ToList();
        var names = await db.Set<Expert>().AsNoTracking().Where(e => people.Contains(e.Id)).ToDictionaryAsync(e => e.Id.Value, e => e.Name, cancellationToken);
        var calls = own is null
            ? await db.Set<CallBack>().AsNoTracking().Where(c => c.CaseId == request.Case && c.EventKey != null && c.Title != null).OrderByDescending(c => c.DueAt).Take(Most).ToListAsync(cancellationToken)
            : [];
        var written = await db.Set<Contact>().AsNoTracking().Where(c => c.CaseId == request.Case && c.Channel == Channel.Email).OrderByDescending(c => c.At).Take(Most).ToListAsync(cancellationToken);
        var held = await db.Database.SqlQuery<bool>($"select mail_held as \"Value\" from installation").SingleAsync(cancellationToken);
        var digests = await LetterRow.DigestsAsync(db, letters, cancellationToken);
        var seesClient = CaseAccess.MaySeePerson(actor, found.ConsentedAt is not null);
        execution.Audit("case.mail_viewed", request.Case);
        return new(
            found.Number, held,
            [.. letters.Select(m => LetterRow.Of(m, m.Person is { } person ? names.GetValueOrDefault(person.Value, "専門家") : null, m.Person is not null || seesClient, actor.Can(Permission.EditCase), subject: true, digests))],
            [.. calls.Select(c => new ToldByCall(c.Id, c.Title!, c.State, c.DueAt, c.EndedAt, c.Attempts))],
            [.. written.Select(c => new WrittenContact(c.At, c.Direction, seesClient ? c.Person : null, c.Actor))]);
    }
}
