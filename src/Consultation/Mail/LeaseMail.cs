using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;

namespace Consultation.Mail;

/// <summary>
/// Takes due mails for two minutes. A mail whose lease ran out while it was being sent is taken over and marked as possibly sent twice; one whose
/// leases ran out ten times in a row, so that whoever takes it dies of it or cannot write down what became of it, is dead. From the third on it is taken without another of its kind, so that who
/// only lay beside it is not dead with it.
/// Nothing is given out while the outbox is held or the server rests; nothing for a domain that is paused or rests, and for each domain no more than its
/// pace allows, counting what was begun in the last minute and what is leased, whoever has it. After a rest one mail goes first.
/// </summary>
/// <param name="Except">Domains to which the asker sends as much at once as it wants to.</param>
[Requires(Permission.Operate)]
public sealed record LeaseMail(int Most, IReadOnlyCollection<string>? Except = null) : ICommand<IReadOnlyList<LeasedMail>>;

internal sealed class LeaseMailHandler(ConsultationDb db, Execution execution) : IRequestHandler<LeaseMail, IReadOnlyList<LeasedMail>>
{
    private const long OneAtATime = 5527161;

    public async Task<IReadOnlyList<LeasedMail>> Handle(LeaseMail request, CancellationToken cancellationToken)
    {
        var ask = new RoundTrip(db);
        // Whoever counts what others take must not count beside them.
        ask.Lock($"select pg_advisory_xact_lock({OneAtATime}) from mail_server where per_minute is not null or strikes > 0 or exists (select 1 from mail_domains where strikes >= {Striking.Patience})");
        var servers = ask.Rows(
            $"""
            select per_minute, strikes > 0, mail_held or coalesce(greatest(rest_until, probe_until) > clock_timestamp(), false) from mail_server, installation
            """, row => (PerMinute: row.Maybe<int>(), Probing: row.Value<bool>(), Closed: row.Value<bool>()));
        var domains = ask.Rows(
            $"""
            select domain, paused_at is not null or coalesce(greatest(rest_until, probe_until) > clock_timestamp(), false) from mail_domains
            where paused_at is not null or strikes >= {Striking.Patience}
            """, row => (Domain: row.Text(), Closed: row.Value<bool>()));
        await ask.GoAsync(cancellationToken);
        var server = servers.Single();
        if (server.Closed)
        {
            return [];
        }

        var rested = domains.Where(d => !d.Closed).Select(d => d.Domain).ToHashSet();
        var room = rested.ToDictionary(domain => domain, _ => 1);
        var closed = domains.Where(d => d.Closed).Select(d => d.Domain).Concat(request.Except ?? []).ToHashSet();
        if (server.PerMinute is { } perMinute)
        {
            foreach (var (domain, used) in await UsedAsync(cancellationToken))
            {
                var left = Math.Min(perMinute - used, room.GetValueOrDefault(domain, int.MaxValue));
                room[domain] = left;
                _ = left <= 0 && closed.Add(domain);
            }
        }

        var taken = await TakeAsync(server.Probing ? 1 : request.Most, [.. closed], room, server.PerMinute ?? int.MaxValue, cancellationToken);
        var first = new RoundTrip(db);
        Striking.GoFirst(first, server.Probing && taken is [var only] ? only.Id : null, [.. taken.Where(mail => rested.Contains(mail.Domain)).Select(mail => mail.Id)]);
        await first.GoAsync(cancellationToken);
        return taken;
    }

    private async Task<IReadOnlyList<(string Domain, int Used)>> UsedAsync(CancellationToken cancellationToken)
    {
        var trip = new RoundTrip(db);
        var used = trip.Rows(
            $"""
            select domain, count(*)::int from (
              select mail_domain(recipient) as domain from outgoing_mail where attempted_at > clock_timestamp() - interval '1 minute'
              union all
              select mail_domain(recipient) from outgoing_mail
              where state in ('waiting', 'attempting', 'deferred') and lease_until > clock_timestamp() and coalesce(attempted_at <= clock_timestamp() - interval '1 minute', true)) taken
            group by domain
            """, row => (row.Text(), row.Value<int>()));
        await trip.GoAsync(cancellationToken);
        return used;
    }

    private async Task<IReadOnlyList<LeasedMail>> TakeAsync(int most, string[] closed, Dictionary<string, int> room, int usual, CancellationToken cancellationToken)
    {
        var now = execution.Now.ToUniversalTime();
        var trip = new RoundTrip(db);
        trip.Do($"""
            update outgoing_mail set state = 'dead', error_code = 'mail.lost', address_is_wrong = false, untold_since = {now}, lease_until = null, fence = fence + 1, possibly_twice = possibly_twice or state = 'attempting'
            where id in (
              select id from outgoing_mail where lost_leases >= 9 and state in ('waiting', 'attempting', 'deferred') and lease_until < clock_timestamp()
              for update skip locked)
            """);
        var taken = trip.Rows(
            $"""
            with suspect as (
              select id, next_attempt_at, mail_domain(recipient) as domain from outgoing_mail
              where lost_leases >= 3 and state in ('waiting', 'attempting', 'deferred') and next_attempt_at <= {now}
                and (lease_until is null or lease_until < clock_timestamp())
                and mail_domain(recipient) <> all({closed})
              order by next_attempt_at, id limit 1 for update skip locked),
            others as (
              select id, next_attempt_at, mail_domain(recipient) as domain from outgoing_mail
              where lost_leases < 3 and state in ('waiting', 'attempting', 'deferred') and next_attempt_at <= {now}
                and (lease_until is null or lease_until < clock_timestamp())
                and mail_domain(recipient) <> all({closed})
              order by next_attempt_at, id limit {most} for update skip locked),
            head as (
              select * from (select * from suspect union all select * from others) due order by next_attempt_at, id limit {most}),
            ranked as (
              select h.id, row_number() over (partition by h.domain order by h.next_attempt_at, h.id) as place, coalesce(r.room, {usual}) as room
              from head h left join unnest({room.Keys.ToArray()}::text[], {room.Values.ToArray()}::int[]) as r(domain, room) on r.domain = h.domain),
            taken as (
              update outgoing_mail m
              set fence = m.fence + 1, lost_leases = case when m.lease_until is null then 0 else m.lost_leases + 1 end, lease_until = clock_timestamp() + interval '2 minutes', possibly_twice = m.possibly_twice or m.state = 'attempting'
              from ranked where m.id = ranked.id and ranked.place <= ranked.room
              returning m.*)
            select id, fence, message_id, recipient, subject, body, calendar from taken order by next_attempt_at, id
            """,
            row => new LeasedMail(row.Id<MailId>(), row.Value<int>(), new(row.Text(), row.Text(), row.Text(), row.Text(), row.MaybeText())));
        await trip.GoAsync(cancellationToken);
        return taken;
    }
}

/// <param name="Fence">What the sender has to show when it marks the mail; grows with every lease.</param>
public sealed record LeasedMail(MailId Id, int Fence, Envelope Envelope)
{
    /// <summary>Where it is delivered, as the database tells domains apart.</summary>
    public string Domain => Envelope.Recipient[(Envelope.Recipient.LastIndexOf('@') + 1)..].ToLowerInvariant();
}
