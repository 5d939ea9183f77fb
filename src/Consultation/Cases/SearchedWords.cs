using Consultation.Persistence;
using Consultation.Reference;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Cases;

/// <summary>A case that answers a search, with its place in the order from the newest on.</summary>
/// <param name="Foreign">Another district's, of which no more may be shown than J60 allows.</param>
internal sealed record FoundCase(CaseId Id, string Number, DateTimeOffset ReceivedAt, bool Foreign = false);

/// <summary>
/// Finds the newest cases that hold certain words, are of a company so called or carry a number: as many as a page wants, by looking at no more of
/// them than that takes (<c>search_cases</c> in SQL).
/// </summary>
internal sealed class SearchedWords
{
    private const int First = 200;
    private const int Most = 20_000;

    private readonly string[] words;
    private readonly int[] grams;
    private readonly string key;
    private readonly string? number;
    private readonly string? phone;

    /// <param name="query">As typed.</param>
    public SearchedWords(string query)
    {
        Asked = JapaneseText.Fold(query).Trim();
        words = string.Concat(Asked.Select(c => char.IsControl(c) ? ' ' : c)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        grams = JapaneseText.QueryGrams(Asked);
        // The key finds a company whatever its legal form is called: (株)テスト is 株式会社テスト.
        key = OrganisationName.Key(Asked);
        number = CaseNumber.Read(query);
        phone = Phone.Check(query).Digits is { Length: > 0 } digits ? digits : null;
    }

    /// <summary>What was typed, folded.</summary>
    public string Asked { get; }

    public bool IsNothing => words.Length == 0;

    /// <summary>Among all cases or those of one district, in one round trip.</summary>
    /// <param name="district">Null for all.</param>
    /// <param name="place">Where the page begins.</param>
    /// <param name="elsewhere">Also other districts' cases, but by number, company or telephone only.</param>
    public async Task<List<FoundCase>> FindAsync(ConsultationDb db, string? district, (DateTimeOffset At, CaseId Id)? place, int wanted, bool elsewhere, CancellationToken cancellationToken)
    {
        var (at, after) = From(place);
        var trip = new RoundTrip(db);
        var holding = Holding(trip, district, place, wanted);
        var named = trip.Rows(
            $"""
            select id, number, received_at from (
              select id, number, received_at, district from cases where {key} <> '' and organisation_key = {key} union
              select id, number, received_at, district from cases where number = {number}) n
            where ({district}::text is null or district = {district}) and (received_at, id) < ({at}, {after}) order by received_at desc, id desc limit {wanted}
            """, Read);
        var others = !elsewhere ? [] : trip.Rows(
            $"""
            select id, number, received_at from (
              select id, number, received_at, district from cases where {key} <> '' and organisation_key = {key} union
              select id, number, received_at, district from cases where number = {number} union
              select id, number, received_at, district from cases where phone_digits = {phone}) n
            where district <> {district} and (received_at, id) < ({at}, {after}) order by received_at desc, id desc limit {wanted}
            """, r => Read(r) with { Foreign = true });
        await trip.GoAsync(cancellationToken);
        return Newest([.. holding, .. named, .. others], wanted);
    }

    /// <summary>
    /// Among cases that are narrowed otherwise too. They are read from the newest on, and the hits of all are walked through, in turns and further
    /// each time: the one ends soon where few cases are asked for, the other where few hold the words.
    /// </summary>
    /// <param name="cases">What may be seen and is asked for.</param>
    /// <param name="district">Where all these cases belong to one.</param>
    /// <param name="person">False for whom the client's person is hidden before consent: what only that would find is not found.</param>
    public async Task<List<FoundCase>> FindAsync(
        ConsultationDb db, IQueryable<Case> cases, string? district, (DateTimeOffset At, CaseId Id)? place, int wanted, bool person, CancellationToken cancellationToken)
    {
        var named = await KeysAsync(CaseRows.Newest(cases.Where(c => (key != "" && c.OrganisationKey == key) || c.Number == number), place, wanted), cancellationToken);
        var (read, walked) = (new List<FoundCase>(), new List<FoundCase>());
        var (readTo, walkedTo) = (place, place);
        for (var stretch = First; ; stretch = Math.Min(4 * stretch, Most))
        {
            var next = await KeysAsync(CaseRows.Newest(cases, readTo, stretch), cancellationToken);
            read.AddRange(await OpenAsync(cases, await HoldingAsync(db, next, cancellationToken), person, cancellationToken));
            if (read.Count >= wanted || next.Count < stretch)
            {
                return Newest([.. read, .. named], wanted);
            }

            readTo = (next[^1].ReceivedAt, next[^1].Id);
            var trip = new RoundTrip(db);
            var hits = Holding(trip, district, walkedTo, stretch);
            await trip.GoAsync(cancellationToken);
            var ids = hits.Select(h => h.Id).ToArray();
            walked.AddRange(await OpenAsync(cases, await KeysAsync(cases.Where(c => ids.Contains(c.Id)), cancellationToken), person, cancellationToken));
            if (walked.Count >= wanted || hits.Count < stretch)
            {
                return Newest([.. walked, .. named], wanted);
            }

            walkedTo = (hits[^1].ReceivedAt, hits[^1].Id);
        }
    }

    private static Task<List<FoundCase>> KeysAsync(IQueryable<Case> cases, CancellationToken cancellationToken) =>
        cases.Select(c => new FoundCase(c.Id, c.Number, c.ReceivedAt, false)).ToListAsync(cancellationToken);

    private static List<FoundCase> Newest(IEnumerable<FoundCase> found, int wanted) =>
        found.DistinctBy(f => f.Id).OrderByDescending(f => f.ReceivedAt).ThenByDescending(f => f.Id.Value).Take(wanted).ToList();

    private static FoundCase Read(Row row) => new(row.Id<CaseId>(), row.Text(), row.Time());

    private static (DateTimeOffset At, Guid Id) From((DateTimeOffset At, CaseId Id)? place) => place is { } from ? (from.At, from.Id.Value) : (DateTimeOffset.MaxValue, Guid.AllBitsSet);

    private IReadOnlyList<FoundCase> Holding(RoundTrip trip, string? district, (DateTimeOffset At, CaseId Id)? place, int wanted)
    {
        var (at, after) = From(place);
        return trip.Rows(
            $"""
            select c.id, c.number, c.received_at from search_cases({grams}, {words}, {district}, {at}, {after}, {wanted}) s join cases c on c.id = s.id
            order by c.received_at desc, c.id desc
            """, Read);
    }

    private async Task<List<FoundCase>> HoldingAsync(ConsultationDb db, List<FoundCase> cases, CancellationToken cancellationToken)
    {
        Guid[] ids = [.. cases.Select(c => c.Id.Value)];
        var trip = new RoundTrip(db);
        var holding = trip.Rows(
            $"select case_id from case_search s where case_id = any({ids}) and not exists (select from unnest({words}) w where strpos(s.folded, w) = 0)", r => r.Id<CaseId>());
        await trip.GoAsync(cancellationToken);
        var held = holding.ToHashSet();
        return cases.FindAll(c => held.Contains(c.Id));
    }

    private async Task<List<FoundCase>> OpenAsync(IQueryable<Case> cases, List<FoundCase> hits, bool person, CancellationToken cancellationToken)
    {
        if (person || hits.Count == 0)
        {
            return hits;
        }

        var ids = hits.ConvertAll(h => h.Id);
        var without = await cases.AsNoTracking().Where(c => ids.Contains(c.Id) && c.ConsentedAt == null).ToListAsync(cancellationToken);
        var hidden = without.Where(c => CaseSearch.Fold(c.SearchText(person: false)) is var open && words.Any(w => !open.Contains(w, StringComparison.Ordinal))).Select(c => c.Id).ToHashSet();
        return hits.FindAll(h => !hidden.Contains(h.Id));
    }
}
