using Consultation.Cases;
using Consultation.Experts;
using Consultation.FollowUps;
using Consultation.Messaging;
using Consultation.Organisations;
using Consultation.Topics;
using Consultation.Visits;

namespace Consultation.Demo;

/// <summary>
/// What becomes of each case of a load: most were answered or advised and closed over the years, the youngest stand in the queue in every state,
/// due before and after the clock.
/// </summary>
internal sealed class LoadStories(LoadWorld world, LoadShares shares, int seed)
{
    // A case of the past has had its first visit; the young ones are those that need not have.
    private const int YoungDays = 19;
    private const int Morning = 9 * 60;
    private static readonly FollowUpKind[] Usual = [FollowUpKind.M1, FollowUpKind.M3, FollowUpKind.M6, FollowUpKind.M12];

    private readonly LoadDays days = world.Days;
    private int visited;

    /// <summary>Nothing of the cases from this one on happens before that instant.</summary>
    public DateTimeOffset Begins(int number) => days.At(number < shares.Past ? PastDay(number) : Math.Max(0, days.Last - YoungDays), 0);

    public void Tell(int number, int batch)
    {
        var random = LoadRandom.For(seed, number);
        if (number >= shares.Past)
        {
            Young(number, shares.IsBooked(number - shares.Past), random, batch);
        }
        else if (shares.IsVisited(number))
        {
            Visited(number, shares.VisitsOf(visited), shares.FollowUpsOf(visited), random, batch);
            visited++;
        }
        else
        {
            Answered(number, PastDay(number), random, batch);
        }
    }

    // The root lets the later years be the busier ones.
    private int PastDay(int number) => (int)((days.Last - YoungDays) * Math.Sqrt((number + 1.0) / (shares.Past + 1.0)));

    private LoadedCase Log(int number, int day, bool routed, bool mailed, LoadRandom random, int batch, Channel? channel = null)
    {
        var receivedAt = days.At(day, random.Between(Morning, Latest(day)));
        var client = random.Next(100) switch
        {
            < 25 => world.Names.Again(random, mailed, receivedAt, batch),
            < 35 when !mailed => world.Names.Nameless(random),
            _ => world.Names.New(random, mailed, receivedAt, batch),
        };
        var by = channel ?? random.Next(10) switch { < 5 => Channel.Phone, < 8 => Channel.Web, 8 => Channel.Email, _ => Channel.Event };
        return new LoadedCase(world, random, client, world.Texts.Inquiry(number, routed, random), by, receivedAt).Look();
    }

    /// <summary>Up to when something can have happened on a day; today that is before the clock.</summary>
    private int Latest(int day) => day <= days.Last ? 16 * 60 : Math.Max(Morning, Math.Min(16 * 60, (int)(days.Now - days.At(day, 0)).TotalMinutes - 30));

    private void Answered(int number, int day, LoadRandom random, int batch)
    {
        var routed = random.Chance(12);
        var told = Log(number, day, routed, mailed: false, random, batch);
        var next = Math.Min(day + random.Next(3), days.Last);
        told.On(next, random.Between(Morning, 16 * 60)).Look();
        if (random.Chance(10))
        {
            var at = days.At(next, (16 * 60) + random.Next(20));
            told.Promise(at, at.AddMinutes(random.Between(1, 20)));
        }
        else
        {
            told.Speak();
        }

        if (random.Chance(30))
        {
            told.Note();
        }

        if (routed)
        {
            GaveUp(told, next, random);
            return;
        }

        told.On(Math.Min(next + random.Next(3), days.Last), 16 * 60).Look()
            .Close(random.Next(20) switch { < 13 => CaseOutcome.Answered, < 17 => CaseOutcome.Referred, 17 => CaseOutcome.OutOfScope, 18 => CaseOutcome.Withdrawn, _ => CaseOutcome.Duplicate });
        told.Finish();
    }

    /// <summary>Routed and offered in vain, then the client had no need any more.</summary>
    private void GaveUp(LoadedCase told, int day, LoadRandom random)
    {
        told.Consent().Route();
        var offer = told.On(day, (16 * 60) + 40).Offer(told.Lead);
        var (end, expires) = (Math.Min(day + 1, days.Last), offer.RespondBy <= days.At(days.Last, 17 * 60) && random.Chance(40));
        _ = expires ? told.Expire(offer) : told.On(end, 10 * 60).Decline(offer);
        told.On(expires ? Math.Min(day + 3, days.Last) : end, 17 * 60).Speak(ContactDirection.In).Close(CaseOutcome.Withdrawn);
        told.Finish();
    }

