using Consultation.Messaging;
using Consultation.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Consultation.Topics;

/// <summary>One version of the 振り分け基準 as stored; versions are added, never changed, so that an old suggestion can be explained.</summary>
public sealed class RuleVersion(int version, string body, DateTimeOffset createdAt, string createdBy)
{
    public int Version { get; private set; } = version;

    /// <summary>The rule base as JSON (<see cref="RuleBase"/>).</summary>
    public string Body { get; private set; } = body;
    public DateTimeOffset CreatedAt { get; private set; } = createdAt;
    public string CreatedBy { get; private set; } = createdBy;
}

internal sealed class RuleMapping : IEntityTypeConfiguration<RuleVersion>
{
    public void Configure(EntityTypeBuilder<RuleVersion> builder)
    {
        builder.ToTable("rule_bases").HasKey(r => r.Version);
        builder.Property(r => r.Version).ValueGeneratedNever();
        builder.Property(r => r.Body).HasColumnType("jsonb");
    }
}

/// <summary>The newest rule base, compiled once and kept until a newer version is seen (within five seconds, at once in this process).</summary>
public sealed class RuleBook(IDbContextFactory<ConsultationDb> contexts, TimeProvider clock)
{
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(5);
    private (long ReadAt, Suggester Suggester, RuleBase Rules)? current;

    public async ValueTask<Suggester> SuggesterAsync(CancellationToken cancellationToken) => (await ReadAsync(cancellationToken)).Suggester;

    public async ValueTask<RuleBase> RulesAsync(CancellationToken cancellationToken) => (await ReadAsync(cancellationToken)).Rules;

    public void Drop() => current = null;

    private async ValueTask<(long ReadAt, Suggester Suggester, RuleBase Rules)> ReadAsync(CancellationToken cancellationToken)
    {
        if (current is { } known && clock.GetElapsedTime(known.ReadAt) < Age)
        {
            return known;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var newest = await db.Set<RuleVersion>().MaxAsync(r => (int?)r.Version, cancellationToken);
        if (current is { } same && same.Rules.Version == newest)
        {
            return (current = (clock.GetTimestamp(), same.Suggester, same.Rules)).Value;
        }

        var body = await db.Set<RuleVersion>().Where(r => r.Version == newest).Select(r => r.Body).FirstOrDefaultAsync(cancellationToken);
        var rules = body is null ? RuleBase.Default : RuleBase.Stored(body);
        return (current = (clock.GetTimestamp(), new Suggester(rules), rules)).Value;
    }
}
