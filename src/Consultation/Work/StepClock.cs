using System.Globalization;
using Consultation.Calendar;
using Consultation.Demo;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Staff;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Work;

/// <summary>How far the demo's clock is moved from the browser.</summary>
public enum ClockMove { Hour, BusinessDay, FiveBusinessDays, ToDay }

/// <summary>
/// Moves the demo's clock forward and does what is due at every stop on the way, as <c>clock step</c> does (P25). Who moved it stands in the audit; the work
/// is done as the system.
/// </summary>
/// <param name="Day">For <see cref="ClockMove.ToDay"/>: the day on which to stop, with <paramref name="At"/>.</param>
/// <exception cref="RuleViolation"><c>clock.not_demo</c>; <c>clock.moving</c>: somebody else is moving it.</exception>
[Requires(Permission.MoveDemoClock), OutsideTransaction]
public sealed record StepClock(ClockMove Move, DateOnly? Day = null, TimeOnly? At = null) : ICommand<ClockStepped>;

/// <param name="Done">How much each job found to do, over all stops; jobs without anything are left out.</param>
/// <param name="Failed">The jobs that failed, with their codes.</param>
public sealed record ClockStepped(DateTimeOffset From, DateTimeOffset To, IReadOnlyDictionary<string, int> Done, IReadOnlyDictionary<string, string> Failed);

internal sealed class StepClockValidator : AbstractValidator<StepClock>
{
    public StepClockValidator()
    {
        RuleFor(r => r.Day).NotNull().When(r => r.Move == ClockMove.ToDay).WithErrorCode("field.required");
        RuleFor(r => r.At).NotNull().When(r => r.Move == ClockMove.ToDay).WithErrorCode("field.required");
    }
}

internal sealed class StepClockHandler(ConsultationDb db, Dispatcher dispatcher, Execution execution, DeskBook desks, AppClock clock) : IRequestHandler<StepClock, ClockStepped>
{
    /// <summary>Whoever waits in a browser does not wait for a year; the command line does.</summary>
    private const int MostDays = 100;
    private const long OneAtATime = 5527160;

    public async Task<ClockStepped> Handle(StepClock request, CancellationToken cancellationToken)
    {
        if (!await db.Database.SqlQuery<bool>($"select demo as \"Value\" from installation").SingleAsync(cancellationToken))
        {
            throw new RuleViolation("clock.not_demo");
        }

        // The lock belongs to the connection, which is kept until the last stop.
        await db.Database.OpenConnectionAsync(cancellationToken);
        if (!await db.Database.SqlQuery<bool>($"select pg_try_advisory_lock({OneAtATime}) as \"Value\"").SingleAsync(cancellationToken))
        {
            throw new RuleViolation("clock.moving");
        }

        try
        {
            return await MoveAsync(request, cancellationToken);
        }
        finally
        {
            await db.Database.ExecuteSqlAsync($"select pg_advisory_unlock({OneAtATime})", CancellationToken.None);
            await db.Database.CloseConnectionAsync();
        }
    }

    private async Task<ClockStepped> MoveAsync(StepClock request, CancellationToken cancellationToken)
    {
        var from = JapanTime.ToJapan(await db.Database.SqlQuery<DateTimeOffset>($"select app_now() as \"Value\"").SingleAsync(cancellationToken));
        var stops = StopsOf(request, from, await desks.NationalAsync(cancellationToken));
        await dispatcher.Send(new NoteStep(from, stops[^1]), execution.Actor, cancellationToken);
        var system = Actor.System("clock");
        var done = new Dictionary<string, int>();
        var failed = new Dictionary<string, string>();
        foreach (var stop in stops)
        {
            await dispatcher.Send(new SetClock(stop), system, cancellationToken);
            var work = await dispatcher.Send(new RunAllDue(), system, cancellationToken);
            foreach (var (job, count) in work.Done)
            {
                done[job] = done.GetValueOrDefault(job) + count;
            }

            foreach (var (job, code) in work.Failed)
            {
                failed[job] = code;
            }
        }

        return new(from, JapanTime.ToJapan(clock.GetUtcNow()), done, failed);
    }

    private static List<DateTimeOffset> StopsOf(StepClock request, DateTimeOffset from, NationalCalendar national)
    {
        if (request.Move != ClockMove.ToDay)
        {
            return [.. (request.Move switch
            {
                ClockMove.Hour => new ClockStep(1, ClockStepUnit.Hours),
                ClockMove.BusinessDay => new ClockStep(1, ClockStepUnit.BusinessDays),
                _ => new ClockStep(5, ClockStepUnit.BusinessDays),
            }).Stops(from, national)];
        }

        var last = JapanTime.At(request.Day!.Value, request.At!.Value);
        if (last <= from)
        {
            throw new InvalidInput("day", "clock.backwards");
        }

        if (last > from.AddDays(MostDays))
        {
            throw new InvalidInput("day", "clock.too_far", MostDays.ToString(CultureInfo.InvariantCulture));
        }

        // Every day on its way at the hour of the end, so that office hours are met or missed as whoever moves it means.
        var stops = new List<DateTimeOffset>();
        for (var stop = last; stop > from; stop = stop.AddDays(-1))
        {
            stops.Add(stop);
        }

        stops.Reverse();
        return stops;
    }
}

/// <summary>Writes down who moves the clock; a command of its own because the move itself has no transaction.</summary>
[Requires(Permission.MoveDemoClock)]
internal sealed record NoteStep(DateTimeOffset From, DateTimeOffset To) : ICommand<bool>;

internal sealed class NoteStepHandler(Execution execution) : IRequestHandler<NoteStep, bool>
{
    public Task<bool> Handle(NoteStep request, CancellationToken cancellationToken)
    {
        execution.Audit("clock.moved", default(Ref), string.Create(CultureInfo.InvariantCulture, $"{request.From:yyyy-MM-dd HH:mm} → {request.To:yyyy-MM-dd HH:mm}"));
        return Task.FromResult(true);
    }
}
