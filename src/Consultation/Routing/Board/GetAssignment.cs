using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Topics;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Routing.Board;

/// <summary>A plan as it was made, with what has become of its offers since. Clerks get reasons and exclusions, the numbers are for supervisors.</summary>
[Requires(Permission.OfferCase)]
public sealed record GetAssignment(BoardPlanId Plan) : IQuery<BoardPlanView>;

internal sealed class GetAssignmentHandler(ConsultationDb db, Execution execution) : IRequestHandler<GetAssignment, BoardPlanView>
{
    public async Task<BoardPlanView> Handle(GetAssignment request, CancellationToken cancellationToken)
    {
        var plan = await db.Set<BoardPlan>().AsNoTracking().Include(p => p.Offers).Where(BoardAccess.Visible(execution.Actor)).FirstOrDefaultAsync(p => p.Id == request.Plan, cancellationToken)
            ?? throw new NotFound();
        var ids = plan.Content.Needs.Select(n => n.Case).Distinct().ToList();
        // A case that was handed over meanwhile keeps its number here, and its name to its new desk.
        var names = await db.Set<Case>().Where(CaseAccess.Visible(execution.Actor)).Where(c => ids.Contains(c.Id))
            .Select(c => new { c.Id, c.OrganisationName, c.Prefecture }).ToDictionaryAsync(c => c.Id, c => (c.OrganisationName, c.Prefecture), cancellationToken);
        var made = plan.Offers.Select(o => o.OfferId).ToList();
        var offers = await (
            from o in db.Set<Offer>().AsNoTracking()
            join e in db.Set<Expert>() on o.ExpertId equals e.Id
            where made.Contains(o.Id)
            select new { Offer = o, e.Name }).ToDictionaryAsync(r => (r.Offer.CaseId, r.Offer.Track), r => new BoardOfferView(r.Offer.Id, r.Offer.State, r.Offer.ExpertId, r.Name, r.Offer.AnsweredAt, r.Offer.AnsweredBy, r.Offer.Reason), cancellationToken);
        execution.Audit("assignment.viewed", plan.Id);
        return new View(plan, execution.Actor.Can(Permission.ReassignCase)).Of(names, offers);
    }

    private sealed class View(BoardPlan plan, bool seesNumbers)
    {
        private readonly PlanContent content = plan.Content;

        public BoardPlanView Of(Dictionary<CaseId, (string? Organisation, string? Prefecture)> names, Dictionary<(CaseId, Track), BoardOfferView> offers) => new(
            plan.Id, plan.MadeAt, plan.MadeBy, plan.District, plan.RuleVersion, plan.ContentHash, plan.State, plan.Choice, plan.AppliedAt, plan.AppliedBy, plan.UndoneAt, plan.UndoneBy, plan.Version,
            content.More, content.LeftOut, content.Experts.Count(e => e.Could), content.Before, ProposalOf(content.Greedy), ProposalOf(content.Optimal),
            [.. content.Needs.Select((need, n) => new BoardNeedView(
                need.Case, need.Number, names.GetValueOrDefault(need.Case).Organisation, names.GetValueOrDefault(need.Case).Prefecture, need.Track, need.ReceivedAt, need.DueAt, need.Waited, need.Pressing,
                ChoiceOf(content.Greedy, need, n), ChoiceOf(content.Optimal, need, n), NobodyWhy(content.Greedy, need, n), NobodyWhy(content.Optimal, need, n),
                [.. content.CandidatesOf(need).Select(c => new Candidate(
                    c.Expert.Id, c.Expert.Name, seesNumbers ? c.Score : null, [], c.Score is null ? [] : [.. c.Why.Select(t => t.Text)], c.Score is not null ? [] : [.. c.Why.Select(t => new Exclusion(t.Code!, t.Text))], []))],
                offers.GetValueOrDefault((need.Case, need.Track))))],
            [.. Letters(content.Greedy)], [.. Letters(content.Optimal)]);

