using Consultation.Cases;
using Consultation.Experts;
using Consultation.Mail;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Staff;
using Consultation.Topics;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Routing;

/// <summary>Makes an offer for a case that the caller has locked: chooses or checks the expert, keeps the decision, asks.</summary>
public sealed class Offering(ConsultationDb db, Execution execution, Candidates candidates, Outbox outbox, ClientLetter letter, DeskBook desks)
{
    internal const string Template = "offer-made";
    private const string WithdrawnTemplate = "offer-withdrawn";

    /// <param name="expert">Null lets the rules choose.</param>
    /// <param name="overrule">Why an excluded expert nevertheless; only heeded for those who may reassign.</param>
    /// <exception cref="RuleViolation"><c>offer.excluded</c> with the exclusions, or <c>offer.no_candidate</c>.</exception>
    public async Task<OfferResult> MakeAsync(Case found, Track track, ExpertId? expert, string? overrule, Occasion occasion, CancellationToken cancellationToken)
    {
        var match = await candidates.MatchAsync(found, track, null, occasion, cancellationToken);
        match = expert is { } named
            ? match.With(await FreshAsync(found, track, named, occasion, cancellationToken) ?? throw new InvalidInput("expertId", "field.unknown_code"))
            : await ChooseAsync(found, track, match, occasion, cancellationToken);
        var verdict = expert is null ? match.Verdicts[0] : match.Verdicts.Single(v => v.Expert == expert);
        var mayOverrule = execution.Actor.Can(Permission.ReassignCase) && !string.IsNullOrWhiteSpace(overrule);
        // Nobody can insist on an expert of the other ministry: that would be another track.
        var never = verdict.Excluded.Any(x => x.Code == "ministry");
        if (!verdict.IsEligible && (!mayOverrule || never))
        {
            throw new RuleViolation("offer.excluded", verdict.Name, string.Join("、", verdict.Excluded.Select(x => x.Text)), never ? "" : "業務責任者は理由を付けて打診できます。") { Extra = { ["excluded"] = verdict.Excluded } };
        }

        return await AskAsync(found, track, match, verdict, expert is null, overrule, occasion, cancellationToken);
    }

    /// <summary>Asks the expert who was chosen while this expert's load was locked.</summary>
    /// <param name="auto">The rules chose the best for this case alone; false for whoever a person or a plan chose, which looks at all cases together.</param>
    internal async Task<OfferResult> AskAsync(
        Case found, Track track, Match match, Verdict verdict, bool auto, string? overrule, Occasion occasion, CancellationToken cancellationToken)
    {
        var respondBy = occasion.Acceptance();
        var offer = new Offer(found.Id, track, verdict.Expert, respondBy.Due, overrule, execution.Actor, execution.Now);
        found.Offer(track, offer.Id, verdict.Expert, verdict.Name, respondBy, occasion);
        db.Add(offer);
        db.Add(new MatchDecision(offer, auto, match.Need, match.Facts, match.Verdicts));
        execution.Audit("offer.made", offer.Id, verdict.IsEligible ? null : "overruled");
        await TellAsync(found, offer, verdict.Name, occasion, cancellationToken);
        return OfferResult.Of(offer, found, verdict.Name);
    }

    /// <summary>
    /// Takes the question back that nobody has answered. The letter does not go out where it has not yet; whoever may have read it is told by another.
    /// </summary>
    internal async Task TakeBackAsync(Case found, Offer offer, string expertName, string reason, Occasion occasion, CancellationToken cancellationToken)
    {
        offer.Withdraw(reason, execution.Actor, execution.Now);
        execution.Audit("offer.withdrawn", offer.Id);
        if (await outbox.RecallAsync(Template, $"offer/{offer.Id}", reason, cancellationToken) is not { } recipient)
        {
            return;
        }

        outbox.Send(WithdrawnTemplate, $"offer/{offer.Id}", recipient, Ref.To(offer.ExpertId), Ref.To(found.Id), new Dictionary<string, string>
        {
            ["today"] = Wareki.FormatDay(occasion.Today),
            ["desk"] = (await desks.ReadAsync(cancellationToken)).Find(found.DeskId)?.Signature ?? "",
            ["expert"] = expertName,
            ["ministry"] = CaseWords.Of(offer.Track),
            ["number"] = found.Number,
        });
    }

    /// <summary>How the answer's date was found, by the clock that has just begun.</summary>
    internal static string WhyOf(Case found, Track track) => found.Deadlines.First(d => d.IsRunning && d.Kind == DeadlineKind.Acceptance && d.Track == track).Why;

