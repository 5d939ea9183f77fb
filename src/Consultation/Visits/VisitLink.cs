using Consultation.Cases;
using Consultation.Mail;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Visits;

public readonly record struct VisitLinkId(Guid Value) : IStrongId<VisitLinkId>
{
    public static VisitLinkId New() => new(Guid.CreateVersion7());
    public static VisitLinkId From(Guid value) => new(value);
    public static VisitLinkId Parse(string s, IFormatProvider? provider) => StrongId.Parse<VisitLinkId>(s);
    public static bool TryParse(string? s, IFormatProvider? provider, out VisitLinkId result) => StrongId.TryParse(s, out result);
    public override string ToString() => Value.ToString();
}

/// <summary>
/// The link of one letter: opens one visit, as it is now, until it is over, and only while the client still has the address it was mailed to.
/// The secret stands in the letter alone.
/// </summary>
public sealed class VisitLink
{
    private VisitLink()
    {
    }

    internal VisitLink(VisitId visit, string secret, string address, DateTimeOffset now)
    {
        Id = VisitLinkId.New();
        VisitId = visit;
        SecretHash = SecretText.HashOf(secret);
        AddressHash = HashOf(address);
        IssuedAt = now.ToUniversalTime();
    }

    public VisitLinkId Id { get; private set; }
    public VisitId VisitId { get; private set; }
    public byte[] SecretHash { get; private set; } = [];
    public byte[] AddressHash { get; private set; } = [];
    public DateTimeOffset IssuedAt { get; private set; }

    /// <summary>False once the client's address was corrected: the letter may lie in a stranger's mailbox.</summary>
    internal bool IsFor(Case found) => found.Email is { } address && HashOf(address).AsSpan().SequenceEqual(AddressHash);

    private static byte[] HashOf(string address) => SecretText.HashOf(address.Trim().ToLowerInvariant());
}

/// <summary>Makes the links of letters, and finds what they open. Which letter's link it is makes no difference.</summary>
public sealed class VisitLinks(ConsultationDb db, Execution execution, MailSettings settings)
{
    /// <summary>What the client's letter says of the page; empty where there is none: no address to mail to, or none of our own.</summary>
    internal string Issue(Visit visit, Case found)
    {
        if (settings.Links is not { } address || !found.CanBeMailed)
        {
            return "";
        }

        var secret = SecretText.New();
        db.Add(new VisitLink(visit.Id, secret, found.Email!, execution.Now));
        return $"\n\n次のページから、予定の確認・日時の変更・取消しができます（相談が終わるまで）。\n{address}/visit/{secret}\nこのアドレスを知っている人はだれでも操作できます。ほかの方に転送しないでください。";
    }

    /// <exception cref="NotFound"><c>link.unknown</c>: never issued, or mailed to an address that is not the client's any more.</exception>
    internal async Task<(Visit Visit, Case Case)> FindAsync(string? secret, CancellationToken cancellationToken)
    {
        var link = await LinkAsync(secret, cancellationToken);
        var visit = await db.Set<Visit>().AsNoTracking().Include(v => v.Experts).SingleAsync(v => v.Id == link.VisitId, cancellationToken);
        var found = await db.Set<Case>().AsNoTracking().SingleAsync(c => c.Id == visit.CaseId, cancellationToken);
        return link.IsFor(found) ? (visit, found) : throw new NotFound("link.unknown");
    }

    internal async Task<VisitLink> LinkAsync(string? secret, CancellationToken cancellationToken)
    {
        if (!SecretText.CouldBe(secret))
        {
            throw new NotFound("link.unknown");
        }

        var hash = SecretText.HashOf(secret!);
        return await db.Set<VisitLink>().AsNoTracking().FirstOrDefaultAsync(l => l.SecretHash == hash, cancellationToken) ?? throw new NotFound("link.unknown");
    }
}

/// <summary>Loads the visit of a link for a change.</summary>
public sealed class VisitLinkAccess(VisitLinks links, VisitAccess visits)
{
    /// <param name="toYear">The fiscal year it is to be moved into; null where it is not moved.</param>
    /// <exception cref="NotFound"><c>link.unknown</c></exception>
    internal async Task<VisitInHand> ForChangeAsync(string? secret, int? toYear, CancellationToken cancellationToken)
    {
        var link = await links.LinkAsync(secret, cancellationToken);
        var hand = toYear is { } year ? await visits.ForClientMoveAsync(link.VisitId, year, cancellationToken) : await visits.ForClientAsync(link.VisitId, cancellationToken);
        return link.IsFor(hand.Case) ? hand : throw new NotFound("link.unknown");
    }

    /// <exception cref="RuleViolation"><c>visit.not_open</c>; <c>link.too_late</c>: it has begun.</exception>
    internal static void DemandChangeable(Visit visit, DateTimeOffset now)
    {
        visit.DemandOpen();
        if (visit.StartsAt <= now)
        {
            throw new RuleViolation("link.too_late");
        }
    }

    /// <summary>Nobody confirms, moves or gives up a date by a page that showed another.</summary>
    /// <param name="seen">The sequence of the visit that the page showed; null where none was shown.</param>
    /// <exception cref="RuleViolation"><c>link.changed</c>, with the date as it is now.</exception>
    internal static void DemandSeen(Visit visit, int? seen)
    {
        if (seen is { } sequence && sequence != visit.Sequence)
        {
            throw new RuleViolation("link.changed", VisitWords.FormalPeriod(visit.Plan));
        }
    }
}
