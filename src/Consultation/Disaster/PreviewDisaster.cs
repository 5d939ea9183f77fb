using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Visits;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Disaster;

/// <summary>What the switch would do to each visit, and who would get which message (journey J26). Changes nothing.</summary>
/// <param name="Prefecture">JIS code or name; the one of the client's place.</param>
/// <param name="To">The last day, itself included; 14 days at most.</param>
/// <exception cref="InvalidInput"><c>disaster.unknown_prefecture</c>, <c>disaster.reversed</c>, <c>disaster.too_long</c></exception>
[Requires(Permission.DeclareDisaster)]
public sealed record PreviewDisaster(string? Prefecture, DateOnly? From, DateOnly? To, DisasterWay? Way) : IQuery<DisasterPreview>;

internal sealed class PreviewDisasterValidator : AbstractValidator<PreviewDisaster>
{
    public PreviewDisasterValidator() => this.Days(r => r.Prefecture, r => r.From, r => r.To, r => r.Way);
}

/// <param name="Elsewhere">Visits of the same days that need no switch: by web or telephone.</param>
public sealed record DisasterPreview(string Prefecture, DateOnly From, DateOnly To, DisasterWay Way, IReadOnlyList<DisasterPreviewItem> Items, int Elsewhere)
{
    public int Visits => Items.Sum(i => i.Visits.Count);
}

/// <param name="Messages">Who hears of it and how, one line each.</param>
public sealed record DisasterPreviewItem(CaseId Case, string Number, string? Organisation, IReadOnlyList<DisasterPreviewVisit> Visits, IReadOnlyList<string> Messages);

/// <param name="Against">What stands against it; null where nothing is known to.</param>
public sealed record DisasterPreviewVisit(VisitId Visit, int Ordinal, DateTimeOffset Start, DateTimeOffset End, bool Held, IReadOnlyList<string> Experts, string? Against);

internal sealed class PreviewDisasterHandler(ConsultationDb db, Execution execution, DisasterAccess access) : IRequestHandler<PreviewDisaster, DisasterPreview>
{
    public async Task<DisasterPreview> Handle(PreviewDisaster request, CancellationToken cancellationToken)
    {
        var (from, to, way) = (request.From!.Value, request.To!.Value, request.Way!.Value);
        var prefecture = DisasterRules.Checked(request.Prefecture!, from, to);
        var found = await access.FindAsync(prefecture, from, to, cancellationToken);
        var ids = found.SelectMany(f => f.Visits).SelectMany(v => v.ExpertIds).Distinct().ToList();
        var experts = await db.Set<Expert>().AsNoTracking().Where(e => ids.Contains(e.Id)).ToDictionaryAsync(e => e.Id, cancellationToken);
        foreach (var (of, _) in found)
        {
            execution.Audit("case.viewed", of.Id, "disaster");
        }

        return new(prefecture.Code, from, to, way, [.. found.Select(f => ItemOf(f.Case, f.Visits, way, experts))], await ElsewhereAsync(prefecture.Code, from, to, cancellationToken));
    }

    private static DisasterPreviewItem ItemOf(Case found, IReadOnlyList<Visit> visits, DisasterWay way, Dictionary<ExpertId, Expert> experts)
    {
        var told = visits.Where(v => v.State == VisitState.Confirmed).ToList();
        var messages = new List<string>();
        if (told.Count > 0)
        {
            messages.Add(found.CanBeMailed ? "相談者にメール1通" : "相談者に窓口が電話（メールの宛先なし）");
            messages.AddRange(told.SelectMany(v => v.ExpertIds).Distinct().Select(e => experts[e].Email is null ? $"{experts[e].Name}さんに窓口が電話（メールの宛先なし）" : $"{experts[e].Name}さんにメール1通"));
        }

        return new(
            found.Id, found.Number, found.OrganisationName,
            [.. visits.Select(v => new DisasterPreviewVisit(v.Id, v.Ordinal, v.Plan.Start, v.Plan.End, v.State == VisitState.Held, [.. v.ExpertIds.Select(e => experts[e].Name)], Against(v)))], messages);

        string? Against(Visit visit) => way == DisasterWay.Web && visit.ExpertIds.Select(e => experts[e]).FirstOrDefault(e => !e.Modes.Contains(VisitMode.Web)) is { } without
            ? $"{without.Name}さんはWeb会議に対応していません" : null;
    }

    private async Task<int> ElsewhereAsync(string prefecture, DateOnly from, DateOnly to, CancellationToken cancellationToken)
    {
        var (first, last) = (Reference.JapanTime.At(from, TimeOnly.MinValue).ToUniversalTime(), Reference.JapanTime.At(to.AddDays(1), TimeOnly.MinValue).ToUniversalTime());
        var cases = db.Set<Case>().Where(CaseAccess.Visible(execution.Actor)).Where(c => c.Prefecture == prefecture);
        return await db.Set<Visit>().CountAsync(
            v => v.Mode != VisitMode.Visit && (v.State == VisitState.Held || v.State == VisitState.Confirmed) && v.StartsAt >= first && v.StartsAt < last && cases.Any(c => c.Id == v.CaseId), cancellationToken);
    }
}
