using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Organisations;

public readonly record struct OrganisationId(Guid Value) : IStrongId<OrganisationId>
{
    public static OrganisationId New() => new(Guid.CreateVersion7());
    public static OrganisationId From(Guid value) => new(value);
    public static OrganisationId Parse(string s, IFormatProvider? provider) => StrongId.Parse<OrganisationId>(s);
    public static bool TryParse(string? s, IFormatProvider? provider, out OrganisationId result) => StrongId.TryParse(s, out result);
    public override string ToString() => Value.ToString();
}

/// <summary>
/// A company or body (企業・団体) as the programme counts it: by 法人番号, else by normalised name and prefecture. The quota hangs here and
/// never on a contact or a branch (domain.md §6.2).
/// </summary>
public sealed class Organisation
{
    private Organisation()
    {
    }

    internal Organisation(string name, string key, string? corporateNumber, string? prefecture, DateTimeOffset now)
    {
        Id = OrganisationId.New();
        Name = name;
        NameKey = key;
        CorporateNumber = corporateNumber;
        Prefecture = prefecture;
        CreatedAt = now;
    }

    public OrganisationId Id { get; private set; }
    public string Name { get; private set; } = "";

    /// <summary>For comparing only, never for display (<see cref="OrganisationName.Key"/>).</summary>
    public string NameKey { get; private set; } = "";
    public string? CorporateNumber { get; private set; }

    /// <summary>JIS X 0401 code.</summary>
    public string? Prefecture { get; private set; }
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>Finds the organisation or adds it. Two first calls in the same instant meet at the advisory lock on the key.</summary>
    public static async Task<Organisation> FindOrAddAsync(
        ConsultationDb db, string name, string? corporateNumber, string? prefecture, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var key = OrganisationName.Key(name);
        // Always the name first and then the number, so that a call with the number and one without it meet too.
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({key}, 1))", cancellationToken);
        if (corporateNumber is not null)
        {
            await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({corporateNumber}, 1))", cancellationToken);
        }

        var known = await FindAsync(db, name, corporateNumber, prefecture, cancellationToken);
        if (known is null)
        {
            known = new(name, key, corporateNumber, prefecture, now);
            db.Add(known);
        }

        known.CorporateNumber ??= corporateNumber;
        known.Prefecture ??= prefecture;
        return known;
    }

    /// <summary>The organisation that a case of this name would belong to; null where it would be a new one.</summary>
    public static Task<Organisation?> FindAsync(ConsultationDb db, string name, string? corporateNumber, string? prefecture, CancellationToken cancellationToken)
    {
        var key = OrganisationName.Key(name);
        // A place nobody has told yet speaks against nothing: else the quota could be filled anew by telling it later.
        return db.Set<Organisation>()
            .Where(o => corporateNumber != null && o.CorporateNumber == corporateNumber
                || o.NameKey == key && (o.Prefecture == prefecture || o.Prefecture == null || prefecture == null) && (corporateNumber == null || o.CorporateNumber == null))
            .OrderByDescending(o => corporateNumber != null && o.CorporateNumber == corporateNumber).ThenByDescending(o => o.Prefecture == prefecture).ThenBy(o => o.CreatedAt)
            .FirstOrDefaultAsync(cancellationToken);
    }

    /// <summary>
    /// Stands in for a client nobody has named yet, so that even a nameless case has an account (design §2: no company is required). Its id
    /// is that of the case, hence at most one each.
    /// </summary>
    public static async Task<OrganisationId> OfNamelessAsync(
        ConsultationDb db, Ref caseId, string number, string? prefecture, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var name = $"名称未登録（{number}）";
        await db.Database.ExecuteSqlAsync($"""
            insert into organisations (id, name, name_key, prefecture, created_at)
            values ({caseId.Value}, {name}, {OrganisationName.Key(name)}, {prefecture}, {now.ToUniversalTime()})
            on conflict (id) do nothing
            """, cancellationToken);
        return new(caseId.Value);
    }
}
