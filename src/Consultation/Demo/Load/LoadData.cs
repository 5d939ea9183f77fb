using System.Threading.Channels;
using Consultation.Cases;
using Consultation.Mail;
using Consultation.Messaging;
using Consultation.Organisations;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Staff;
using Consultation.Topics;
using MediatR;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Consultation.Demo;

/// <summary>
/// Adds synthetic cases of some years, for measuring: valid by <c>check</c>, the same for the same seed and state, and each run beside the ones
/// before. Only into a demo, an empty installation, or one that a load has filled before.
/// </summary>
/// <param name="Experts">How many experts it brings along; one for 400 cases where null.</param>
/// <param name="Visits">Rows of visits in all; the usual share where null.</param>
/// <param name="FollowUps">Rows of follow-ups in all; the programme's months for each visited case where null.</param>
/// <param name="Told">Hears after each batch how many cases are stored.</param>
[Requires(Permission.Operate)]
[OutsideTransaction]
public sealed record LoadData(int Cases, int? Experts = null, int? Visits = null, int? FollowUps = null, int Seed = 1, IProgress<int>? Told = null) : ICommand<LoadedData>;

public sealed record LoadedData(int Cases, int Experts, int Visits, int FollowUps);

internal sealed class LoadDataHandler(ConsultationDb db, NpgsqlDataSource source, Execution execution, DeskBook desks, RuleBook rules, MailSettings mail) : IRequestHandler<LoadData, LoadedData>
{
    private const int Batch = 500;
    private const int Writers = 2;
    private const long Lock = 5527158;

    public async Task<LoadedData> Handle(LoadData request, CancellationToken cancellationToken)
    {
        await using var gate = await source.OpenConnectionAsync(cancellationToken);
        await ExecuteAsync(gate, $"select pg_advisory_lock({Lock})", cancellationToken);
        try
        {
            var chain = await LoadChain.OpenAsync(gate, cancellationToken);
            try
            {
                return await AloneAsync(request, gate, chain, cancellationToken);
            }
            finally
            {
                await chain.CloseAsync();
            }
        }
        finally
        {
            await ExecuteAsync(gate, $"select pg_advisory_unlock({Lock})", CancellationToken.None);
        }
    }

