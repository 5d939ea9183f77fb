using Consultation.Calendar;
using Consultation.Cases;
using Consultation.Experts;
using Consultation.FollowUps;
using Consultation.Messaging;
using Consultation.Organisations;
using Consultation.Reference;
using Consultation.Topics;
using Consultation.Visits;

namespace Consultation.Demo;

/// <summary>Visits, reports and follow-ups of a loaded case.</summary>
internal sealed partial class LoadedCase
{
    private static readonly Actor Reminding = Actor.System("remind-of-visits");
    private static readonly Actor Raising = Actor.System("raise-follow-ups");

    private readonly Dictionary<int, QuotaAccount> accounts = [];
    private readonly List<LoadedVisit> visits = [];
    private readonly List<FollowUp> followUps = [];

    public IReadOnlyList<FollowUp> FollowUps => followUps;

    /// <summary>The first free time of those who hold the case, from one day to another.</summary>
    /// <exception cref="RuleViolation"><c>load.too_few_experts</c></exception>
    public LoadSlot Find(VisitMode mode, int from, int to) =>
        world.Diary.Take([.. holders.Values.Distinct()], found.Prefecture, mode, from, to) ?? throw new RuleViolation("load.too_few_experts", world.People.Experts);

    /// <summary>Who writes for the ministry that leads.</summary>
    public Actor Writer => holders[Lead].Actor;

    public VisitMode WishedMode => found.PreferredMode ?? VisitMode.Web;

    public LoadedVisit Book(LoadSlot slot, VisitMode mode)
    {
        var start = Days.At(slot.Day, slot.Minute);
        var plan = new VisitPlan(start, start.AddMinutes(slot.Minutes), mode, null);
        var coming = holders.ToDictionary(h => h.Key, h => h.Value.Expert.Id);
        var visit = new Visit(found.Id, client.Organisation!.Id, 1, plan, (VisitStage)Math.Min(visits.Count, 2), coming, null, new(1), Occasion);
        visit.Number(visits.Count(v => v.Visit.State is VisitState.Confirmed or VisitState.TookPlace) + 1);
        var account = AccountOf(plan.Year);
        world.Rows.Add(account.Hold(Ref.To(found.Id), Ref.To(visit.Id), plan.On, clerk, now.ToUniversalTime()));
        client.ChargedIn = Math.Max(client.ChargedIn, plan.Year.Year);
        var experts = holders.Values.Distinct().Select(h => h.Expert).ToList();
        var entries = experts.Select(e => new DiaryEntry(
            e.Id, Ref.To(visit.Id), PeriodOf(e, plan), mode == VisitMode.Visit ? found.Prefecture : null, DiaryState.Confirmed)).ToList();
        found.VisitBooked([.. coming.Keys], $"{VisitWords.Of(visit)}を予約（{string.Join("、", experts.Select(e => e.Name))}）", Occasion);
        world.Letters.AboutVisit("visit-confirmed", visit, found, desk, experts, account, now);
        AuditVisit(clerk, "visit.booked", visit);
        AgreeFollowUps(suspended: true);
        var booked = new LoadedVisit(visit, slot.Day, experts, entries);
        visits.Add(booked);
        return booked;
    }

    private VisitPeriod PeriodOf(Expert expert, VisitPlan plan)
    {
        var way = Travel.Around(expert.BasePrefecture, found.Prefecture, plan.Start, plan.End, plan.Mode);
        return new(plan.Start, plan.End, way.Leave, way.Back);
    }

    public void Remind(LoadedVisit booked)
    {
        var visit = booked.Visit;
        world.Letters.AboutVisit("visit-reminder", visit, found, desk, booked.Experts, AccountOf(visit.Plan.Year), now);
        visit.Reminded(now);
        found.Tell(OccasionOf(Reminding), "visit_reminded", $"{VisitWords.Of(visit)}を相談者と専門家に前もってお知らせ");
    }

    public void Cancel(LoadedVisit booked)
    {
        const string Why = "相談者の都合がつかなくなったため。";
        var visit = booked.Visit;
        visit.Cancel(CancelledBy.Client, Why, Occasion);
        Free(booked, $"中止（{VisitWords.Of(CancelledBy.Client)}・取消しは回数に数えない取扱い）", e => e.Cancel());
        found.VisitFellThrough(visit.Tracks, new HashSet<Track>(), "visit_cancelled", $"{VisitWords.Of(visit)}を中止（{VisitWords.Of(CancelledBy.Client)}）: {Why}", Occasion);
        world.Letters.AboutVisit("visit-cancelled", visit, found, desk, booked.Experts, AccountOf(visit.Plan.Year), now,
            new() { ["by"] = VisitWords.Of(CancelledBy.Client), ["afterwards"] = "あらためてのご相談は、窓口までご連絡ください。" });
        AuditVisit(clerk, "visit.cancelled", visit, CancelledBy.Client.ToString());
    }

