using Consultation.Messaging;
using Consultation.Reference;

namespace Consultation.Experts;

/// <summary>An expert as colleagues see one. <c>Days</c> are those from today on, <c>Absences</c> those not yet over; <c>Prefecture</c> and <c>Prefectures</c> are names.</summary>
public sealed record ExpertView(
    ExpertId Id, string Name, Affiliation Affiliation, string? DisplayTitle, string? Email, string? Phone, string Prefecture, bool Nationwide,
    IReadOnlyList<string> Districts, IReadOnlyList<string> Prefectures, IReadOnlyList<VisitMode> Modes, IReadOnlyList<TopicLevel> Topics,
    IReadOnlyList<string> Industries, int Capacity, DateOnly? TermFrom, DateOnly? TermTo, bool Active, IReadOnlyList<WorkingHours> Hours,
    IReadOnlyList<DayHours> Days, IReadOnlyList<AbsenceView> Absences, IReadOnlyList<string> OwnClients, int Version)
{
    internal static ExpertView Of(Expert expert, DateTimeOffset now) => new(
        expert.Id, expert.Name, expert.Affiliation, expert.DisplayTitle, expert.Email, expert.Phone, NameOf(expert.BasePrefecture), expert.Nationwide,
        expert.Districts, [.. expert.Prefectures.Select(NameOf)], expert.Modes, [.. expert.Topics.OrderBy(t => t.Topic, StringComparer.Ordinal).Select(t => new TopicLevel(t.Topic, t.Level))],
        expert.Industries, expert.Capacity, expert.TermFrom, expert.TermTo, expert.Active,
        [.. expert.Hours.OrderBy(h => h.Weekday).ThenBy(h => h.Starts).Select(h => new WorkingHours(h.Weekday, h.Starts, h.Ends, ModesOf(h.Modes)))],
        [.. expert.Days.Where(d => d.WorksOn >= JapanTime.DateOf(now)).OrderBy(d => d.WorksOn).ThenBy(d => d.Starts).Select(d => new DayHours(d.WorksOn, d.Starts, d.Ends, ModesOf(d.Modes)))],
        [.. expert.Absences.Where(a => a.EndsAt > now).OrderBy(a => a.StartsAt).Select(AbsenceView.Of)], expert.OwnClients, expert.Version);

    private static VisitMode[]? ModesOf(VisitMode[] modes) => modes.Length == 0 ? null : modes;

    private static string NameOf(string code) => Reference.Prefectures.Find(code)?.Name ?? code;
}

public sealed record TopicLevel(string Code, int Level);

public sealed record AbsenceView(ExpertAbsenceId Id, DateTimeOffset From, DateTimeOffset To, string Reason)
{
    internal static AbsenceView Of(ExpertAbsence absence) => new(absence.Id, JapanTime.ToJapan(absence.StartsAt), JapanTime.ToJapan(absence.EndsAt), absence.Reason);
}
