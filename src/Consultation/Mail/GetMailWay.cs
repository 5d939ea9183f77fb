using System.Runtime.CompilerServices;
using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;

namespace Consultation.Mail;

/// <summary>How sending goes as a whole: what holds it, how much waits and since when, and the domains about which there is something to say. No address.</summary>
[Requires(Permission.Administer)]
public sealed record GetMailWay : IQuery<MailWay>;

/// <param name="HeldReason">Null where it is held after a restore or a take-over.</param>
/// <param name="Fault">Why the server takes nothing, as <see cref="Delivery.Code"/>; null where it does.</param>
/// <param name="RestsFor">How long until the server is tried again.</param>
/// <param name="PerMinute">The limit for one domain; null for none.</param>
/// <param name="Counts">By state, counted up to <see cref="MostCounted"/>; of what was sent, the last day only.</param>
/// <param name="OldestWaiting">When the oldest mail was written that has not gone.</param>
/// <param name="NextTry">The next instant at which one is due; past where one is due now.</param>
public sealed record MailWay(
    bool Held, DateTimeOffset? HeldAt, string? HeldReason, string? Fault, DateTimeOffset? FaultSince, TimeSpan? RestsFor, int? PerMinute,
    IReadOnlyDictionary<MailState, int> Counts, DateTimeOffset? OldestWaiting, DateTimeOffset? NextTry, IReadOnlyList<MailDomainLine> Domains)
{
    public const int MostCounted = 1000;
}

/// <param name="Waiting">Mails to it that have not gone.</param>
/// <param name="PauseReason">Why a person stopped sending to it.</param>
/// <param name="Strikes">How many mails in a row it put off.</param>
/// <param name="RestsFor">How long it is still left alone.</param>
public sealed record MailDomainLine(string Domain, int Waiting, DateTimeOffset? PausedAt, string? PauseReason, int Strikes, string? LastCode, TimeSpan? RestsFor)
{
    /// <summary>Whether <see cref="ResumeDomain"/> does something.</summary>
    public bool IsKept => PausedAt is not null || RestsFor is not null;
}

internal sealed class GetMailWayHandler(ConsultationDb db, Execution execution) : IRequestHandler<GetMailWay, MailWay>
{
    private const int MostDomains = 30;

    public async Task<MailWay> Handle(GetMailWay request, CancellationToken cancellationToken)
    {
        var trip = new RoundTrip(db);
        var server = trip.Rows(
            $"""
            select mail_held, held_at, held_reason, fault, fault_since, extract(epoch from rest_until - clock_timestamp())::float8, per_minute from mail_server, installation
            """, row => (Held: row.Value<bool>(), At: row.MaybeTime(), Reason: row.MaybeText(), Fault: row.MaybeText(), Since: row.MaybeTime(), Pause: row.Maybe<double>(), PerMinute: row.Maybe<int>()));
        // Each state by its own word, so that the database sees which small index holds it.
        var counts = Enum.GetValues<MailState>().ToDictionary(state => state, state => trip.Rows(
            state == MailState.Sent
                ? (FormattableString)$"select count(*)::int from (select 1 from outgoing_mail where state = 'sent' and created_at > {execution.Now.ToUniversalTime().AddDays(-1)} limit {MailWay.MostCounted}) counted"
                : $"select count(*)::int from (select 1 from outgoing_mail where state = {FormattableStringFactory.Create($"'{EnumText.Of(state)}'{(state == MailState.Gathered ? " and digest is null" : "")}")} limit {MailWay.MostCounted}) counted",
            row => row.Value<int>()));
        var waiting = trip.Rows(
            $"select min(created_at), min(next_attempt_at) from outgoing_mail where state in ('waiting', 'attempting', 'deferred')", row => (Oldest: row.MaybeTime(), Next: row.MaybeTime()));
        var domains = trip.Rows(
            $"""
            with waiting as (
              select mail_domain(recipient) as domain, count(*)::int as n from outgoing_mail where state in ('waiting', 'attempting', 'deferred') group by 1)
            select domain, coalesce(w.n, 0), d.paused_at, d.pause_reason, coalesce(d.strikes, 0), d.last_code, extract(epoch from d.rest_until - clock_timestamp())::float8
            from waiting w full join mail_domains d using (domain)
            where w.n > 0 or d.paused_at is not null or d.rest_until > clock_timestamp()
            order by d.paused_at is null, coalesce(d.rest_until <= clock_timestamp(), true), w.n desc nulls last, domain limit {MostDomains}
            """, row => new MailDomainLine(row.Text(), row.Value<int>(), row.MaybeTime(), row.MaybeText(), row.Value<int>(), row.MaybeText(), Left(row.Maybe<double>())));
        await trip.GoAsync(cancellationToken);
        var one = server.Single();
        var (oldest, next) = waiting.Single();
        return new(one.Held, one.At, one.Reason, one.Fault, one.Since, Left(one.Pause), one.PerMinute, counts.ToDictionary(count => count.Key, count => count.Value.Single()), oldest, next, domains);
    }

    private static TimeSpan? Left(double? seconds) => seconds is > 0 ? TimeSpan.FromSeconds(seconds.Value) : null;
}