    /// <summary>The expert is asked by mail, without anything personal of the client; an expert without an address is called by the desk.</summary>
    private async Task TellAsync(Case found, Offer offer, string expertName, Occasion occasion, CancellationToken cancellationToken)
    {
        var reach = await db.Set<Expert>().Where(e => e.Id == offer.ExpertId).Select(e => new { e.Email, e.Phone }).SingleAsync(cancellationToken);
        var values = new Dictionary<string, string>
        {
            ["today"] = Wareki.FormatDay(occasion.Today),
            ["desk"] = (await desks.ReadAsync(cancellationToken)).Find(found.DeskId)?.Signature ?? "",
            ["expert"] = expertName,
            ["ministry"] = CaseWords.Of(offer.Track),
            ["number"] = found.Number,
            ["prefecture"] = Prefectures.Find(found.Prefecture)?.Name ?? "（未確認）",
            ["topics"] = found.Topics.Length == 0 ? "（未確認）" : string.Join("、", found.Topics.Select(t => TopicCatalogue.Find(t)?.NameJa ?? t)),
            ["mode"] = found.PreferredMode is { } mode ? CaseWords.Of(mode) : "（未確認）",
            ["respondBy"] = Wareki.FormatTime(offer.RespondBy),
            ["why"] = WhyOf(found, offer.Track),
        };
        if (reach.Email is { } email)
        {
            outbox.Send(Template, $"offer/{offer.Id}", email, Ref.To(offer.ExpertId), Ref.To(found.Id), values);
            return;
        }

        var (subject, body) = outbox.Render(Template, values);
        await letter.CallInsteadAsync(
            found, CallBackKind.Colleague, offer.CallKey, $"専門家の{expertName}さんへ、メールの宛先がないため電話で: {subject}\n\n{body}", reach.Phone ?? "", occasion, cancellationToken,
            $"専門家の{expertName}さんへ: {ClientLetter.TitleOf(subject)}");
    }

    /// <returns>The match as it stands once the first has been looked at under lock.</returns>
    private async Task<Match> ChooseAsync(Case found, Track track, Match match, Occasion occasion, CancellationToken cancellationToken)
    {
        var looked = new HashSet<ExpertId>();
        while (match.Verdicts is [{ IsEligible: true, Expert: var best }, ..])
        {
            if (looked.Contains(best))
            {
                return match;
            }

            // Somebody else may have been asked meanwhile; then another may come first.
            await LockNextAsync(best, looked, cancellationToken);
            looked.Add(best);
            match = match.With((await KnownAsync(found, track, best, occasion, cancellationToken))!);
        }

        throw new RuleViolation("offer.no_candidate");
    }

    /// <summary>
    /// One more load beside those locked already. Whose id comes before one of them is taken only where it is free, else the command begins anew: the loads are
    /// looked at in the order of the score, and whoever waits for one waits in the order of the ids, so that nobody waits in a circle.
    /// </summary>
    private async Task LockNextAsync(ExpertId expert, IReadOnlyCollection<ExpertId> locked, CancellationToken cancellationToken)
    {
        if (locked.All(l => l.Value.CompareTo(expert.Value) < 0))
        {
            await LockLoadsAsync([expert], cancellationToken);
        }
        else if (!await db.Database.SqlQuery<bool>($"select pg_try_advisory_xact_lock(hashtextextended({expert.ToString()}, 50)) as \"Value\"").SingleAsync(cancellationToken))
        {
            throw new Conflict("busy");
        }
    }

    /// <summary>Locks the loads of several experts, in the order of their ids.</summary>
    internal Task LockLoadsAsync(IEnumerable<ExpertId> experts, CancellationToken cancellationToken)
    {
        string[] named = [.. experts.Select(e => e.Value).Distinct().Order().Select(id => id.ToString())];
        return db.Database.ExecuteSqlAsync($"select count(pg_advisory_xact_lock(hashtextextended(id, 50))) from unnest({named}) id", cancellationToken);
    }

    /// <summary>
    /// What is known of this expert with the load locked, so that two cases offered in the same instant do not both take the last place. Another
    /// lock than the diary's: that one is taken before the case, this one after.
    /// </summary>
    private async Task<ExpertFacts?> FreshAsync(Case found, Track track, ExpertId expert, Occasion occasion, CancellationToken cancellationToken)
    {
        await LockLoadsAsync([expert], cancellationToken);
        return await KnownAsync(found, track, expert, occasion, cancellationToken);
    }

    private async Task<ExpertFacts?> KnownAsync(Case found, Track track, ExpertId expert, Occasion occasion, CancellationToken cancellationToken) =>
        (await candidates.MatchAsync(found, track, null, occasion, cancellationToken, expert)).Facts.SingleOrDefault();
}
