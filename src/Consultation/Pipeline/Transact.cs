using System.Data;
using System.Reflection;
using System.Text.Json;
using Consultation.Audit;
using Consultation.Mail;
using Consultation.Messaging;
using Consultation.Organisations;
using Consultation.Persistence;
using Consultation.Staff;
using MediatR;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Consultation.Pipeline;

/// <summary>
/// The transaction of a command (design §3): begin, idempotency key first, handler, save and each wave of events, audit, mails, commit, then what rooms
/// registered for after the commit. Deadlocks, serialisation failures and lost races on a version start over with a fresh context, three
/// times at most. Queries get their audit rows written before the answer leaves.
/// </summary>
internal sealed class Transact<TRequest, TResult>(ConsultationDb db, Execution execution, IMediator mediator, IServiceProviderIsService services, Outbox outbox, DeskBook desks, ProgrammeBook programmes, TemplateBook templates)
    : IPipelineBehavior<TRequest, TResult>
{
    private const int Attempts = 4;
    private static readonly bool IsCommand = typeof(ICommand<TResult>).IsAssignableFrom(typeof(TRequest));
    // A change of the calendar waits for the commands that have begun, and they for it; shared among themselves they never wait.
    private static readonly string Lock = $"select pg_advisory_xact_lock{(typeof(TRequest).GetCustomAttribute<ChangesCalendarAttribute>() is null ? "_shared" : "")}(5527154)";
    private static readonly bool IsOutside = typeof(TRequest).GetCustomAttribute<OutsideTransactionAttribute>() is not null;

    public async Task<TResult> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResult> next)
    {
        if (IsOutside)
        {
            return await next();
        }

        if (!IsCommand)
        {
            var answer = await next();
            await AuditTrail.WriteAsync(db, execution, cancellationToken);
            return answer;
        }

        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await OnceAsync(next, cancellationToken);
            }
            catch (Exception e) when (execution.Rehearsal is not null && (IsContention(e) || WasLong(e)))
            {
                throw new Conflict("rehearsal.busy");
            }
            catch (Exception e) when (IsContention(e))
            {
                if (execution.ExpectedVersion is not null && e is DbUpdateConcurrencyException)
                {
                    throw new Conflict("version.stale");
                }

                if (attempt == Attempts)
                {
                    throw request is ICompetes { LostCode: { } code } ? await LostAsync(request, new(code), cancellationToken) : new Conflict("busy");
                }
            }
            catch (Exception e) when (Constraints.RuleOf(e) is { } rule)
            {
                throw await LostAsync(request, rule, cancellationToken);
            }
        }
    }

    private async Task<RuleViolation> LostAsync(TRequest request, RuleViolation refusal, CancellationToken cancellationToken)
    {
        if (request is ICompetes competing && competing.LostCode == refusal.Code)
        {
            db.ChangeTracker.Clear();
            await mediator.Publish(new CompetitionLost(competing, refusal), cancellationToken);
        }

        return refusal;
    }

    private async Task<TResult> OnceAsync(RequestHandlerDelegate<TResult> next, CancellationToken cancellationToken)
    {
        // A handler outside a transaction sends several commands through one scope; each starts from nothing.
        db.ChangeTracker.Clear();
        execution.Forget();
        outbox.Forget();
        // Whatever fails, the whole command begins again or is refused; nobody goes back to a point in between.
        db.Database.AutoSavepointsEnabled = false;
        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);
        if (execution.Rehearsal is not null)
        {
            // Nobody who acts waits long for somebody who only looks.
            await db.Database.ExecuteSqlAsync($"set local lock_timeout = '2s'; set local statement_timeout = '5s'", cancellationToken);
        }

        if (await BeginAsync(cancellationToken) is { Stored: true } replay)
        {
            return replay.Result!;
        }

        var result = await next();
        for (var wave = Heard(); wave.Count > 0; wave = Heard())
        {
            // Whoever reacts finds in the database what happened.
            await db.SaveChangesAsync(cancellationToken);
            foreach (var happened in wave)
            {
                await mediator.Publish(happened, cancellationToken);
            }
        }

        if (execution.Rehearsal is { } rehearsal)
        {
            await db.SaveChangesAsync(cancellationToken);
            (rehearsal.Seen, var shown) = await RehearsedLetters.ReadAsync(db, execution, outbox, cancellationToken);
            await transaction.RollbackAsync(cancellationToken);
            db.ChangeTracker.Clear();
            // What was rehearsed has not happened; that it was shown has.
            execution.Forget();
            foreach (var about in shown)
            {
                execution.Audit("case.letters_rehearsed", about, typeof(TRequest).Name);
            }

            await AuditTrail.WriteAsync(db, execution, cancellationToken);
            return result;
        }

        // The last changes and their audit leave together, then what only the database can judge.
        db.AddRange(execution.AuditLines.Select(line => new AuditEntry(execution, line)));
        await db.SaveChangesAsync(cancellationToken);
        var last = new RoundTrip(db);
        outbox.Join(last);
        if (execution.IdempotencyKey is { } key)
        {
            last.Do($"update idempotency set result = {JsonSerializer.Serialize(result, StoredJson.Options)}::jsonb where caller = {key.Caller} and path = {key.Path} and key = {key.Key}");
        }

        await last.GoAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        execution.RunAfterCommit();
        return result;
    }

    /// <summary>The events to which somebody listens; for the others nothing need stand in the database yet.</summary>
    private List<IDomainEvent> Heard() => [.. execution.TakeEvents().Where(e => services.IsService(typeof(INotificationHandler<>).MakeGenericType(e.GetType())))];

    /// <summary>
    /// One round trip: the calendar's lock, then in a statement of its own, which sees what was committed meanwhile, the database's clock, and the
    /// key where there is one. A second call waits here for the first to commit.
    /// </summary>
    private async Task<(bool Stored, TResult? Result)> BeginAsync(CancellationToken cancellationToken)
    {
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        if (execution.IdempotencyKey is not { } key)
        {
            await using var clock = new NpgsqlBatch(connection) { BatchCommands = { new(Lock), new("select app_now(), calendar_no from installation") } };
            await using var read = await clock.ExecuteReaderAsync(cancellationToken);
            await read.NextResultAsync(cancellationToken);
            await read.ReadAsync(cancellationToken);
            execution.Now = Instant(read.GetValue(0));
            var settings = read.GetInt64(1);
            await read.DisposeAsync();
            await KnowSettingsAsync(settings, cancellationToken);
            return default;
        }

        var claiming = new NpgsqlBatchCommand("""
            with claimed as (
              insert into idempotency (caller, path, key, body_hash, created_at) values ($1, $2, $3, $4, app_now())
              on conflict do nothing returning 1)
            select app_now(), exists (select 1 from claimed), calendar_no from installation
            """);
        foreach (var value in new[] { key.Caller, key.Path, key.Key, key.BodyHash })
        {
            claiming.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        await using (var claim = new NpgsqlBatch(connection) { BatchCommands = { new(Lock), claiming } })
        {
            await using var reader = await claim.ExecuteReaderAsync(cancellationToken);
            await reader.NextResultAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            execution.Now = Instant(reader.GetValue(0));
            var (settings, claimed) = (reader.GetInt64(2), reader.GetBoolean(1));
            await reader.DisposeAsync();
            await KnowSettingsAsync(settings, cancellationToken);
            if (claimed)
            {
                return default;
            }
        }

        await using var stored = new NpgsqlCommand("select body_hash, result::text from idempotency where caller = $1 and path = $2 and key = $3", connection);
        foreach (var value in new[] { key.Caller, key.Path, key.Key })
        {
            stored.Parameters.Add(new() { Value = value });
        }

        await using var answer = await stored.ExecuteReaderAsync(cancellationToken);
        await answer.ReadAsync(cancellationToken);
        return answer.GetString(0) == key.BodyHash
            ? (true, JsonSerializer.Deserialize<TResult>(answer.GetString(1), StoredJson.Options))
            : throw new InvalidInput("Idempotency-Key", "idempotency.reused");
    }

    /// <summary>The number tells every copy of desks, closures, programme years and letters' words that it is old.</summary>
    private ValueTask KnowSettingsAsync(long number, CancellationToken cancellationToken)
    {
        desks.Demand(number);
        programmes.Demand(number);
        return templates.DemandAsync(db, number, cancellationToken);
    }

    private static DateTimeOffset Instant(object value) => new((DateTime)value, TimeSpan.Zero);

    private static bool WasLong(Exception e) => Constraints.ErrorIn(e)?.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.QueryCanceled;

    private static bool IsContention(Exception e) =>
        e is DbUpdateConcurrencyException or Conflict { Code: "busy" }
        || Constraints.ErrorIn(e)?.SqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected;
}
