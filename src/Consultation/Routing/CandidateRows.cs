using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Organisations;
using Consultation.Persistence;
using Consultation.Topics;

namespace Consultation.Routing;

/// <summary>What the database knows of experts with regard to some cases, fetched in one round trip however many the cases are.</summary>
internal sealed class CandidateRows
{
    private readonly IReadOnlyList<long> sign;
    private readonly Lazy<Dictionary<OrganisationId, string?>> numbers;
    private readonly Lazy<Dictionary<ExpertId, int>> loads;
    private readonly Lazy<HashSet<(CaseId, ExpertId)>> own;
    private readonly Lazy<ILookup<(OrganisationId, ExpertId), CaseId>> earlier;
    private readonly Lazy<ILookup<(CaseId, ExpertId), (OfferState State, string? Reason)>> answers;
    private readonly Lazy<Dictionary<(CaseId, Track, ExpertId), int>> wishes;

    private CandidateRows(RoundTrip trip, IReadOnlyList<Case> cases, ExpertId? only)
    {
        var ids = cases.Select(c => c.Id.Value).ToArray();
        var organisations = cases.Select(c => c.OrganisationId?.Value).OfType<Guid>().Distinct().ToArray();
        sign = ExpertBook.Sign(trip);
        var counted = trip.Rows(
            $"""
            select t.expert_id, count(distinct t.case_id)::int from case_tracks t join cases c on c.id = t.case_id
            where t.expert_id is not null and ({only?.Value}::uuid is null or t.expert_id = {only?.Value}::uuid) and t.state in ('offered', 'held') and c.status <> 'closed'
            group by t.expert_id
            """, row => (Expert: row.Id<ExpertId>(), Cases: row.Value<int>()));
        var held = trip.Rows(
            $"select case_id, expert_id from case_tracks where case_id = any({ids}) and expert_id is not null and state in ('offered', 'held')",
            row => (row.Id<CaseId>(), row.Id<ExpertId>()));
        var before = trip.Rows(
            $"""
            select c.organisation_id, t.expert_id, c.id from cases c join case_tracks t on t.case_id = c.id
            where c.organisation_id = any({organisations}) and t.expert_id is not null and t.state in ('held', 'done')
            """, row => (Company: row.Id<OrganisationId>(), Expert: row.Id<ExpertId>(), Case: row.Id<CaseId>()));
        var companies = trip.Rows($"select id, corporate_number from organisations where id = any({organisations})", row => (Company: row.Id<OrganisationId>(), Number: row.MaybeText()));
        var told = trip.Rows(
            $"select case_id, expert_id, state, reason from offers where case_id = any({ids}) and state in ('declined', 'expired')",
            row => (Case: row.Id<CaseId>(), Expert: row.Id<ExpertId>(), State: row.Code<OfferState>(), Reason: row.MaybeText()));
        var ranked = trip.Rows(
            $"select case_id, track, expert_id, place from applicant_wishes where case_id = any({ids})",
            row => (Case: row.Id<CaseId>(), Track: row.Code<Track>(), Expert: row.Id<ExpertId>(), Place: row.Value<int>()));
        numbers = new(() => companies.ToDictionary(c => c.Company, c => c.Number));
        loads = new(() => counted.ToDictionary(l => l.Expert, l => l.Cases));
        own = new(() => [.. held]);
        earlier = new(() => before.ToLookup(e => (e.Company, e.Expert), e => e.Case));
        wishes = new(() => ranked.ToDictionary(w => (w.Case, w.Track, w.Expert), w => w.Place));
        answers = new(() => told.ToLookup(o => (o.Case, o.Expert), o => (o.State, o.Reason)));
    }

    /// <param name="only">Counts the load of this one expert.</param>
    public static async Task<CandidateRows> ReadAsync(ConsultationDb db, IReadOnlyList<Case> cases, ExpertId? only, CancellationToken cancellationToken)
    {
        var trip = new RoundTrip(db);
        var rows = new CandidateRows(trip, cases, only);
        await trip.GoAsync(cancellationToken);
        return rows;
    }

    public long Sign => sign[0];

    /// <summary>The client's 法人番号, also where only an earlier case was told it.</summary>
    public string? NumberOf(Case found) => found.CorporateNumber ?? (found.OrganisationId is { } company ? numbers.Value.GetValueOrDefault(company) : null);

    /// <summary>Other open cases in which the expert is asked or holds a track.</summary>
    public int LoadOf(ExpertId expert, Case found) => loads.Value.GetValueOrDefault(expert) - (own.Value.Contains((found.Id, expert)) ? 1 : 0);

    public int EarlierOf(ExpertId expert, Case found) =>
        found.OrganisationId is { } company && earlier.Value.Count > 0 ? earlier.Value[(company, expert)].Where(id => id != found.Id).Count() : 0;

    public string? DeclinedBy(ExpertId expert, Case found) =>
        answers.Value.Count == 0 ? null : answers.Value[(found.Id, expert)].Where(o => o.State == OfferState.Declined).Select(o => o.Reason ?? "").FirstOrDefault();

    /// <summary>The place of the expert among the applicant's wishes, 1 being the first.</summary>
    public int? RankOf(ExpertId expert, Case found, Track track) =>
        wishes.Value.Count > 0 && wishes.Value.TryGetValue((found.Id, track, expert), out var place) ? place : null;

    public int UnansweredBy(ExpertId expert, Case found) =>
        answers.Value.Count == 0 ? 0 : answers.Value[(found.Id, expert)].Count(o => o.State == OfferState.Expired);
}
