using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Organisations;
using Consultation.Persistence;
using Consultation.Topics;
using FluentValidation;
using MediatR;

namespace Consultation.Visits;

/// <summary>
/// Books a visit for the holders of the tracks, confirmed unless <paramref name="Hold"/>. Everybody or nobody: one expert who cannot come
/// refuses a joint visit. A taken slot names the next free ones (journeys J17, J18), an exhausted quota its ledger (J20).
/// </summary>
/// <param name="Tracks">All held tracks where null.</param>
[Requires(Permission.BookVisit)]
public sealed record BookVisit(
    CaseId Case, DateTimeOffset? Start, DateTimeOffset? End, VisitMode? Mode, VisitStage? Stage, string? Place = null, IReadOnlyList<Track>? Tracks = null, bool Hold = false) : ICommand<ChangedVisit>, ICompetes
{
    string? ICompetes.LostCode => "visit.taken";
}

internal sealed class BookVisitValidator : AbstractValidator<BookVisit>
{
    public BookVisitValidator()
    {
        this.Period(r => r.Start, r => r.End);
        RuleFor(r => r.Mode).NotNull().WithErrorCode("field.required");
        RuleFor(r => r.Stage).NotNull().WithErrorCode("field.required");
        RuleFor(r => r.Place).Storable();
        RuleFor(r => r.Tracks).Must(t => t is null or { Count: > 0 }).WithErrorCode("field.required");
    }
}