    public void NobodyThere(LoadedVisit booked)
    {
        var (visit, expert) = (booked.Visit, holders[booked.Visit.Tracks[0]].Actor);
        now = visit.EndsAt;
        visit.Complete(VisitOutcome.NoShow, null, null, OccasionOf(expert));
        Free(booked, "先方不在（回数に数えない取扱い）", e => e.NoShow());
        found.VisitFellThrough(visit.Tracks, new HashSet<Track>(), "visit_no_show", $"{VisitWords.Of(visit)}は先方不在", OccasionOf(expert));
        AuditVisit(expert, "visit.completed", visit, VisitOutcome.NoShow.ToString());
    }

    /// <param name="kinds">The months of the plan.</param>
    public void Complete(LoadedVisit booked, IReadOnlyList<FollowUpKind> kinds)
    {
        var visit = booked.Visit;
        now = visit.EndsAt.AddMinutes(random.Between(5, 50));
        var byDesk = random.Chance(15);
        var actor = byDesk ? clerk : holders[visit.Tracks[0]].Actor;
        var source = byDesk ? "相談者から電話で確認" : null;
        var occasion = OccasionOf(actor);
        visit.Complete(VisitOutcome.TookPlace, null, source, occasion);
        booked.Entries.ToList().ForEach(e => e.Complete());
        world.Rows.Add(AccountOf(visit.Plan.Year).Consume(Ref.To(found.Id), Ref.To(visit.Id), visit.Plan.On, "実施", actor, now.ToUniversalTime()));
        found.VisitTookPlace(Ref.To(visit.Id), visit.Tracks, visit.EndsAt, $"{VisitWords.Of(visit)}を実施{(source is null ? "" : $"（{source}）")}", occasion);
        AuditVisit(actor, "visit.completed", visit, VisitOutcome.TookPlace.ToString());
        PlanFollowUps(visit.Plan.On, kinds, occasion);
    }

    public IReadOnlyList<SessionReport> Report(LoadedVisit booked, bool last)
    {
        var visit = booked.Visit;
        var reports = new List<SessionReport>();
        foreach (var track in visit.Tracks)
        {
            var expert = holders[track].Actor;
            var text = world.Texts.Report(random);
            said.Add(text);
            var next = last ? ReportNext.Done : ReportNext.Another;
            found.ReportFiled(Ref.To(visit.Id), track, last, false, $"第{visit.Ordinal}回の報告（{CaseWords.Of(track)}・{VisitWords.Of(next)}）を提出", OccasionOf(expert));
            var report = new SessionReport(visit, track, text, found.Topics, next, null, true, OccasionOf(expert));
            world.Rows.Add(report);
            reports.Add(report);
            AuditVisit(expert, "report.filed", visit, track.ToString());
        }

        AgreeFollowUps(suspended: !last);
        return reports;
    }

    public void Approve(LoadedVisit booked, IReadOnlyList<SessionReport> reports)
    {
        var occasion = OccasionOf(world.People.Supervisor);
        foreach (var report in reports)
        {
            report.Approve(occasion);
            found.Tell(occasion, "report_approved", $"第{booked.Visit.Ordinal}回の報告（{CaseWords.Of(report.Track)}）を承認");
            AuditVisit(world.People.Supervisor, "report.approved", booked.Visit, report.Track.ToString());
        }
    }

    public void Raise(FollowUp followUp)
    {
        followUp.Raise(Occasion.Today, Occasion.Calendar.AddBusinessDays(Occasion.Today, Occasion.Programme.FollowUpIntervalDays).Due);
        found.Tell(OccasionOf(Raising), "follow_up_due", $"{FollowUpWords.Of(followUp.Kind)}の期日");
        AuditFollowUp(Raising, "follow_up.raised", followUp);
        var account = accounts.GetValueOrDefault(FiscalYear.Of(now).Year);
        var limit = account?.Limit ?? Occasion.Programme.QuotaLimit;
        world.Letters.FollowUpDue(followUp, found, desk, account?.Left ?? limit, limit, now);
    }