    private void Visited(int number, int count, int months, LoadRandom random, int batch)
    {
        var told = Log(number, PastDay(number), routed: true, mailed: true, random, batch);
        var day = Accepted(told, PastDay(number), visits: true, random);
        var kinds = world.Days.ProgrammeOf(days[day]).FollowUpMonths is var usual && usual.Length == months
            ? usual.Select(m => (FollowUpKind)m).ToList()
            : Usual.Take(months).ToList();
        var (place, from, falls) = (told.WishedMode, day + random.Between(2, 6), count > 1 && day < days.Last - 40 && random.Chance(15));
        LoadedVisit? open = null;
        for (var n = 0; n < count; n++)
        {
            var slot = from <= days.Last ? Past(told, place, from, n == 0 || falls) : Coming(told, place, from);
            var visit = told.On(day, random.Between(16 * 60, (16 * 60) + 40)).Book(slot, place);
            from = slot.Day + random.Between(8, 16);
            if (slot.Day > days.Last)
            {
                open = visit;
                day = Math.Min(day, days.Last);
                continue;
            }

            told.On(slot.Day - 1, Morning + 5).Remind(visit);
            if (falls)
            {
                falls = false;
                Fell(told, visit, random);
                (day, from) = (slot.Day, slot.Day + random.Between(3, 6));
                continue;
            }

            told.Complete(visit, kinds);
            day = Reported(told, visit, n == count - 1, random);
            from = Math.Max(from, day + 2);
        }

        if (open is null && day >= 0)
        {
            FollowedUp(told, day, random);
        }

        told.Finish();
    }

    private LoadSlot Past(LoadedCase told, VisitMode mode, int from, bool must)
    {
        var slot = must ? told.Find(mode, from, days.Last) : told.Find(mode, from, days.Count);
        return slot.Day <= days.Last || slot.Day >= days.Free ? slot : told.Find(mode, days.Free, days.Count);
    }

    private LoadSlot Coming(LoadedCase told, VisitMode mode, int from) => told.Find(mode, Math.Max(from, days.Free), days.Count);

    /// <param name="visits">True where a first visit has already taken place.</param>
    /// <returns>The day on which the experts of the case have taken it.</returns>
    private int Accepted(LoadedCase told, int day, bool visits, LoadRandom random)
    {
        told.Consent().On(day, random.Between(15 * 60, 16 * 60)).Look().Speak().Route();
        if (random.Chance(60))
        {
            told.Take();
        }

        var window = (day + 11, visits ? days.Last : days.Count);
        var offer = told.On(day, (16 * 60) + 30).Offer(told.Lead, window);
        day += random.Between(1, 2);
        told.On(day, random.Between(Morning, 11 * 60));
        if (random.Chance(8))
        {
            told.Decline(offer);
            offer = told.On(day, 11 * 60).Look().Offer(told.Lead, window);
            told.On(++day, 10 * 60);
        }

        told.Accept(offer);
        if (told.Second is { } second && random.Chance(50) && !days.Programmes.Any(p => p.JointCountsTwice))
        {
            offer = told.On(day, 13 * 60).Join(second).Offer(second, window);
            told.On(++day, 10 * 60).Accept(offer);
        }

        return day;
    }

    private static void Fell(LoadedCase told, LoadedVisit visit, LoadRandom random)
    {
        if (random.Chance(60))
        {
            told.Cancel(visit);
        }
        else
        {
            told.NobodyThere(visit);
        }
    }

    /// <returns>The day of the report; -1 where it is the last and still owed; the visit's own where it is owed and another visit is wanted.</returns>
    private int Reported(LoadedCase told, LoadedVisit visit, bool last, LoadRandom random)
    {
        var day = visit.Day + random.Between(1, 4);
        if (day > days.Last)
        {
            return last ? -1 : visit.Day;
        }

        var reports = told.On(day, random.Between(Morning, 12 * 60)).Look(told.Writer).Report(visit, last);
        if (day + 1 <= days.Last)
        {
            told.On(++day, 14 * 60).Approve(visit, reports);
        }

        return day;
    }

