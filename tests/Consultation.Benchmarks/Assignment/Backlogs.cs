using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Routing.Assignment;
using Consultation.Topics;

namespace Consultation.Benchmarks;

/// <summary>
/// Backlogs as a bad autumn would bring them, the same for the same seed: experts of either ministry or both, each coming to a few of the districts
/// (some everywhere) and knowing a few topics; needs by visit or by web. Who fits, and the points, follow the rules of matching: another topic
/// costs points, another ministry or district excludes, unless the meeting is by web. Experts have half of their six places free on average.
/// </summary>
internal static class Backlogs
{
    private const int Districts = 11;
    private const int TopicsOfTrack = 8;
    private const int Capacity = 6;
    private const int DearestFit = 100;
    private const int OnePersonBonus = 15;
    private const double Web = 0.3;

    // Tokyo and Osaka ask more than Okinawa.
    private static readonly int[] Weights = [5, 8, 30, 4, 3, 12, 17, 6, 4, 9, 2];

    /// <param name="pairs">The part of cases that wait with both tracks at once.</param>
    public static Backlog Of(int needs, int experts, double pairs, int seed)
    {
        var random = new Random(seed);
        var people = Enumerable.Range(0, experts).Select(_ => Person.Any(random)).ToList();
        var places = people.Select(p => new ExpertPlaces(p.Id, PlaceCosts(p.Load))).ToList();
        var waiting = new List<Need>(needs);
        while (waiting.Count < needs)
        {
            var id = new CaseId(NewId(random));
            var (district, web, track) = (AnyDistrict(random), random.NextDouble() < Web, random.Next(2) == 0 ? Track.Mic : Track.Mhlw);
            waiting.Add(NeedOf(id, track, district, web, people, random));
            if (random.NextDouble() < pairs && waiting.Count < needs)
            {
                waiting.Add(NeedOf(id, track == Track.Mic ? Track.Mhlw : Track.Mic, district, web, people, random));
            }
        }

        return new(Urgency.OldestFirst(waiting, places, OnePersonBonus), places, OnePersonBonus);
    }

    private static long[] PlaceCosts(int load) => [.. Enumerable.Range(load, Capacity - load).Select(k => 15L * k / Capacity)];

    private static Need NeedOf(CaseId id, Track track, int district, bool web, List<Person> people, Random random)
    {
        var topic = random.Next(TopicsOfTrack) + (track == Track.Mic ? 0 : TopicsOfTrack);
        var fits = new List<Fit>();
        foreach (var person in people)
        {
            var near = person.Covers[district];
            if ((track == Track.Mic ? person.Mic : person.Mhlw) && (near || web))
            {
                var points = 40 * person.Levels[topic] / 3 + (web ? 12 : person.Base == district ? 20 : 4) + (random.Next(8) == 0 ? 10 : 0) + (random.Next(100) == 0 ? 15 : 0);
                fits.Add(new(person.Id, DearestFit - points));
            }
        }

        return new(id, track, 0, fits);
    }

    private static int AnyDistrict(Random random)
    {
        var at = random.Next(Weights.Sum());
        var district = 0;
        while ((at -= Weights[district]) >= 0)
        {
            district++;
        }

        return district;
    }

    private static Guid NewId(Random random)
    {
        var bytes = new byte[16];
        random.NextBytes(bytes);
        return new(bytes);
    }

    private sealed record Person(ExpertId Id, bool Mic, bool Mhlw, int Base, bool[] Covers, int[] Levels, int Load)
    {
        public static Person Any(Random random)
        {
            var ministry = random.Next(10);
            var home = AnyDistrict(random);
            var everywhere = random.Next(20) == 0;
            var covers = Enumerable.Range(0, Districts).Select(d => everywhere || d == home || random.Next(12) == 0).ToArray();
            var levels = Enumerable.Range(0, 2 * TopicsOfTrack).Select(_ => random.Next(2) * random.Next(1, 4)).ToArray();
            return new(new(NewId(random)), ministry is 0 or > 5, ministry <= 5, home, covers, levels, random.Next(Capacity + 1));
        }
    }
}
