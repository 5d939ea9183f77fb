using System.Collections.ObjectModel;
using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Topics;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Routing;

/// <summary>A need, what is known of the experts, and the verdicts in their order.</summary>
public sealed record Match(CaseNeed Need, IReadOnlyList<ExpertFacts> Facts, IReadOnlyList<Verdict> Verdicts)
{
    /// <summary>The same with what is known of one expert by now.</summary>
    internal Match With(ExpertFacts fresh) => this with
    {
        Facts = [.. Facts.Where(f => f.Expert != fresh.Expert).Append(fresh).OrderBy(f => f.Expert.Value)],
        Verdicts = [.. Verdicts.Where(v => v.Expert != fresh.Expert).Append(Matching.Judge(Need, fresh)).Order(Comparer<Verdict>.Create(Matching.Compare))],
    };
}

/// <summary>Gathers what <see cref="Matching"/> needs to know: load, earlier cases and answers beside what an expert's own row says.</summary>
public sealed class Candidates(ConsultationDb db, ExpertBook experts, CaseAccess access)
{
    private const int AbsenceHorizonDays = 28;

    /// <param name="found">With its tracks.</param>
    /// <param name="on">A date the client insists on.</param>
    /// <param name="only">Judges this one expert, as the transaction of the caller sees it.</param>
    public async Task<Match> MatchAsync(Case found, Track track, DateOnly? on, Occasion occasion, CancellationToken cancellationToken, ExpertId? only = null)
    {
        var rows = await CandidateRows.ReadAsync(db, [found], only, cancellationToken);
        return Judge(rows, only is { } one ? await AloneAsync(one, cancellationToken) : await experts.ReadAsync(rows.Sign, cancellationToken), found, track, on, occasion);
    }

    /// <summary>The same for many needs, in their order, each by the calendar of its case's desk. A case may ask for both tracks.</summary>
    /// <param name="needs">Cases with their tracks.</param>
    public async Task<IReadOnlyList<Match>> MatchManyAsync(IReadOnlyList<(Case Case, Track Track)> needs, CancellationToken cancellationToken)
    {
        var matches = new List<Match>(needs.Count);
        await EachAsync(needs, (_, match) => matches.Add(match), cancellationToken);
        return matches;
    }

    /// <summary>The same one after the other, so that the facts of one need are gone before those of the next are gathered.</summary>
    /// <param name="see">Gets the place of the need and its match.</param>
    internal async Task EachAsync(IReadOnlyList<(Case Case, Track Track)> needs, Action<int, Match> see, CancellationToken cancellationToken)
    {
        var rows = await CandidateRows.ReadAsync(db, [.. needs.Select(n => n.Case).Distinct()], null, cancellationToken);
        var all = await experts.ReadAsync(rows.Sign, cancellationToken);
        for (var at = 0; at < needs.Count; at++)
        {
            var (found, track) = needs[at];
            see(at, Judge(rows, all, found, track, null, await access.OccasionAsync(found.DeskId, cancellationToken)));
        }
    }

    private Task<List<Expert>> AloneAsync(ExpertId only, CancellationToken cancellationToken) =>
        db.Set<Expert>().AsNoTracking().Where(e => e.Id == only).Include(e => e.Topics).Include(e => e.Hours).Include(e => e.Days).Include(e => e.Absences).AsSplitQuery().ToListAsync(cancellationToken);

    private static Match Judge(CandidateRows rows, IReadOnlyList<Expert> experts, Case found, Track track, DateOnly? on, Occasion occasion)
    {
        var need = NeedOf(found, track, on, occasion);
        var days = on is { } insisted ? [insisted] : OpenDays(need, occasion).ToList();
        var now = occasion.Now.ToUniversalTime();
        var horizon = now.AddDays(AbsenceHorizonDays);
        var last = on is { } far && JapanTime.At(far.AddDays(1), default) > horizon ? JapanTime.At(far.AddDays(1), default).ToUniversalTime() : horizon;
        var other = found.Tracks.FirstOrDefault(t => t.Track != track && t.State is TrackState.Offered or TrackState.Held)?.ExpertId;
        var number = rows.NumberOf(found);
        var facts = new List<ExpertFacts>(experts.Count);
        foreach (var e in experts)
        {
            facts.Add(new(
                e.Id, e.Name, e.Affiliation, e.Active, e.TermFrom, e.TermTo, e.BasePrefecture, CoversPlace(e, need), need.Mode is not { } mode || e.Modes.Contains(mode),
                LevelsOf(e, need), (int)Travel.Padding(e.BasePrefecture, need.Prefecture, need.Mode ?? VisitMode.Visit).TotalMinutes,
                need.Industry is { } industry && e.Industries.Contains(industry),
                rows.LoadOf(e.Id, found), e.Capacity, e.Hours.Count > 0, e.AbsenceAt(now) is not null, days.Exists(e.WorksOn), AbsencesOf(e, now, last),
                rows.EarlierOf(e.Id, found), rows.DeclinedBy(e.Id, found), rows.UnansweredBy(e.Id, found), e.OffersStoppedWhy, other == e.Id,
                e.OwnClientOf(number, found.OrganisationKey), e.Modes.Any(m => m != VisitMode.Visit), occasion.Programme.ApplicantRanks ? rows.RankOf(e.Id, found, track) : null));
        }

        return new(need, facts, Matching.Judge(need, facts));
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

    private static IEnumerable<DateOnly> OpenDays(CaseNeed need, Occasion occasion)
    {
        for (var day = need.Today; day <= need.VisitBy; day = day.AddDays(1))
        {
            if (occasion.Calendar.IsOpen(day))
            {
                yield return day;
            }
        }
    }

    private static IReadOnlyDictionary<string, int> LevelsOf(Expert e, CaseNeed need) =>
        e.Topics.Any(t => need.Topics.Contains(t.Topic)) ? need.Topics.Where(t => e.LevelOf(t) > 0).ToDictionary(t => t, e.LevelOf) : ReadOnlyDictionary<string, int>.Empty;

    private static IReadOnlyList<AbsentDays> AbsencesOf(Expert e, DateTimeOffset now, DateTimeOffset last) =>
        e.Absences.Count == 0 ? [] : [.. e.Absences.Where(a => a.EndsAt > now && a.StartsAt < last).OrderBy(a => a.StartsAt).Select(DaysOf)];

    private static AbsentDays DaysOf(ExpertAbsence absence) =>
        new(JapanTime.DateOf(absence.StartsAt), JapanTime.DateOf(absence.EndsAt.AddTicks(-1)));
}
