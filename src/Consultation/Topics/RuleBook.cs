using Consultation.Messaging;
using Consultation.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Consultation.Topics;

/// <summary>One version of the 振り分け基準 as stored; versions are added, never changed, so that an old suggestion can be explained.</summary>
public sealed class RuleVersion(int version, string body, DateTimeOffset createdAt, string createdBy, string note = "")
{
    public int Version { get; private set; } = version;

    /// <summary>The rule base as JSON (<see cref="RuleBase"/>).</summary>
    public string Body { get; private set; } = body;
    public DateTimeOffset CreatedAt { get; private set; } = createdAt;
    public string CreatedBy { get; private set; } = createdBy;

    /// <summary>Why it was changed, in the words of who changed it.</summary>
    public string Note { get; private set; } = note;
}

/// <summary>Somebody's unfinished change of the 振り分け基準. It has always passed the checks, so that it can be tried out.</summary>
public sealed class RuleDraft(StaffId staffId, int basedOn, string body, DateTimeOffset changedAt)
{
    public StaffId StaffId { get; private set; } = staffId;

    /// <summary>The version it was begun from; a newer one refuses it until it is brought up to date.</summary>
    public int BasedOn { get; private set; } = basedOn;
    public string Body { get; private set; } = body;
    public DateTimeOffset ChangedAt { get; private set; } = changedAt;

    internal void Change(int basedOn, RuleBase rules, DateTimeOffset now)
    {
        BasedOn = basedOn;
        Body = rules.ToJson();
        ChangedAt = now.ToUniversalTime();
    }
}

internal sealed class RuleMapping : IEntityTypeConfiguration<RuleVersion>, IEntityTypeConfiguration<RuleDraft>
{
    public void Configure(EntityTypeBuilder<RuleVersion> builder)
    {
        builder.ToTable("rule_bases").HasKey(r => r.Version);
        builder.Property(r => r.Version).ValueGeneratedNever();
        builder.Property(r => r.Body).HasColumnType("jsonb");
    }

    public void Configure(EntityTypeBuilder<RuleDraft> builder)
    {
        builder.ToTable("rule_drafts").HasKey(d => d.StaffId);
        builder.Property(d => d.StaffId).ValueGeneratedNever();
        builder.Property(d => d.Body).HasColumnType("jsonb");
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
