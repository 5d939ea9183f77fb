using System.Runtime.CompilerServices;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Staff;
using Consultation.Visits;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Work;

/// <summary>What the schedule did last and has before it, in its order; a job that never ran stands there too.</summary>
[Requires(Permission.Administer)]
public sealed record ListWork : IQuery<IReadOnlyList<WorkLine>>;

/// <param name="LastDone">How much the last run found to do.</param>
/// <param name="Took">How long the last finished run took; null where none finished.</param>
/// <param name="Usual">The median of the last runs, 21 at most.</param>
/// <param name="FailedCode">Why it failed last, though later runs may have gone well.</param>
/// <param name="Backlog">How much is due now, counted up to <see cref="MostCounted"/>; null for a job that cannot be counted.</param>
/// <param name="IsLate">It should have run by now (<see cref="When.IsLate"/>).</param>
/// <param name="FailingRows">Rows it cannot do, the newest failure first, at most <see cref="MostFailing"/>.</param>
public sealed record WorkLine(
    string Name, DateTimeOffset? LastStarted, DateTimeOffset? LastFinished, WorkOutcome? LastOutcome, int LastDone, TimeSpan? Took, TimeSpan? Usual, string? FailedCode, DateTimeOffset? FailedAt,
    int FailedInARow, long Runs, long Failures, DateTimeOffset? Next, int? Backlog, bool IsLate, TimeSpan Patience, IReadOnlyList<FailingRow> FailingRows)
{
    public const int MostCounted = 1000;
    public const int MostFailing = 20;

    public bool IsRunning => LastStarted is not null && !(LastFinished >= LastStarted);
}

/// <summary>A row that a job could not do, each time it tried.</summary>
/// <param name="Row">Its id.</param>
public sealed record FailingRow(string Row, string Code, int Tries, DateTimeOffset FirstAt, DateTimeOffset LastAt);

internal sealed class ListWorkHandler(ConsultationDb db, Execution execution, DeskBook desks) : IRequestHandler<ListWork, IReadOnlyList<WorkLine>>
{
    public async Task<IReadOnlyList<WorkLine>> Handle(ListWork request, CancellationToken cancellationToken)
    {
        var trip = new RoundTrip(db);
        var runs = trip.Entities<WorkRun>($"");
        var clock = trip.Rows($"select clock_timestamp(), seeded_at from installation", row => (Machine: row.Time(), Stands: row.MaybeTime()));
        var failing = trip.Rows(
            $"""
            select job, row_id, code, tries, first_at, last_at from (
              select *, row_number() over (partition by job order by last_at desc, row_id) as place from work_failures) f
            where place <= {WorkLine.MostFailing} order by job, place
            """, row => (Job: row.Text(), Row: new FailingRow(row.Text(), row.Text(), row.Value<int>(), row.Time(), row.Time())));
        var book = await desks.ReadAsync(cancellationToken);
        var due = Schedule.Jobs.Where(job => job.Due is not null).ToDictionary(job => job.Name, job => trip.Rows(Backlog(job.Due!, book), row => row.Value<int>()));
        await trip.GoAsync(cancellationToken);
        var (machine, stands) = clock.Single();
        var office = OfficeHours.Of(book);
        var lines = new List<WorkLine>();
        foreach (var job in Schedule.Jobs)
        {
            var run = runs.FirstOrDefault(one => one.Name == job.Name);
            var isLate = job.When.IsLate(execution.Now, run?.Next, machine - (run?.AliveAt ?? stands), office);
            lines.Add(new(
                job.Name, run?.LastStarted, run?.LastFinished, run?.LastOutcome, run?.LastDone ?? 0, run is { TookMs: [var last, ..] } ? TimeSpan.FromMilliseconds(last) : null, Median(run?.TookMs ?? []),
                run?.FailedCode, run?.FailedAt, run?.FailedInARow ?? 0, run?.Runs ?? 0, run?.Failures ?? 0, run?.Next, due.GetValueOrDefault(job.Name)?.Single(), isLate, job.When.Patience,
                [.. failing.Where(one => one.Job == job.Name).Select(one => one.Row)]));
        }

        return lines;
    }

    private static TimeSpan? Median(int[] took) => took.Length == 0 ? null : TimeSpan.FromMilliseconds(took.Order().ElementAt(took.Length / 2));

    private FormattableString Backlog(string due, DeskBook.Snapshot book) => FormattableStringFactory.Create(
        $$"""
        with next_days as (select * from unnest({0}::uuid[], {1}::timestamptz[]) as d (desk_id, until))
        select count(*)::int from (select 1 from {{due}} limit {{WorkLine.MostCounted}}) due
        """,
        book.Desks.Select(desk => desk.Id.Value).ToArray(), book.Desks.Select(desk => RemindOfVisits.Until(book.CalendarOf(desk.Id), execution.Now)).ToArray());
}
