using System.Collections.Frozen;
using Consultation.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Mail;

/// <summary>
/// The words of every kind of mail that are in force: the newest published version, else the product's own. Kept in memory and read anew when
/// the number that every command reads with the clock has grown (as desks and closures are), so that each process writes by a new version at once.
/// </summary>
public sealed class TemplateBook
{
    private volatile Snapshot current = new(-1, FrozenDictionary<string, MailTemplate>.Empty);

    private sealed record Snapshot(long Number, FrozenDictionary<string, MailTemplate> Published);

    /// <exception cref="MailTemplateInvalid">There is no such kind of mail.</exception>
    public MailTemplate Find(string template) => current.Published.GetValueOrDefault(template) ?? MailTemplate.Find(template);

    /// <summary>Makes sure that the copy is not older than the settings with this number.</summary>
    public async ValueTask DemandAsync(ConsultationDb db, long number, CancellationToken cancellationToken)
    {
        if (current.Number >= number)
        {
            return;
        }

        var newest = await db.Set<TemplateVersion>().FromSql($"select distinct on (template) * from mail_template_versions order by template, version desc").AsNoTracking().ToListAsync(cancellationToken);
        var read = new Snapshot(number, newest.Where(IsUsable).ToFrozenDictionary(v => v.Template, v => MailTemplate.Find(v.Template).Reworded(v.Version, v.Subject, v.Body)));
        // Whoever read a newer one meanwhile keeps it.
        if (current.Number < number)
        {
            current = read;
        }
    }

    /// <summary>The same for a query, which has not read the number.</summary>
    public async ValueTask ReadAsync(ConsultationDb db, CancellationToken cancellationToken) =>
        await DemandAsync(db, await db.Database.SqlQuery<long>($"select calendar_no as \"Value\" from installation").SingleAsync(cancellationToken), cancellationToken);

    /// <summary>
    /// False where a newer product fills other gaps than the version has: its own text goes out instead of a letter with a hole, and the page
    /// of the text says so.
    /// </summary>
    internal static bool IsUsable(TemplateVersion version) =>
        MailTemplate.Names.Contains(version.Template) && MailTemplate.Find(version.Template).FaultsOf(version.Subject, version.Body).Count == 0;
}
