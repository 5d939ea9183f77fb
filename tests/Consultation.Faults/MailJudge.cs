using System.Text.Json;

namespace Consultation.Faults;

/// <summary>
/// Ledger × database × received mail (invariant I3): what is owed was accepted, under one Message-ID; a second copy only where a fault lay between DATA and the word of
/// the server being written down, and shown; nobody got what nobody wrote.
/// </summary>
internal static class MailJudge
{
    private sealed record Row(string Id, string MessageId, string Recipient, string EventKey, string Template, string State, bool PossiblyTwice, string Reference, DateTimeOffset Created);

    /// <param name="before">Letters that left before the scenario began, to another server.</param>
    /// <param name="drained">When the last mail was out; what a job has written since may wait.</param>
    public static async Task CompareAsync(
        Database database, MailPeer peer, IReadOnlySet<string> before, DateTimeOffset drained, IReadOnlyList<Entry> entries, Outages outages, Findings findings)
    {
        var rows = await database.RowsAsync(
            "select id::text, message_id, recipient, event_key, template, state, possibly_twice, reference::text, created_at from outgoing_mail",
            r => new Row(r.GetString(0), r.GetString(1), r.GetString(2), r.GetString(3), r.GetString(4), r.GetString(5), r.GetBoolean(6), r.GetString(7), new DateTimeOffset(r.GetDateTime(8), TimeSpan.Zero)));
        var kept = peer.Copies.Where(c => c.IsKept).ToLookup(c => c.MessageId);
        foreach (var row in rows.Where(r => !before.Contains(r.MessageId) && (r.State != "waiting" || r.Created < drained)))
        {
            Letter(row, [.. kept[row.MessageId].OrderBy(c => c.Ended)], peer, outages, findings);
        }

        var written = rows.ToDictionary(r => r.MessageId);
        foreach (var stray in kept.SelectMany(c => c).Where(c => !written.TryGetValue(c.MessageId, out var row) || row.Recipient != c.Recipient || before.Contains(c.MessageId)))
        {
            findings.Add($"somebody got a mail that nobody wrote: {stray.MessageId}");
        }

        Receipts(rows, entries, findings);
        findings.Count("mails written", rows.Count - before.Count);
        findings.Count("copies received", peer.Copies.Count(c => c.IsKept));
        findings.Count("received twice", kept.Count(c => c.Count() > 1));
        findings.Count("shown as possibly twice", rows.Count(r => r.PossiblyTwice));
        foreach (var state in rows.Where(r => !before.Contains(r.MessageId)).GroupBy(r => r.State))
        {
            findings.Count($"mail {state.Key}", state.Count());
        }
    }

    private static void Letter(Row row, List<MailCopy> copies, MailPeer peer, Outages outages, Findings findings)
    {
        switch (row.State)
        {
            case "sent" when !copies.Exists(c => c.IsSaid):
                findings.Add($"mail {row.Id} stands as sent, but the server never said that it has it");
                break;
            case "bounced" when !peer.HasRefused(row.Recipient):
                findings.Add($"mail {row.Id} stands as refused, but the server never refused it");
                break;
            case "waiting" or "attempting" or "deferred":
                findings.Add($"mail {row.Id} is still {row.State}");
                break;
        }

        if (copies.Count < 2)
        {
            return;
        }

        if (!row.PossiblyTwice)
        {
            findings.Add($"mail {row.Id} was received {copies.Count} times and is not shown as possibly sent twice");
        }

        // The last one may have ended as it should; each before it must have met a fault that kept its end from being written down.
        foreach (var copy in copies[..^1].Where(c => c.IsHeard && !outages.Cover(c.Began, c.Ended.AddSeconds(1))))
        {
            findings.Add($"mail {row.Id} was sent again although nothing was broken when its copy was taken (conversation {copy.Conversation}, {copy.Script})");
        }
    }

    /// <summary>Who wrote to the desk gets a receipt, one for each case, whatever was asked how often.</summary>
    private static void Receipts(List<Row> rows, IReadOnlyList<Entry> entries, Findings findings)
    {
        var receipts = rows.Where(r => r.Template == "inquiry-received").ToLookup(r => r.Reference);
        foreach (var logged in entries.Where(e => e.IsAcknowledged && e.Act == "log"))
        {
            using var asked = JsonDocument.Parse(logged.Body);
            if (asked.RootElement.GetProperty("channel").GetString() != "email")
            {
                continue;
            }

            var (id, address) = (World.IdOf(logged), asked.RootElement.GetProperty("contact").GetProperty("email").GetString()!);
            var told = receipts[id].Select(r => r.Recipient).ToList();
            if (told.Count != 1 || told[0] != address)
            {
                findings.Add($"the receipt of case {id} stands {told.Count} times in the outbox");
            }
        }
    }
}

/// <summary>Ledger × audit (invariant I7): what was acknowledged stands there once, by whatever way the answer came.</summary>
internal static class AuditJudge
{
    private static readonly (string Act, string Action)[] Recorded = [("log", "case.logged"), ("book", "visit.booked"), ("offer", "offer.made"), ("expert", "expert.created")];

    public static async Task CompareAsync(Database database, IReadOnlyList<Entry> entries, Findings findings)
    {
        foreach (var (act, action) in Recorded)
        {
            var rows = (await database.RowsAsync($"select subject_id::text, count(*)::int from audit_entry where action = '{action}' group by 1", r => (Id: r.GetString(0), Count: r.GetInt32(1))))
                .ToDictionary(r => r.Id, r => r.Count);
            foreach (var id in entries.Where(e => e.IsAcknowledged && e.Act == act).Select(World.IdOf).Where(id => rows.GetValueOrDefault(id) != 1))
            {
                findings.Add($"{act} {id} stands {rows.GetValueOrDefault(id)} times in the audit");
            }
        }
    }
}
