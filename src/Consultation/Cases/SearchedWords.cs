using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Cases;

/// <summary>
/// Finds the newest cases that hold certain words. Rare words are found by the index of grams and then ordered, frequent ones by reading the newest
/// cases until a page is full: each way is slow where the other is quick, and which one it is to be is counted, never guessed by a planner.
/// </summary>
internal sealed class SearchedWords
{
    // What is read from the newest on, growing; after that the index is asked after all, for the words are rarer than their grams.
    private static readonly int[] Stretches = [200, 800, 3000, 8000, 8000];

    private readonly string[] words;
    private readonly int[] grams;
    private readonly string? number;
    private readonly string key;

    /// <param name="asked">Folded and trimmed, not empty.</param>
    /// <param name="number">The number of a case that was meant; null where none was.</param>
    public SearchedWords(string asked, string? number)
    {
        words = asked.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        grams = JapaneseText.QueryGrams(asked);
        // The key finds a company whatever its legal form is called: (株)テスト is 株式会社テスト.
        key = OrganisationName.Key(asked);
        this.number = number;
    }

    /// <summary>The cases of the query that hold the words, are of a company so called, or carry the number; no more of them than a page needs.</summary>
    /// <param name="cases">What may be seen and is asked for.</param>
    /// <param name="after">Where the page begins in the order from the newest on.</param>
    /// <param name="wanted">Rows of the page, and one more.</param>
    public async Task<IQueryable<Case>> AmongAsync(ConsultationDb db, IQueryable<Case> cases, (DateTimeOffset At, CaseId Id)? after, int wanted, CancellationToken cancellationToken)
    {
        var (holding, named) = await AskAsync(db, everything: false, cancellationToken);
        holding ??= await ReadAsync(db, cases, after, wanted, cancellationToken) ?? (await AskAsync(db, everything: true, cancellationToken)).Holding!;
        CaseId[] found = [.. holding, .. named];
        return cases.Where(c => found.Contains(c.Id));
    }

    /// <summary>Null for <c>Holding</c> where the grams leave too many cases to look at each.</summary>
    private async Task<(List<CaseId>? Holding, IReadOnlyList<CaseId> Named)> AskAsync(ConsultationDb db, bool everything, CancellationToken cancellationToken)
    {
        var trip = new RoundTrip(db);
        var holding = trip.Rows($"select * from search_cases({grams}, {words}, {everything})", r => r.MaybeId<CaseId>());
        var named = trip.Rows(
            $"select id from cases where {key} <> '' and organisation_key = {key} union select id from cases where number = {number ?? ""}", r => r.Id<CaseId>());
        await trip.GoAsync(cancellationToken);
        return (holding is [null] ? null : holding.Select(id => id!.Value).ToList(), named);
    }

    /// <summary>Reads from the newest on until the page is full or no case is left; null where the stretches did not suffice.</summary>
    private async Task<List<CaseId>?> ReadAsync(ConsultationDb db, IQueryable<Case> cases, (DateTimeOffset At, CaseId Id)? after, int wanted, CancellationToken cancellationToken)
    {
        var found = new List<CaseId>();
        foreach (var stretch in Stretches)
        {
            var keys = await CaseRows.Newest(cases, after, stretch).Select(c => new { c.Id, c.ReceivedAt }).ToListAsync(cancellationToken);
            Guid[] ids = [.. keys.Select(k => k.Id.Value)];
            var trip = new RoundTrip(db);
            var holding = trip.Rows(
                $"select case_id from case_search s where case_id = any({ids}) and not exists (select 1 from unnest({words}) w where strpos(s.folded, w) = 0)", r => r.Id<CaseId>());
            await trip.GoAsync(cancellationToken);
            found.AddRange(holding);
            if (found.Count >= wanted || keys.Count < stretch)
            {
                return found;
            }

            after = (keys[^1].ReceivedAt, keys[^1].Id);
        }

        return null;
    }
}
