using Consultation.Cases;
using Consultation.Mail;
using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Work;

/// <summary>
/// What the background work did between two instants of a demo's clock: what was told of cases the actor may see, the letters written, and how often each
/// thing was done (P25).
/// </summary>
/// <param name="Since">Exclusive.</param>
/// <param name="Until">Inclusive.</param>
[Requires(Permission.MoveDemoClock)]
public sealed record ListHappenings(DateTimeOffset Since, DateTimeOffset Until) : IQuery<Happenings>;

/// <param name="Acts">By the action of the audit, how often.</param>
/// <param name="Lines">The story of cases, oldest first, at most <see cref="MostLines"/>; none for whoever may see no cases.</param>
/// <param name="Letters">Letters written, oldest first, at most <see cref="MostLines"/>.</param>
public sealed record Happenings(IReadOnlyList<HappenedAct> Acts, IReadOnlyList<HappenedLine> Lines, IReadOnlyList<HappenedLetter> Letters, int LettersInAll)
{
    public const int MostLines = 50;
}

public sealed record HappenedAct(string Action, int Count);

public sealed record HappenedLine(DateTimeOffset At, CaseId Case, string Number, string Text);

/// <param name="Number">Of the case it is about; null where the actor may not see it.</param>
public sealed record HappenedLetter(DateTimeOffset At, MailId Mail, string Template, MailState State, CaseId? Case, string? Number);

internal sealed class ListHappeningsHandler(ConsultationDb db, Execution execution) : IRequestHandler<ListHappenings, Happenings>
{
    public async Task<Happenings> Handle(ListHappenings request, CancellationToken cancellationToken)
    {
        var (since, until) = (request.Since.ToUniversalTime(), request.Until.ToUniversalTime());
        var jobs = Schedule.Jobs.Select(j => j.Name).ToArray();
        var acts = await db.Database.SqlQuery<HappenedAct>($"""
            select action as "Action", count(*)::int as "Count" from audit_entry where at > {since} and at <= {until} and role = 'system' and actor = any({jobs})
            group by action order by count(*) desc, action
            """).ToListAsync(cancellationToken);
        var seen = db.Set<Case>().Where(CaseAccess.Visible(execution.Actor));
        var lines = await (
            from h in db.Set<HistoryEntry>()
            join c in seen on h.CaseId equals c.Id
            where h.At > since && h.At <= until && jobs.Contains(h.Actor)
            orderby h.At, h.Id
            select new HappenedLine(h.At, c.Id, c.Number, h.Text)).Take(Happenings.MostLines).ToListAsync(cancellationToken);
        var written = db.Set<OutgoingMail>().AsNoTracking().Where(m => m.CreatedAt > since && m.CreatedAt <= until);
        var letters = await written.OrderBy(m => m.CreatedAt).ThenBy(m => m.Id).Select(m => new { m.CreatedAt, m.Id, m.Template, m.State, m.Reference }).Take(Happenings.MostLines).ToListAsync(cancellationToken);
        var about = letters.Select(l => new CaseId(l.Reference.Value)).Distinct().ToList();
        var numbers = await seen.Where(c => about.Contains(c.Id)).ToDictionaryAsync(c => c.Id, c => c.Number, cancellationToken);
        if (lines.Count > 0)
        {
            execution.Audit("cases.viewed", CaseRows.AsList, string.Join(' ', lines.Select(l => l.Number).Distinct()));
        }

        return new(acts, lines, letters.ConvertAll(l =>
        {
            var found = numbers.TryGetValue(new(l.Reference.Value), out var number) ? new CaseId(l.Reference.Value) : (CaseId?)null;
            return new HappenedLetter(l.CreatedAt, l.Id, l.Template, l.State, found, number);
        }), await written.CountAsync(cancellationToken));
    }
}
