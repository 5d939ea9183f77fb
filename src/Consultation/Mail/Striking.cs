using Consultation.Persistence;

namespace Consultation.Mail;

/// <summary>
/// What one attempt tells of the way out, for all workers together: a server that takes nothing rests for seconds, a domain that put several mails off is
/// left alone for minutes, and whoever takes a mail again is forgiven everything.
/// </summary>
internal static class Striking
{
    /// <summary>From so many different mails on, put off one after the other, their domain rests.</summary>
    public const int Patience = 3;

    /// <param name="isStruck">There is something to forgive.</param>
    public static void Note(RoundTrip trip, OutgoingMail mail, Delivery delivery, bool isStruck, DateTimeOffset now)
    {
        if (delivery.BlamesServer)
        {
            // Of those who were on their way together one counts.
            trip.Do($"""
                update mail_server set fault = {delivery.Code}, fault_since = coalesce(fault_since, {now.ToUniversalTime()}), probe_mail = null, probe_until = null,
                  strikes = strikes + coalesce(rest_until <= clock_timestamp(), true)::int,
                  rest_until = case when rest_until > clock_timestamp() then rest_until else clock_timestamp() + make_interval(secs => least(30, 5 * power(2, least(strikes, 4)))) end
                """);
        }
        else if (delivery.End is DeliveryEnd.Deferred or DeliveryEnd.Unknown)
        {
            // The server before the domains, as everywhere.
            if (isStruck && HasAnswered(delivery))
            {
                Forgive(trip);
            }
            else if (isStruck)
            {
                // Nobody said anything: the next mail tries it.
                trip.Do($"update mail_server set probe_mail = null, probe_until = null, rest_until = clock_timestamp() + interval '5 seconds' where strikes > 0");
            }

            trip.Do($"""
                insert into mail_domains as d (domain, strikes, last_mail, last_code) values (mail_domain({mail.Recipient}), 1, {mail.Id.Value}, {delivery.Code})
                on conflict (domain) do update set last_mail = excluded.last_mail, last_code = excluded.last_code, probe_mail = null, probe_until = null,
                  strikes = d.strikes + (coalesce(d.rest_until <= clock_timestamp(), true) and d.last_mail is distinct from excluded.last_mail)::int,
                  rest_until = case
                    when d.rest_until > clock_timestamp() then d.rest_until
                    when d.strikes + (d.last_mail is distinct from excluded.last_mail)::int >= {Patience}
                      then clock_timestamp() + (array[1, 2, 5, 10, 15, 30])[least(d.strikes + (d.last_mail is distinct from excluded.last_mail)::int - {Patience - 1}, 6)] * interval '1 minute' end
                """);
        }
        else if (isStruck)
        {
            Forgive(trip);
            trip.Do($"update mail_domains set strikes = 0, last_mail = null, last_code = null, rest_until = null, probe_mail = null, probe_until = null where domain = mail_domain({mail.Recipient})");
        }
    }

    /// <summary>After a rest one mail goes first: nobody else tries before it has ended or came back.</summary>
    /// <param name="server">Null where the server had not rested.</param>
    /// <param name="domains">One for each domain that had rested.</param>
    public static void GoFirst(RoundTrip trip, MailId? server, IReadOnlyCollection<MailId> domains)
    {
        if (server is { } mail)
        {
            trip.Do($"update mail_server set probe_mail = {mail.Value}, probe_until = clock_timestamp() + interval '2 minutes' where strikes > 0");
        }

        if (domains.Count > 0)
        {
            trip.Do($"""
                update mail_domains d set probe_mail = m.id, probe_until = clock_timestamp() + interval '2 minutes' from outgoing_mail m
                where m.id = any({domains.Select(first => first.Value).ToArray()}) and d.domain = mail_domain(m.recipient) and d.strikes >= {Patience}
                """);
        }
    }

    /// <summary>What went first after a rest came back without having been tried: the next goes first. Whatever else comes back says nothing.</summary>
    public static void LetOthersTry(RoundTrip trip, IReadOnlyCollection<MailId> mails)
    {
        var back = mails.Select(mail => mail.Value).ToArray();
        trip.Do($"update mail_server set probe_mail = null, probe_until = null where probe_mail = any({back})");
        trip.Do($"update mail_domains set probe_mail = null, probe_until = null where probe_mail = any({back})");
    }

    /// <summary>It refused a recipient or a text by a reply of its own: the server itself takes mail again.</summary>
    private static bool HasAnswered(Delivery delivery) => delivery.Code is ['s', 'm', 't', 'p', '.', '4' or '5', ..];

    private static void Forgive(RoundTrip trip) =>
        trip.Do($"update mail_server set fault = null, fault_since = null, strikes = 0, rest_until = null, probe_mail = null, probe_until = null where strikes > 0");
}