internal sealed class BookVisitHandler(
    ConsultationDb db, Execution execution, CaseAccess cases, ExpertDiary diary, ExpiredHolds holds, VisitQuota quota, VisitLetters letters,
    ProgrammeBook programmes) : IRequestHandler<BookVisit, ChangedVisit>
{
    /// <summary>A hold lasts to the closing of the second business day, and never beyond the visit itself.</summary>
    private const int HoldDays = 2;

    public async Task<ChangedVisit> Handle(BookVisit request, CancellationToken cancellationToken)
    {
        var plan = PlanRules.Checked(request.Start!.Value, request.End!.Value, request.Mode!.Value, request.Place, execution.Now);
        var (holders, organisation, prefecture) = await LookAsync(request, cancellationToken);
        var experts = holders.Values.Distinct().ToList();

        var diaries = new RoundTrip(db);
        ExpertDiary.Lock(diaries, experts);
        var expired = holds.Find(diaries, experts, int.MaxValue);
        await diaries.GoAsync(cancellationToken);

        // Locked in the order of all bookings, and behind the last lock everything that booking asks.
        var account = new QuotaKey(organisation, plan.Year.Year);
        var rest = new RoundTrip(db);
        await quota.LockAsync(rest, expired.Where(h => h.Account is not null).Select(h => h.Account!).Append(account), cancellationToken);
        ExpiredHolds.LockCases(rest, expired.Select(h => h.Case).Append(request.Case));
        var locked = cases.ForChange(rest, request.Case);
        var visits = rest.Entities<Visit>($"where case_id = {request.Case.Value}");
        var read = BookableTime.Read(rest, experts, prefecture, plan.Start, plan.End);
        await rest.GoAsync(cancellationToken);

        var found = locked();
        found.Demand(CaseAction.Book);
        if (holders.Any(h => found.TrackOf(h.Key)?.ExpertId != h.Value) || found.Prefecture != prefecture || (found.OrganisationId is { } owner && owner != organisation))
        {
            // Somebody reassigned the case between the look and the lock, or said whose it is and where.
            throw new Conflict("busy");
        }

        // What just ended blocks in the database until the save, but not in fact.
        var ended = await holds.ReleaseAsync(expired, cancellationToken);
        var occasion = await cases.OccasionAsync(found.DeskId, cancellationToken);
        var time = read(ended);
        await time.DemandFreeAsync(db, plan, execution.Now, ended, cancellationToken);

        var units = holders.Count > 1 && (await programmes.GetAsync(plan.Year, cancellationToken)).JointCountsTwice ? 2 : 1;
        await quota.DemandLeftAsync(account, units, cancellationToken);
        if (visits.Any(v => v.IsOpen && v.StartsAt < plan.End && plan.Start < v.EndsAt))
        {
            throw new RuleViolation("visit.client_busy");
        }

        var visit = new Visit(found.Id, organisation, 1, plan, request.Stage!.Value, holders, request.Hold ? HoldUntil(plan, occasion) : null, units, occasion);
        db.Add(visit);
        VisitNumbers.Agree(db, found.Id);
        quota.Hold(visit, occasion);
        foreach (var expert in time.Experts)
        {
            var period = await time.Attend(expert, plan)!.TakeAsync(diary, plan, cancellationToken);
            diary.Enter(expert.Id, Ref.To(visit.Id), period, plan.Mode == VisitMode.Visit ? prefecture : null,
                request.Hold ? DiaryState.Held : DiaryState.Confirmed);
        }

        var names = string.Join("、", time.Experts.Select(e => e.Name));
        found.VisitBooked([.. holders.Keys], $"{VisitWords.Of(visit)}を{(request.Hold ? "仮押さえ" : "予約")}（{names}）", occasion);
        if (!request.Hold)
        {
            await letters.ConfirmedAsync(visit, found, occasion, cancellationToken, time.Experts);
        }

        execution.Audit("visit.booked", visit.Id);
        execution.Raise(new VisitBooked(found.Id, visit.Id));
        return ChangedVisit.Of(visit, found, execution.Actor, quota.LeftFor(visit));
    }

    /// <summary>What must be known before anything is locked: who would come, whose account, where.</summary>
    private async Task<(IReadOnlyDictionary<Track, ExpertId> Holders, OrganisationId Organisation, string? Prefecture)> LookAsync(BookVisit request, CancellationToken cancellationToken)
    {
        var look = new RoundTrip(db);
        var rows = look.Rows(
            $"select organisation_id, number, prefecture, status from cases where id = {request.Case.Value} and {CaseAccess.Reach.Of(execution.Actor).Covers}",
            r => (OrganisationId: r.MaybeId<OrganisationId>(), Number: r.Text(), Prefecture: r.MaybeText(), Status: r.Code<CaseStatus>()));
        var tracks = look.Rows(
            $"select track, state, expert_id from case_tracks where case_id = {request.Case.Value}", r => new HeldTrack(r.Code<Track>(), r.Code<TrackState>(), r.MaybeId<ExpertId>()));
        await look.GoAsync(cancellationToken);
        var seen = rows.Count > 0 ? rows[0] : throw new NotFound();
        if (!CaseActions.IsLegal(seen.Status, CaseAction.Book))
        {
            throw new RuleViolation("case.not_allowed", CaseWords.Of(seen.Status), CaseWords.Of(CaseAction.Book));
        }

        var holders = HeldTrack.Choose(tracks, request.Tracks);
        if (execution.Actor is { Role: Role.Expert, Expert: var own } && holders.Values.All(e => e != own))
        {
            throw new Forbidden("visit.not_own");
        }

        var organisation = seen.OrganisationId
            ?? await Organisation.OfNamelessAsync(db, Ref.To(request.Case), seen.Number, seen.Prefecture, execution.Now, cancellationToken);
        return (holders, organisation, seen.Prefecture);
    }

    private static DateTimeOffset HoldUntil(VisitPlan plan, Occasion occasion)
    {
        var closing = occasion.ByDays(HoldDays).Due;
        return closing < plan.Start ? closing : plan.Start;
    }
}

/// <summary>One track of a case as booking sees it.</summary>
internal sealed record HeldTrack(Track Track, TrackState State, ExpertId? Expert)
{
    /// <summary>Who would come for the tracks asked for: all held ones where none is named, else those whose consulting is done.</summary>
    /// <exception cref="RuleViolation"><c>track.not_held</c></exception>
    public static IReadOnlyDictionary<Track, ExpertId> Choose(IReadOnlyCollection<HeldTrack> tracks, IReadOnlyCollection<Track>? asked)
    {
        var holders = tracks.Where(t => t is { State: TrackState.Held or TrackState.Done, Expert: not null }).ToList();
        var chosen = asked is not null ? holders.Where(t => asked.Contains(t.Track)).ToList()
            : holders.Any(t => t.State == TrackState.Held) ? holders.Where(t => t.State == TrackState.Held).ToList() : holders;
        return chosen.Count == 0 || (asked is not null && chosen.Count < asked.Distinct().Count())
            ? throw new RuleViolation("track.not_held")
            : chosen.ToDictionary(t => t.Track, t => t.Expert!.Value);
    }
}
