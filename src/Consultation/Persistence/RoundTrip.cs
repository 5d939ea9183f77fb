using System.Globalization;
using System.Runtime.CompilerServices;
using Consultation.Messaging;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Consultation.Persistence;

/// <summary>
/// Several statements that go to the database together and come back together, in the transaction of the context if there is one. For the
/// hot paths: each trip of its own costs more than most of what is asked on it. Values stand in the SQL as gaps of an interpolated string and
/// travel as parameters; a gap that is SQL itself becomes part of the statement.
/// </summary>
public sealed class RoundTrip(ConsultationDb db)
{
    private readonly List<(NpgsqlBatchCommand Command, Action<NpgsqlDataReader>? Read)> statements = [];

    /// <summary>A statement that is to take its locks; what is asked for behind it sees what they waited for.</summary>
    public void Lock(FormattableString sql) => statements.Add((Command(sql), _ => { }));

    /// <summary>A statement that returns no rows, not even of nothing.</summary>
    public void Do(FormattableString sql) => statements.Add((Command(sql), null));

    /// <summary>A statement whose rows stand in the result once the trip is over.</summary>
    public IReadOnlyList<T> Rows<T>(FormattableString sql, Func<Row, T> read)
    {
        var rows = new List<T>();
        statements.Add((Command(sql), reader => rows.Add(read(new(reader)))));
        return rows;
    }

    /// <summary>A statement whose rows are entities, tracked and joined to each other like those of a query of the context.</summary>
    /// <param name="rest">What follows the name of their table.</param>
    public IReadOnlyList<T> Entities<T>(FormattableString rest) where T : class
    {
        var entities = EntityRows<T>.Of(db);
        var rows = new List<T>();
        statements.Add((Command(FormattableStringFactory.Create(entities.Select + rest.Format, rest.GetArguments())), reader => rows.Add(entities.Track(db, reader))));
        return rows;
    }

    public async Task GoAsync(CancellationToken cancellationToken)
    {
        if (statements.Count == 0)
        {
            return;
        }

        await db.Database.OpenConnectionAsync(cancellationToken);
        // What is only being read has not changed; the context would look through everything at each row.
        db.ChangeTracker.AutoDetectChangesEnabled = false;
        try
        {
            await using var batch = new NpgsqlBatch((NpgsqlConnection)db.Database.GetDbConnection());
            foreach (var (command, _) in statements)
            {
                batch.BatchCommands.Add(command);
            }

            await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
            // Statements that return nothing have no result set of their own.
            foreach (var read in statements.Select(s => s.Read).OfType<Action<NpgsqlDataReader>>())
            {
                while (await reader.ReadAsync(cancellationToken))
                {
                    read(reader);
                }

                await reader.NextResultAsync(cancellationToken);
            }
        }
        finally
        {
            db.ChangeTracker.AutoDetectChangesEnabled = true;
            await db.Database.CloseConnectionAsync();
        }
    }

    private static NpgsqlBatchCommand Command(FormattableString sql)
    {
        var command = new NpgsqlBatchCommand();
        command.CommandText = Text(sql, command.Parameters);
        return command;
    }

    private static string Text(FormattableString sql, NpgsqlParameterCollection values) =>
        sql.ArgumentCount == 0 ? sql.Format : string.Format(CultureInfo.InvariantCulture, sql.Format, [.. sql.GetArguments().Select(gap => gap is FormattableString part ? Text(part, values) : Numbered(gap, values))]);

    private static string Numbered(object? value, NpgsqlParameterCollection values)
    {
        values.Add(new() { Value = value ?? DBNull.Value });
        return $"${values.Count}";
    }
}

/// <summary>One row of a result, read column by column from the left: arguments of a constructor are taken in their order.</summary>
public sealed class Row(NpgsqlDataReader reader)
{
    private int next;

    public T Value<T>() => reader.GetFieldValue<T>(next++);

    public T? Maybe<T>() where T : struct => reader.IsDBNull(next) ? Skip<T?>() : Value<T>();

    public string Text() => Value<string>();

    public string? MaybeText() => reader.IsDBNull(next) ? Skip<string?>() : Text();

    public DateTimeOffset Time() => new(Value<DateTime>(), TimeSpan.Zero);

    public DateTimeOffset? MaybeTime() => reader.IsDBNull(next) ? Skip<DateTimeOffset?>() : Time();

    public T Id<T>() where T : struct, IStrongId<T> => T.From(Value<Guid>());

    public T? MaybeId<T>() where T : struct, IStrongId<T> => reader.IsDBNull(next) ? Skip<T?>() : Id<T>();

    /// <summary>A member of an enumeration by its stored word.</summary>
    public T Code<T>() where T : struct, Enum => EnumText.Parse<T>(Text());

    public T? MaybeCode<T>() where T : struct, Enum => reader.IsDBNull(next) ? Skip<T?>() : Code<T>();

    private T? Skip<T>()
    {
        next++;
        return default;
    }
}
