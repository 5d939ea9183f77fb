using Consultation.Messaging;
using Npgsql;

namespace Consultation.Web.Mailbox;

/// <summary>One line of the mailbox. <see cref="Copy"/> is 1 for the first mail of its Message-ID, 2 for the next that came with the same.</summary>
public sealed record InboxLine(long Id, DateTimeOffset At, string Recipients, string Subject, int Copy);

/// <summary>A mail as it lies in the mailbox.</summary>
public sealed record InboxMail(InboxLine Line, ReceivedMail Mail);

/// <summary>Reads what the demo's mail server has kept. In a real installation there is no mailbox, whatever the address.</summary>
public sealed class Inbox(NpgsqlDataSource source)
{
    public const int PageSize = 50;

    /// <summary>Letters tell who is advised on what, of every district; only who may see all cases may read them.</summary>
    public static bool IsFor(Actor actor) => actor.IsNationwide && actor.Can(Permission.ReadDemoMailbox) && actor.Can(Permission.ViewCases);

    private const string Lines = """
        select id, received_at, recipients, subject,
          (select count(*) from demo_mailbox e where e.message_id = m.message_id and e.id <= m.id)
        from demo_mailbox m where (select demo from installation)
        """;

    /// <param name="before">The id of the last line that was shown; null for the newest.</param>
    /// <returns>One line more than a page holds when there is more.</returns>
    public async Task<IReadOnlyList<InboxLine>> ListAsync(long? before, CancellationToken cancellationToken)
    {
        await using var ask = source.CreateCommand($"{Lines} and id < $1 order by id desc limit {PageSize + 1}");
        ask.Parameters.Add(new() { Value = before ?? long.MaxValue });
        await using var reader = await ask.ExecuteReaderAsync(cancellationToken);
        var lines = new List<InboxLine>();
        while (await reader.ReadAsync(cancellationToken))
        {
            lines.Add(Line(reader));
        }

        return lines;
    }

    public async Task<InboxMail?> FindAsync(long id, CancellationToken cancellationToken)
    {
        InboxLine line;
        await using (var ask = source.CreateCommand($"{Lines} and id = $1"))
        {
            ask.Parameters.Add(new() { Value = id });
            await using var reader = await ask.ExecuteReaderAsync(cancellationToken);
            if (!await reader.ReadAsync(cancellationToken))
            {
                return null;
            }

            line = Line(reader);
        }

        await using var raw = source.CreateCommand("select raw from demo_mailbox where id = $1");
        raw.Parameters.Add(new() { Value = id });
        return new(line, ReceivedMail.Parse((byte[])(await raw.ExecuteScalarAsync(cancellationToken))!));
    }

    public async Task<bool> IsOpenAsync(CancellationToken cancellationToken)
    {
        await using var ask = source.CreateCommand("select demo from installation");
        return await ask.ExecuteScalarAsync(cancellationToken) is true;
    }

    private static InboxLine Line(NpgsqlDataReader reader) =>
        new(reader.GetInt64(0), reader.GetFieldValue<DateTimeOffset>(1), reader.GetString(2), reader.GetString(3), Math.Max(1, (int)reader.GetInt64(4)));
}