        private ProposalView ProposalOf(Proposal p) => new(
            p.Assigned, p.Unassigned, seesNumbers ? p.Points : null, seesNumbers ? p.Cost : null, p.OnePerson, p.TravelMinutes, p.WaitedLeft, p.LongestLeft, p.Spread, p.LowerBound is not null && p.IsOptimal,
            seesNumbers ? p.LowerBound : null);

        private BoardChoiceView? ChoiceOf(Proposal proposal, PlanNeed need, int n) => proposal.Choices[n] is not { } choice ? null : new(
            content.Experts[choice.Expert].Id, content.Experts[choice.Expert].Name, seesNumbers ? need.Scores[choice.Expert] : null, choice.TravelMinutes,
            [.. need.Why[choice.Expert].Select(t => content.Texts[t].Text)]);

        private static string? NobodyWhy(Proposal proposal, PlanNeed need, int n) => proposal.Choices[n] is not null ? null
            : need.Could == 0 ? "打診できる専門家がいません（全員が対象外）" : $"打診できる{need.Could}人の空きは、ほかの案件で埋まります";

        private IEnumerable<PlanLetters> Letters(Proposal proposal) => proposal.Choices.OfType<PlanChoice>().GroupBy(c => c.Expert)
            .Select(g => new PlanLetters(content.Experts[g.Key].Id, content.Experts[g.Key].Name, g.Count(), content.Experts[g.Key].Load, content.Experts[g.Key].Capacity))
            .OrderByDescending(l => l.Count).ThenBy(l => l.Expert, StringComparer.Ordinal).ThenBy(l => l.ExpertId.Value);
    }
}

/// <summary>A plan with its two proposals side by side.</summary>
/// <param name="Could">How many experts could take at least one of the needs; their load is what the spreads speak of.</param>
/// <param name="GreedyLetters">Who would be written to how often; likewise the next.</param>
public sealed record BoardPlanView(
    BoardPlanId Id, DateTimeOffset MadeAt, string MadeBy, string? District, string RuleVersion, string ContentHash, BoardPlanState State, AssignmentChoice? Choice, DateTimeOffset? AppliedAt,
    string? AppliedBy, DateTimeOffset? UndoneAt, string? UndoneBy, int Version, int More, IReadOnlyList<LeftOutCase> LeftOut, int Could, Spread Before, ProposalView Greedy, ProposalView Optimal,
    IReadOnlyList<BoardNeedView> Needs, IReadOnlyList<PlanLetters> GreedyLetters, IReadOnlyList<PlanLetters> OptimalLetters);

/// <summary>Figures as in <see cref="Proposal"/>; points, cost and bound are null for clerks.</summary>
public sealed record ProposalView(
    int Assigned, int Unassigned, int? Points, long? Cost, int OnePerson, int TravelMinutes, int WaitedLeft, int LongestLeft, Spread Spread, bool IsOptimal, long? LowerBound);

/// <param name="NobodyGreedy">Why nobody is asked; null where somebody is.</param>
/// <param name="Candidates">Everybody, the best first, the excluded with their reasons at the end.</param>
/// <param name="Offer">What was made of it; null until the plan is applied.</param>
public sealed record BoardNeedView(
    CaseId Case, string Number, string? Organisation, string? Prefecture, Track Track, DateTimeOffset ReceivedAt, DateTimeOffset? DueAt, int Waited, IReadOnlyList<string> Pressing, BoardChoiceView? Greedy,
    BoardChoiceView? Optimal, string? NobodyGreedy, string? NobodyOptimal, IReadOnlyList<Candidate> Candidates, BoardOfferView? Offer);

/// <param name="Score">Null for clerks.</param>
public sealed record BoardChoiceView(ExpertId ExpertId, string Name, int? Score, int TravelMinutes, IReadOnlyList<string> Reasons);

public sealed record BoardOfferView(OfferId Id, OfferState State, ExpertId ExpertId, string Expert, DateTimeOffset? AnsweredAt, string? AnsweredBy, string? Reason);

/// <param name="Load">Before.</param>
public sealed record PlanLetters(ExpertId ExpertId, string Expert, int Count, int Load, int Capacity);
