using System.Globalization;
using System.Text;
using Consultation.Audit;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Staff;
using Consultation.Topics;
using Microsoft.EntityFrameworkCore;

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

/// <summary>A case in a list and its place there.</summary>
internal sealed record CaseKey(CaseId Id, string Number, DateTimeOffset QueueAt, DateTimeOffset ReceivedAt);

/// <summary>What queue and list share: the reading of rows, and the place in a list that <c>after</c> carries.</summary>
internal static class CaseRows
{
    public const int MostPerPage = 200;

    /// <summary>Stands for a list in the audit, whose rows name one subject each.</summary>
    public static readonly CaseId AsList = new(Guid.Empty);

    /// <summary>
    /// A page of a list: the query says which cases and in which order, then their rows are read and their view audited in one round trip.
    /// Two steps, because the first is what indexes are good at, and the second is plain reading by key that no plan can spoil.
    /// </summary>
    /// <param name="cases">Ordered, and one more than the page holds.</param>
    public static async Task<Page<CaseRow>> PageAsync(
        ConsultationDb db, Execution execution, IQueryable<Case> cases, int limit, Func<CaseKey, DateTimeOffset> at, string viewed, CancellationToken cancellationToken)
    {
        var keys = await KeysAsync(cases, cancellationToken);
        var shown = keys.Count > limit ? keys[..limit] : keys;
        execution.Audit(viewed, AsList, string.Join(' ', shown.Select(k => k.Number)));
        var trip = new RoundTrip(db);
        AuditTrail.Join(trip, execution);
        return new(await ReadAsync(trip, shown.ConvertAll(k => k.Id), cancellationToken), keys.Count > limit ? Place(at(shown[^1]), shown[^1].Id.Value) : null);
    }

    /// <summary>So many cases from the newest on, after a place in that order.</summary>
    public static IQueryable<Case> Newest(IQueryable<Case> cases, (DateTimeOffset At, CaseId Id)? after, int count)
    {
        if (after is { } place)
        {
            var (at, id) = place;
            cases = cases.Where(c => EF.Functions.LessThan(ValueTuple.Create(c.ReceivedAt, c.Id), ValueTuple.Create(at, id)));
        }

        return cases.OrderByDescending(c => c.ReceivedAt).ThenByDescending(c => c.Id).Take(count);
    }

    private static Task<List<CaseKey>> KeysAsync(IQueryable<Case> cases, CancellationToken cancellationToken) =>
        cases.Select(c => new CaseKey(c.Id, c.Number, c.QueueAt, c.ReceivedAt)).ToListAsync(cancellationToken);

    /// <summary>The rows of some cases in their order, with whatever else the trip asks for.</summary>
    public static async Task<List<CaseRow>> ReadAsync(RoundTrip trip, IReadOnlyList<CaseId> cases, CancellationToken cancellationToken)
    {
        Guid[] ids = [.. cases.Select(c => c.Value)];
        // 総務省 (mic) before 厚労省 (mhlw), as everywhere else.
        var tracks = trip.Rows(
            $"""
            select t.case_id, t.track, t.state, t.expert_id, e.name from case_tracks t left join experts e on e.id = t.expert_id
            where t.case_id = any({ids}) order by t.track desc
            """,
            r => (Case: r.Id<CaseId>(), Track: new CaseRowTrack(r.Code<Track>(), r.Code<TrackState>(), r.MaybeId<ExpertId>(), r.MaybeText())));
        var rows = trip.Rows(
            $"""
            select c.id, c.number, c.status, c.on_hold, c.organisation_name, c.prefecture, c.district, c.topics, c.lead, c.next_due_kind, c.next_due_track, c.next_due_at, c.next_due_why,
              c.holder, h.name, c.received_at, c.queue_at, c.city, c.channel
            from cases c left join staff h on h.id = c.holder where c.id = any({ids})
            """,
            r => new CaseRow(
                r.Id<CaseId>(), r.Text(), r.Code<CaseStatus>(), r.Value<bool>(), r.MaybeText(), r.MaybeText(), r.Text(), r.Value<string[]>(), r.MaybeCode<Track>(), [],
                r.MaybeCode<DeadlineKind>(), r.MaybeCode<Track>(), r.MaybeTime(), r.MaybeText(), r.MaybeId<StaffId>(), r.MaybeText(), r.Time(), r.Time())
            {
                City = r.MaybeText(), Channel = r.Code<Channel>(),
            });
        await trip.GoAsync(cancellationToken);
        var (byId, tracksOf) = (rows.ToDictionary(r => r.Id), tracks.ToLookup(t => t.Case, t => t.Track));
        return cases.Select(id => byId[id] with { Tracks = [.. tracksOf[id]] }).ToList();
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
