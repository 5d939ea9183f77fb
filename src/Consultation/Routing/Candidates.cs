using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Topics;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Routing;

/// <summary>A need, what is known of the experts, and the verdicts in their order.</summary>
public sealed record Match(CaseNeed Need, IReadOnlyList<ExpertFacts> Facts, IReadOnlyList<Verdict> Verdicts);

/// <summary>Gathers what <see cref="Matching"/> needs to know: load, earlier cases and answers beside what an expert's own row says.</summary>
public sealed class Candidates(ConsultationDb db, CaseAccess access)
{
    private const int AbsenceHorizonDays = 28;

    /// <param name="on">A date the client insists on.</param>
    /// <param name="only">Judges this one expert.</param>
    public async Task<Match> MatchAsync(Case found, Track track, DateOnly? on, Occasion occasion, CancellationToken cancellationToken, ExpertId? only = null)
    {
        var need = NeedOf(found, track, on, occasion);
        var now = occasion.Now.ToUniversalTime();
        var horizon = now.AddDays(AbsenceHorizonDays);
        var last = on is { } insisted && JapanTime.At(insisted.AddDays(1), default) > horizon ? JapanTime.At(insisted.AddDays(1), default).ToUniversalTime() : horizon;
        var experts = await db.Set<Expert>().AsNoTracking()
            .Where(e => only == null || e.Id == only)
            .Include(e => e.Topics).Include(e => e.Hours).Include(e => e.Absences.Where(a => a.EndsAt > now && a.StartsAt < last)).AsSplitQuery()
            .ToListAsync(cancellationToken);
        var loads = await LoadsAsync(found.Id, only, cancellationToken);
        var earlier = await EarlierAsync(found, cancellationToken);
        var answers = await db.Set<Offer>().AsNoTracking().Where(o => o.CaseId == found.Id && (o.State == OfferState.Declined || o.State == OfferState.Expired))
            .Select(o => new { o.ExpertId, o.State, o.Reason }).ToListAsync(cancellationToken);

        var facts = experts.OrderBy(e => e.Id.Value).Select(e => new ExpertFacts(
            e.Id, e.Name, e.Affiliation, e.Active, e.TermFrom, e.TermTo, e.BasePrefecture, CoversPlace(e, need), need.Mode is not { } mode || e.Modes.Contains(mode),
            need.Topics.Where(t => e.LevelOf(t) > 0).ToDictionary(t => t, e.LevelOf),
            (int)Travel.Padding(e.BasePrefecture, need.Prefecture, need.Mode ?? VisitMode.Visit).TotalMinutes,
            need.Industry is { } industry && e.Industries.Contains(industry),
            loads.GetValueOrDefault(e.Id), e.Capacity, e.Hours.Count > 0, e.AbsenceAt(now) is not null, HasFreeDay(e, need, occasion),
            [.. e.Absences.OrderBy(a => a.StartsAt).Select(DaysOf)],
            earlier.GetValueOrDefault(e.Id),
            answers.FirstOrDefault(a => a.ExpertId == e.Id && a.State == OfferState.Declined) is { } declined ? declined.Reason ?? "" : null,
            answers.Count(a => a.ExpertId == e.Id && a.State == OfferState.Expired), e.OffersStoppedWhy,
            found.Tracks.Any(t => t.Track != track && t.ExpertId == e.Id && t.State is TrackState.Offered or TrackState.Held))).ToList();
        return new(need, facts, Matching.Judge(need, facts));
    }

    /// <summary>The same for many needs, in their order, each by the calendar of its case's desk. A case may ask for both tracks.</summary>
    public async Task<IReadOnlyList<Match>> MatchManyAsync(IReadOnlyList<(Case Case, Track Track)> needs, CancellationToken cancellationToken)
    {
        var matches = new List<Match>(needs.Count);
        foreach (var (found, track) in needs)
        {
            matches.Add(await MatchAsync(found, track, null, await access.OccasionAsync(found.DeskId, cancellationToken), cancellationToken));
        }

        return matches;
    }

    private static CaseNeed NeedOf(Case found, Track track, DateOnly? on, Occasion occasion)
    {
        var lead = track == Track.Mic ? TopicLead.Mic : TopicLead.Mhlw;
        var topics = found.Topics.Where(t => TopicCatalogue.Find(t) is { } topic && (topic.Lead == lead || topic.Lead == TopicLead.Both)).ToList();
        var visitBy = occasion.ByDays(occasion.Programme.AcceptanceDays + occasion.Programme.FirstVisitDays);
        return new(track, found.District, found.Prefecture, found.PreferredMode, topics, found.Industry, occasion.Today, JapanTime.DateOf(visitBy.Due), on);
    }

    /// <summary>Unknown places are judged by the district of the desk; the national desk's are nobody's exclusion.</summary>
    private static bool CoversPlace(Expert e, CaseNeed need) =>
        need.Prefecture is not null ? e.Covers(need.Prefecture) : Districts.Find(need.District) is null || e.CoversDistrict(need.District);

    private static bool HasFreeDay(Expert e, CaseNeed need, Occasion occasion)
    {
        if (need.On is { } on)
        {
            return e.WorksOn(on);
        }

        for (var day = need.Today; day <= need.VisitBy; day = day.AddDays(1))
        {
            if (occasion.Calendar.IsOpen(day) && e.WorksOn(day))
            {
                return true;
            }
        }

        return false;
    }

    private static AbsentDays DaysOf(ExpertAbsence absence) =>
        new(JapanTime.DateOf(absence.StartsAt), JapanTime.DateOf(absence.EndsAt.AddTicks(-1)));

    private async Task<Dictionary<ExpertId, int>> LoadsAsync(CaseId asked, ExpertId? only, CancellationToken cancellationToken)
    {
        var rows = await (
            from t in db.Set<CaseTrack>()
            join c in db.Set<Case>() on t.CaseId equals c.Id
            where t.ExpertId != null && c.Id != asked && (only == null || t.ExpertId == only) && (t.State == TrackState.Offered || t.State == TrackState.Held) && c.Status != CaseStatus.Closed
            group t.CaseId by t.ExpertId into held
            select new { Expert = held.Key!.Value, Count = held.Distinct().Count() }).ToListAsync(cancellationToken);
        return rows.ToDictionary(r => r.Expert, r => r.Count);
    }

    private async Task<Dictionary<ExpertId, int>> EarlierAsync(Case found, CancellationToken cancellationToken)
    {
        if (found.OrganisationId is not { } organisation)
        {
            return [];
        }

        var rows = await (
            from t in db.Set<CaseTrack>()
            join c in db.Set<Case>() on t.CaseId equals c.Id
            where c.OrganisationId == organisation && c.Id != found.Id && t.ExpertId != null && (t.State == TrackState.Held || t.State == TrackState.Done)
            group t by t.ExpertId into held
            select new { Expert = held.Key!.Value, Count = held.Count() }).ToListAsync(cancellationToken);
        return rows.ToDictionary(r => r.Expert, r => r.Count);
    }
}