    private async Task<LoadedData> AloneAsync(LoadData request, NpgsqlConnection connection, LoadChain chain, CancellationToken cancellationToken)
    {
        await DemandNobodyRealAsync(cancellationToken);
        var book = await desks.LoadAsync(db, cancellationToken);
        var days = new LoadDays(execution.Now, book, await db.Set<ProgrammeYear>().AsNoTracking().ToListAsync(cancellationToken));
        var shares = LoadShares.Of(
            request.Cases, request.Visits, request.FollowUps, days.ProgrammeOf(JapanTime.DateOf(days.Now)).FollowUpMonths.Length, days.Programmes.Min(p => p.QuotaLimit));
        var run = 1 + await db.Set<StaffMember>().CountAsync(m => m.Organisation == LoadPeople.Firm && m.Role == Role.Supervisor, cancellationToken);
        var rows = new LoadRows();
        days.Added.ForEach(rows.Add);
        var numbers = new Dictionary<int, Queue<long>>();
        var world = new LoadWorld(
            days, new LoadPeople(run, request.Cases, request.Experts, book.Desks, days, LoadRandom.For(request.Seed, -1), rows), new LoadDiary(days),
            new LoadTexts(await rules.SuggesterAsync(cancellationToken)), new LoadNames(await db.Set<Organisation>().CountAsync(cancellationToken), rows),
            new LoadLetters(rows, mail.Domain), rows, book, numbers);
        var writer = new LoadWriter(db.Model);
        await WriteAsync(writer, rows.Take(DateTimeOffset.MinValue), Task.CompletedTask, cancellationToken);

        var batches = System.Threading.Channels.Channel.CreateBounded<LoadBatch>(1);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var writing = Enumerable.Range(0, Writers).Select(_ => Task.Run(() => WriteAllAsync(writer, batches.Reader, request.Told, stop), stop.Token)).ToList();
        try
        {
            await TellAllAsync(world, shares, request.Seed, numbers, connection, chain, batches.Writer, stop.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // A writer has failed; its own exception says why.
        }
        catch
        {
            // Nobody may write on while what was set aside is put back.
            await stop.CancelAsync();
            await Task.WhenAll(writing).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            throw;
        }
        finally
        {
            batches.Writer.Complete();
        }

        await Task.WhenAll(writing);
        execution.AfterCommit(desks.Drop);
        return new(shares.Cases, world.People.Experts, shares.Visits, shares.FollowUps);
    }

    /// <summary>The stories one after another, because they share diaries, names and counts; the rows are written meanwhile.</summary>
    private static async Task TellAllAsync(
        LoadWorld world, LoadShares shares, int seed, Dictionary<int, Queue<long>> numbers, NpgsqlConnection connection, LoadChain chain, ChannelWriter<LoadBatch> batches, CancellationToken cancellationToken)
    {
        var stories = new LoadStories(world, shares, seed);
        var before = Task.CompletedTask;
        for (var first = 0; first < shares.Cases; first += Batch)
        {
            await ReserveAsync(world, numbers, stories.Begins(first), connection, cancellationToken);
            var next = Math.Min(first + Batch, shares.Cases);
            for (var number = first; number < next; number++)
            {
                stories.Tell(number, first / Batch);
            }

            var rows = world.Rows.Take(next < shares.Cases ? stories.Begins(next) : DateTimeOffset.MaxValue);
            await chain.SealAsync(rows, cancellationToken);
            var batch = new LoadBatch(next, rows, before);
            await batches.WriteAsync(batch, cancellationToken);
            before = batch.Written.Task;
        }
    }

    /// <summary>Numbers for a batch, of its first year and all that may follow; what is left over is a gap, as everywhere.</summary>
    private static async Task ReserveAsync(LoadWorld world, Dictionary<int, Queue<long>> numbers, DateTimeOffset begins, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        for (var year = FiscalYear.Of(begins); year.Year <= FiscalYear.Of(world.Days.Now).Year; year = year.Next)
        {
            if (!numbers.TryGetValue(year.Year, out var left))
            {
                numbers.Add(year.Year, left = new());
            }

            if (left.Count < Batch)
            {
                await using var command = new NpgsqlCommand("select next_case_sequence($1) from generate_series(1, $2)", connection) { Parameters = { new() { Value = year.Year }, new() { Value = Batch - left.Count } } };
                await using var reader = await command.ExecuteReaderAsync(cancellationToken);
                while (await reader.ReadAsync(cancellationToken))
                {
                    left.Enqueue(reader.GetInt64(0));
                }
            }
        }
    }

    private async Task WriteAllAsync(LoadWriter writer, ChannelReader<LoadBatch> batches, IProgress<int>? told, CancellationTokenSource stop)
    {
        try
        {
            await foreach (var batch in batches.ReadAllAsync(stop.Token))
            {
                await WriteAsync(writer, batch.Rows, batch.Before, stop.Token);
                batch.Written.SetResult();
                told?.Report(batch.Cases);
            }
        }
        catch
        {
            await stop.CancelAsync();
            throw;
        }
    }

    private async Task WriteAsync(LoadWriter writer, IReadOnlyDictionary<Type, List<object>> rows, Task before, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        writer.Write(connection, rows);
        // References are judged at the commit; what they name may have come with the batch before.
        await before.WaitAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <exception cref="RuleViolation"><c>load.not_for_measuring</c></exception>
    private async Task DemandNobodyRealAsync(CancellationToken cancellationToken)
    {
        var fit = await db.Database.SqlQuery<bool>($"""
            select demo or exists (select 1 from staff where organisation = {LoadPeople.Firm})
              or (not exists (select 1 from cases) and not exists (select 1 from experts)
                and not exists (select 1 from staff where not is_integration and role <> 'administrator')) as "Value" from installation
            """).SingleAsync(cancellationToken);
        if (!fit)
        {
            throw new RuleViolation("load.not_for_measuring");
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}

/// <param name="Cases">How many are stored with it.</param>
/// <param name="Before">The batch before is committed.</param>
internal sealed record LoadBatch(int Cases, IReadOnlyDictionary<Type, List<object>> Rows, Task Before)
{
    public TaskCompletionSource Written { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
