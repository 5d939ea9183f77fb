using System.Globalization;
using System.Text;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Staff;
using Consultation.Topics;

namespace Consultation.Cases;

/// <summary>One row of the queue or of the list of cases. <c>Reduced</c> rows belong to another district and show no more than journey J60 allows.</summary>
public sealed record CaseRow(
    CaseId Id, string Number, CaseStatus Status, bool OnHold, string? Organisation, string? PrefectureCode, string District, IReadOnlyList<string> Topics, Track? Lead,
    IReadOnlyList<CaseRowTrack> Tracks, DeadlineKind? DueKind, Track? DueTrack, DateTimeOffset? DueAt, string? DueWhy, StaffId? Holder, string? HolderName, DateTimeOffset ReceivedAt, DateTimeOffset QueueAt)
{
    public string? Prefecture => PrefectureCode is null ? null : Prefectures.Find(PrefectureCode)?.Name;

    /// <summary>Words around the hit, where the row answers a search.</summary>
    public string? Snippet { get; init; }

    public bool Reduced { get; init; }

    public string? City { get; init; }

    public Channel Channel { get; init; }
}

/// <param name="Expert">Who was asked or holds it.</param>
public sealed record CaseRowTrack(Track Track, TrackState State, ExpertId? ExpertId, string? Expert = null);

/// <summary>What queue and list share: the projection, and the place in a list that <c>after</c> carries.</summary>
internal static class CaseRows
{
    public const int MostPerPage = 200;

    /// <summary>Stands for a list in the audit, whose rows name one subject each.</summary>
    public static readonly CaseId AsList = new(Guid.Empty);

    /// <summary>What a list showed, for the audit: numbers only.</summary>
    public static string Shown(IEnumerable<CaseRow> rows) => string.Join(' ', rows.Select(r => r.Number));

    // Stored as text, so that descending puts 総務省 (mic) before 厚労省 (mhlw), as everywhere else.
    public static IQueryable<CaseRow> Of(ConsultationDb db, IQueryable<Case> cases) =>
        from c in cases
        join h in db.Set<StaffMember>() on c.Holder equals (StaffId?)h.Id into holders
        from h in holders.DefaultIfEmpty()
        select new CaseRow(
            c.Id, c.Number, c.Status, c.OnHold, c.OrganisationName, c.Prefecture, c.District, c.Topics, c.Lead,
            c.Tracks.OrderByDescending(t => t.Track).Select(t => new CaseRowTrack(
                t.Track, t.State, t.ExpertId, db.Set<Expert>().Where(e => e.Id == t.ExpertId).Select(e => e.Name).FirstOrDefault())).ToList(),
            c.NextDueKind, c.NextDueTrack, c.NextDueAt, c.NextDueWhy, c.Holder, h == null ? null : h.Name, c.ReceivedAt, c.QueueAt) { City = c.City, Channel = c.Channel };

    public static Page<CaseRow> Page(List<CaseRow> rows, int limit, Func<CaseRow, (DateTimeOffset, CaseId)> place)
    {
        if (rows.Count <= limit)
        {
            return new(rows, null);
        }

        rows.RemoveAt(limit);
        var (at, id) = place(rows[^1]);
        return new(rows, Place(at, id.Value));
    }

    /// <summary>Where a list by time goes on; nothing for people to read or to build.</summary>
    public static string Place(DateTimeOffset at, Guid id) =>
        Convert.ToBase64String(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{at.UtcTicks}.{id:N}"))).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    public static (DateTimeOffset At, CaseId Id)? ReadPlace(string after)
    {
        var padded = after.Replace('-', '+').Replace('_', '/').PadRight((after.Length + 3) / 4 * 4, '=');
        Span<byte> bytes = stackalloc byte[96];
        if (padded.Length > 120 || !Convert.TryFromBase64String(padded, bytes, out var written))
        {
            return null;
        }

        var parts = Encoding.ASCII.GetString(bytes[..written]).Split('.');
        return parts.Length == 2 && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            && ticks <= DateTimeOffset.MaxValue.UtcTicks && Guid.TryParseExact(parts[1], "N", out var id)
            ? (new DateTimeOffset(ticks, TimeSpan.Zero), new CaseId(id))
            : null;
    }
}
