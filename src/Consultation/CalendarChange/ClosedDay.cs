using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Staff;
using Microsoft.EntityFrameworkCore;

namespace Consultation.CalendarChange;

/// <summary>Reads what is to be opened or closed and refuses what cannot be, the same for looking at it and for doing it.</summary>
public sealed class ClosedDay(ConsultationDb db, Execution execution, DeskBook desks)
{
    /// <exception cref="InvalidInput">The day is past, too far away or closed already, or there is no such desk.</exception>
    internal async Task<(Closure Closure, DayChange Change)> CloseAsync(DateOnly day, string? slug, string reason, CancellationToken cancellationToken)
    {
        var before = await desks.LoadAsync(db, cancellationToken);
        var desk = slug is null ? null : before.Find(slug) ?? throw new InvalidInput("desk", "field.unknown_code");
        if (day < JapanTime.DateOf(execution.Now))
        {
            throw new InvalidInput("on", "closure.past");
        }

        if (before.Openings.Any(o => o.OpenOn == day && o.DeskId == desk?.Id))
        {
            throw new InvalidInput("on", "closure.opening_there", JapaneseDate.Long(day));
        }

        IReadOnlyList<Desk> concerned = desk is null ? before.Desks : [desk];
        if (concerned.Select(d => before.CalendarOf(d.Id).ClosedReason(day)).ToList() is var reasons && reasons.TrueForAll(r => r is not null))
        {
            throw new InvalidInput("on", "closure.closed_already", JapaneseDate.Long(day), reasons[0]);
        }

        var closure = new Closure(ClosureId.New(), desk?.Id, day, reason);
        return (closure, new([day], concerned, before, before.With([.. before.Closures, closure]), $"臨時休業（{JapaneseDate.Short(day)} {reason}）"));
    }

    /// <exception cref="NotFound">There is no such closure.</exception>
    /// <exception cref="RuleViolation"><c>closure.begun</c>: the day has come; it was closed and stays so.</exception>
    internal async Task<(Closure Closure, DayChange Change)> ReopenAsync(ClosureId id, CancellationToken cancellationToken)
    {
        var closure = await db.Set<Closure>().SingleOrDefaultAsync(c => c.Id == id, cancellationToken) ?? throw new NotFound();
        if (closure.ClosedOn <= JapanTime.DateOf(execution.Now))
        {
            throw new RuleViolation("closure.begun");
        }

        var before = await desks.LoadAsync(db, cancellationToken);
        IReadOnlyList<Desk> concerned = closure.DeskId is { } own ? [before.Find(own)!] : before.Desks;
        return (closure, new([closure.ClosedOn], concerned, before, before.With(before.Closures.Where(c => c.Id != id)), $"臨時休業の取りやめ（{JapaneseDate.Short(closure.ClosedOn)} {closure.Reason}）"));
    }

    internal static string Details(Closure closure, DayChange change, int moved) =>
        $"{closure.ClosedOn:yyyy-MM-dd} {(change.Desks.Count == 1 ? change.Desks[0].Slug : "all")} 「{closure.Reason}」 moved {moved}";
}