    private void FollowedUp(LoadedCase told, int day, LoadRandom random)
    {
        var soon = random.Chance(25);
        foreach (var followUp in told.FollowUps.OrderBy(f => f.DueOn).ToList())
        {
            var due = days.IndexOf(followUp.DueOn);
            var today = due == days.Last + 1 && days.IsOpenToday && days.Now >= days.At(due, Morning + 2);
            if (due > days.Last && !today)
            {
                return;
            }

            if (followUp.State == FollowUpState.Planned)
            {
                told.On(due, Morning + 1).Raise(followUp);
            }

            day = due + random.Between(0, 4);
            if (day > days.Last)
            {
                return;
            }

            told.On(day, random.Between(10 * 60, 16 * 60)).Look().Answer(followUp);
            if (soon && told.FollowUps.All(f => f.State != FollowUpState.HandOver))
            {
                told.GiveUpFollowUps();
                break;
            }
        }

        told.On(day, (16 * 60) + 30).Close(CaseOutcome.Completed, random.Pick([TeleworkStatus.Introduced, TeleworkStatus.Trial, TeleworkStatus.Planned, TeleworkStatus.None]));
    }

    private void Young(int number, bool booked, LoadRandom random, int batch)
    {
        var last = days.Last;
        if (booked)
        {
            var told = Log(number, last - random.Between(6, YoungDays), routed: true, mailed: true, random, batch);
            var day = Accepted(told, last - 5, visits: false, random);
            told.On(day, 16 * 60).Book(Coming(told, told.WishedMode, days.Free + random.Next(8)), told.WishedMode);
            told.Finish();
            return;
        }

        switch (random.Next(100))
        {
            case < 30:
                Answered(number, last - random.Between(2, YoungDays), random, batch);
                return;
            case < 50:
                Fresh(number, random, batch);
                return;
            case < 57:
                CallOwed(number, random, batch);
                return;
            case < 62:
                Paused(number, last - random.Between(3, YoungDays), random, batch);
                return;
            case < 76:
                Waiting(number, last - random.Between(0, 3), random, batch);
                return;
            case < 88:
                Asked(number, random, batch);
                return;
            default:
                Assigned(number, last - random.Between(4, 9), random, batch);
                return;
        }
    }

    private void Fresh(int number, LoadRandom random, int batch)
    {
        var day = days.IsOpenToday && days.Now > days.At(days.Last + 1, Morning + 31) && random.Chance(50) ? days.Last + 1 : days.Last - random.Next(2);
        Log(number, day, random.Chance(70), mailed: false, random, batch).Finish();
    }

    private void CallOwed(int number, LoadRandom random, int batch)
    {
        var day = days.Last - random.Next(3);
        var told = Log(number, day, random.Chance(70), mailed: false, random, batch, Channel.Web);
        told.On(day, (16 * 60) + 10).Speak(result: ContactResult.NoAnswer).Promise(days.At(days.Last + random.Next(3), random.Between(10, 16) * 60), null).Finish();
    }

    private void Paused(int number, int day, LoadRandom random, int batch) =>
        Log(number, day, routed: true, mailed: false, random, batch).On(day, 16 * 60).Consent().Speak().Route().On(day + 1, 10 * 60).Speak(ContactDirection.In).Hold().Finish();

    private void Waiting(int number, int day, LoadRandom random, int batch)
    {
        var told = Log(number, day, routed: true, mailed: false, random, batch).On(day, 16 * 60).Consent().Speak().Route();
        if (day < days.Last && random.Chance(30))
        {
            var offer = told.On(day, (16 * 60) + 30).Offer(told.Lead);
            told.On(day + 1, 15 * 60).Decline(offer);
        }

        told.Finish();
    }

    private void Asked(int number, LoadRandom random, int batch)
    {
        var told = Log(number, days.Last - random.Next(3), routed: true, mailed: false, random, batch).On(days.Last, 15 * 60).Consent().Speak().Route();
        told.On(days.Last, 16 * 60).Offer(told.Lead);
        told.Finish();
    }

    private void Assigned(int number, int day, LoadRandom random, int batch)
    {
        var told = Log(number, day, routed: true, mailed: false, random, batch);
        Accepted(told, day, visits: false, random);
        told.Finish();
    }
}
