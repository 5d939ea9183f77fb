using Consultation.Reference;
using Consultation.Staff;

namespace Consultation.Demo;

/// <summary>What the cases of a load share.</summary>
/// <param name="Numbers">Sequence numbers reserved for each fiscal year of receipt.</param>
internal sealed record LoadWorld(
    LoadDays Days, LoadPeople People, LoadDiary Diary, LoadTexts Texts, LoadNames Names, LoadLetters Letters, LoadRows Rows, DeskBook.Snapshot Desks,
    IReadOnlyDictionary<int, Queue<long>> Numbers)
{
    /// <summary>Follow-ups planned by desk and day; a full day spreads (design §2).</summary>
    public Dictionary<(Messaging.DeskId Desk, DateOnly Day), int> Planned { get; } = [];

    /// <summary>The district's desk, and now and then the national one.</summary>
    public Desk DeskFor(Prefecture? place, LoadRandom random) =>
        (place is null || random.Chance(8) ? Desks.Find("national") : Desks.Find(place.District.Slug)) ?? Desks.Desks[0];
}
