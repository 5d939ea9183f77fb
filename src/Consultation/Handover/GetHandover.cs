using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Routing;
using Consultation.Topics;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Handover;

/// <summary>A hand-over as it was proposed, with what was done of it.</summary>
[Requires(Permission.ReassignCase)]
public sealed record GetHandover(HandoverPlanId Plan) : IQuery<HandoverView>;

internal sealed class GetHandoverHandler(ConsultationDb db, Execution execution) : IRequestHandler<GetHandover, HandoverView>
{
    public async Task<HandoverView> Handle(GetHandover request, CancellationToken cancellationToken)
    {
        var plan = await db.Set<HandoverPlan>().AsNoTracking().Where(HandoverAccess.Visible(execution.Actor)).FirstOrDefaultAsync(p => p.Id == request.Plan, cancellationToken) ?? throw new NotFound();
        var ids = plan.Items.Select(i => i.Case).Concat(plan.FollowUps.Select(f => f.Case)).Distinct().ToList();
        var names = await db.Set<Case>().Where(CaseAccess.Visible(execution.Actor)).Where(c => ids.Contains(c.Id))
            .Select(c => new { c.Id, c.OrganisationName, c.Prefecture }).ToDictionaryAsync(c => c.Id, c => (c.OrganisationName, c.Prefecture), cancellationToken);
        var phones = await db.Set<Expert>().Where(e => plan.Content.Experts.Select(x => x.Id).Contains(e.Id)).Select(e => new { e.Id, e.Phone }).ToDictionaryAsync(e => e.Id, e => e.Phone, cancellationToken);
        var expert = await db.Set<Expert>().Where(e => e.Id == plan.ExpertId).Select(e => e.Name).SingleAsync(cancellationToken);
        execution.Audit("handover.viewed", plan.Id);
        return new(
            plan.Id, plan.ExpertId, expert, plan.StartsAt, plan.EndsAt, plan.MadeAt, plan.MadeBy, plan.State, plan.Source, plan.ApprovedAt, plan.ApprovedBy, plan.UndoneAt, plan.UndoneBy, plan.Elsewhere, plan.Version,
            [.. plan.Items.Select((item, at) => ItemOf(plan, item, at, names.GetValueOrDefault(item.Case), phones))],
            [.. plan.FollowUps.Select(f => new HandoverFollowUpView(f, names.GetValueOrDefault(f.Case).OrganisationName))]);
    }

    private static HandoverItemView ItemOf(HandoverPlan plan, HandoverItem item, int at, (string? Organisation, string? Prefecture) name, Dictionary<ExpertId, string?> phones)
    {
        var candidates = plan.Content.CandidatesOf(plan.Content.Needs[at]).Select(c => new Candidate(
            c.Expert.Id, c.Expert.Name, c.Score, [], c.Score is null ? [] : [.. c.Why.Select(t => t.Text)], c.Score is not null ? [] : [.. c.Why.Select(t => new Exclusion(t.Code!, t.Text))], [])).ToList();
        var to = plan.Done.Find(d => d.Case == item.Case && d.Track == item.Track)?.To;
        var proposed = plan.ProposedFor(at);
        return new(
            item.Case, item.Number, name.Organisation, name.Prefecture, item.Track, item.Asked, item.Visits, plan.State == HandoverState.Proposed ? proposed : to,
            (plan.State == HandoverState.Proposed ? proposed : to) is { } chosen ? phones.GetValueOrDefault(chosen) : null, candidates);
    }
}

/// <param name="Elsewhere">Cases of other districts that the expert has in hand; they are for whoever keeps those.</param>
public sealed record HandoverView(
    HandoverPlanId Id, ExpertId Expert, string Name, DateTimeOffset From, DateTimeOffset To, DateTimeOffset MadeAt, string MadeBy, HandoverState State, string? Source, DateTimeOffset? ApprovedAt,
    string? ApprovedBy, DateTimeOffset? UndoneAt, string? UndoneBy, int Elsewhere, int Version, IReadOnlyList<HandoverItemView> Items, IReadOnlyList<HandoverFollowUpView> FollowUps);

/// <param name="To">Who is proposed, or who took it over; null where nobody does.</param>
/// <param name="Phone">Of that expert, to ask before approving.</param>
/// <param name="Candidates">Everybody, the best first, the excluded with their reasons at the end.</param>
public sealed record HandoverItemView(
    CaseId Case, string Number, string? Organisation, string? Prefecture, Track Track, bool Asked, IReadOnlyList<HandoverVisit> Visits, ExpertId? To, string? Phone, IReadOnlyList<Candidate> Candidates);

public sealed record HandoverFollowUpView(HandoverFollowUp FollowUp, string? Organisation);