    public void Answer(FollowUp followUp)
    {
        Speak(random.Chance(60) ? ContactDirection.Out : ContactDirection.In);
        var result = random.Next(10) switch { < 5 => FollowUpResult.Improved, < 8 => FollowUpResult.Unchanged, 8 => FollowUpResult.NeedsAdvice, _ => FollowUpResult.NoAnswer };
        followUp.Complete(result, null, Occasion);
        found.FollowedUp("follow_up_done", $"{FollowUpWords.Of(followUp.Kind)}: {FollowUpWords.Of(result)}", Occasion);
        AuditFollowUp(clerk, "follow_up.completed", followUp, result.ToString());
    }

    /// <summary>The case ends before its plan does.</summary>
    public void GiveUpFollowUps()
    {
        var open = followUps.Where(f => f.State is FollowUpState.Planned or FollowUpState.Due).ToList();
        foreach (var followUp in open)
        {
            followUp.Cancel(withCase: true, Occasion);
            AuditFollowUp(clerk, "follow_up.cancelled", followUp, "case closed");
        }

        if (open.Count > 0)
        {
            found.Tell(Occasion, "follow_ups_cancelled", $"フォローアップ{open.Count}件を取消（案件の完了）");
        }
    }

    private void AgreeFollowUps(bool suspended) => followUps.ForEach(f => f.Suspend(suspended, Occasion.Today));

    /// <summary>As <see cref="FollowUpPlan"/> does it, with the counts of the load in place of those of the table.</summary>
    private void PlanFollowUps(DateOnly anchor, IReadOnlyList<FollowUpKind> kinds, Occasion occasion)
    {
        var programme = Days.ProgrammeOf(anchor);
        var told = new List<string>();
        foreach (var kind in kinds)
        {
            var due = occasion.Calendar.AddMonthsThenRoll(anchor, (int)kind, "実施");
            if (due.Due <= programme.ContractEndsOn)
            {
                due = Spread.Within(occasion.Calendar, due, occasion.Today, programme.ContractEndsOn, programme.FollowUpDailyLimit, day => world.Planned.GetValueOrDefault((desk.Id, day)));
            }

            var row = followUps.FirstOrDefault(f => f.Kind == kind);
            if (row is null)
            {
                followUps.Add(row = new(found.Id, kind, desk.Id, anchor, due, programme.ContractEndsOn, suspended: found.OpenVisits > 0, occasion.Today));
            }
            else
            {
                world.Planned[(desk.Id, row.DueOn)]--;
                row.Plan(anchor, due, programme.ContractEndsOn, suspended: found.OpenVisits > 0, occasion.Today);
            }

            world.Planned[(desk.Id, row.DueOn)] = world.Planned.GetValueOrDefault((desk.Id, row.DueOn)) + 1;
            AuditFollowUp(occasion.Actor, "follow_up.planned", row);
            told.Add($"{(int)kind}か月 {JapaneseDate.Long(due.Due)}{(row.State == FollowUpState.HandOver ? "（契約終了後のため引継ぎ）" : "")}");
        }

        found.Tell(occasion, "follow_ups_planned", $"フォローアップの予定: {string.Join("、", told)}");
    }

    private void Free(LoadedVisit booked, string why, Action<DiaryEntry> free)
    {
        var visit = booked.Visit;
        world.Rows.Add(AccountOf(visit.Plan.Year).Release(Ref.To(found.Id), Ref.To(visit.Id), visit.Plan.On, why, clerk, now.ToUniversalTime()));
        booked.Entries.ToList().ForEach(free);
    }

    private QuotaAccount AccountOf(FiscalYear year)
    {
        if (!accounts.TryGetValue(year.Year, out var account))
        {
            accounts.Add(year.Year, account = new(client.Organisation!.Id, Days.ProgrammeOf(year.First)));
        }

        return account;
    }

    private void AuditVisit(Actor actor, string action, Visit visit, string? details = null) => world.Rows.Audit(actor, now, action, "Visit", visit.Id.Value, details);

    private void AuditFollowUp(Actor actor, string action, FollowUp followUp, string? details = null) =>
        world.Rows.Audit(actor, now, action, "FollowUp", followUp.Id.Value, details);

    private void FinishVisits()
    {
        foreach (var booked in visits)
        {
            world.Rows.Add(booked.Visit, booked.Visit.Experts, booked.Entries);
        }

        foreach (var row in accounts.Values.Cast<object>().Concat(followUps))
        {
            world.Rows.Add(row);
        }
    }
}

/// <summary>A visit of a load with those who come and their diaries.</summary>
/// <param name="Day">The number of its day.</param>
internal sealed record LoadedVisit(Visit Visit, int Day, IReadOnlyList<Expert> Experts, IReadOnlyList<DiaryEntry> Entries);
