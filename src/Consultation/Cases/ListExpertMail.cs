using Consultation.Experts;
using Consultation.Mail;
using Consultation.Messaging;
using Consultation.Persistence;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Cases;

/// <summary>
/// What one expert was sent and what became of it, newest first: for the expert's own eyes and for those who look after experts. Number and subject
/// of a case only where the case may be seen.
/// </summary>
/// <exception cref="NotFound">No such expert, or another's ledger.</exception>
[Requires(Permission.ViewExperts)]
public sealed record ListExpertMail(ExpertId Expert, MailId? After = null, int Limit = 50) : IQuery<ExpertMail>;

/// <param name="Daily">Letters that are not urgent come together, once a day.</param>
public sealed record ExpertMail(string Name, string? Address, bool Daily, bool Held, IReadOnlyList<ExpertLetter> Items, string? Next);

/// <param name="Case">Null where the case may not be seen.</param>
public sealed record ExpertLetter(LetterRow Row, CaseId? Case, string? Number);

internal sealed class ListExpertMailValidator : AbstractValidator<ListExpertMail>
{
    public ListExpertMailValidator() => RuleFor(r => r.Limit).InclusiveBetween(1, 200).WithErrorCode("page.malformed");
}

internal sealed class ListExpertMailHandler(ConsultationDb db, Execution execution) : IRequestHandler<ListExpertMail, ExpertMail>
{
    public async Task<ExpertMail> Handle(ListExpertMail request, CancellationToken cancellationToken)
    {
        var actor = execution.Actor;
        if (!actor.Can(Permission.ManageExperts) && actor.Expert != request.Expert)
        {
            throw new NotFound();
        }

        var expert = await db.Set<Expert>().AsNoTracking().Where(e => e.Id == request.Expert).Select(e => new { e.Name, e.Email }).FirstOrDefaultAsync(cancellationToken) ?? throw new NotFound();
        var person = Ref.To(request.Expert);
        var mails = db.Set<OutgoingMail>().AsNoTracking().Where(m => m.Person == person);
        if (request.After is { } after)
        {
            var last = await db.Set<OutgoingMail>().Where(m => m.Id == after && m.Person == person).Select(m => (DateTimeOffset?)m.CreatedAt).FirstOrDefaultAsync(cancellationToken)
                ?? throw new InvalidInput("after", "page.malformed");
            mails = mails.Where(m => EF.Functions.LessThan(ValueTuple.Create(m.CreatedAt, m.Id), ValueTuple.Create(last, after)));
        }

        var found = await mails.OrderByDescending(m => m.CreatedAt).ThenByDescending(m => m.Id).Take(request.Limit + 1).ToListAsync(cancellationToken);
        var ids = found.Select(m => CaseId.From(m.Reference.Value)).Distinct().ToList();
        var numbers = await db.Set<Case>().AsNoTracking().Where(c => ids.Contains(c.Id)).Where(CaseAccess.Visible(actor)).ToDictionaryAsync(c => c.Id, c => c.Number, cancellationToken);
        var daily = await db.Set<DigestChoice>().AnyAsync(c => c.Person == person, cancellationToken);
        var digests = await LetterRow.DigestsAsync(db, found, cancellationToken);
        var held = await db.Database.SqlQuery<bool>($"select mail_held as \"Value\" from installation").SingleAsync(cancellationToken);
        execution.Audit("expert.mail_viewed", request.Expert);
        var shown = found.Take(request.Limit).Select(m => Of(m, expert.Name, numbers, digests)).ToList();
        return new(expert.Name, expert.Email, daily, held, shown, found.Count > request.Limit ? shown[^1].Row.Id.ToString() : null);
    }

    private static ExpertLetter Of(OutgoingMail mail, string name, Dictionary<CaseId, string> numbers, IReadOnlyDictionary<MailId, OutgoingMail> digests)
    {
        var id = CaseId.From(mail.Reference.Value);
        var number = numbers.GetValueOrDefault(id);
        return new(LetterRow.Of(mail, name, whole: true, mayRead: false, subject: number is not null || mail.Reference == mail.Person, digests), number is null ? null : id, number);
    }
}
