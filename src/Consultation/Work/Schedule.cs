using Consultation.Audit;
using Consultation.CaseLoad;
using Consultation.Cases;
using Consultation.Experts.Outside;
using Consultation.FollowUps;
using Consultation.Mail;
using Consultation.Pipeline;
using Consultation.Routing;
using Consultation.Routing.Board;
using Consultation.Visits;
using MediatR;

namespace Consultation.Work;

/// <param name="Name">Names the job in the engine, in <c>work_runs</c> and as the actor of what it does.</param>
/// <param name="Request">Does a bounded batch and returns how much it found to do; sent again until that is nought.</param>
/// <param name="Due">
/// For the work page: the rows that wait for the job now, as the end of a <c>select … from</c>; null where they cannot be counted. <c>next_days (desk_id, until)</c> tells
/// when each desk's next business day is over.
/// </param>
/// <param name="Once">What comes in while it works is for the next beat: for work that never ends while people work, and is cheaper done together.</param>
public sealed record ScheduledJob(string Name, When When, Func<IRequest<int>> Request, string? Due = null, bool Once = false);

/// <summary>
/// The one list of background work (design §4): a job is an ordinary request on a schedule, safe to run twice, at any time, on any node.
/// State lives in domain tables; nothing is queued anywhere else, so nothing is lost with the engine.
/// </summary>
public static class Schedule
{
    public const string Mail = "dispatch-mail";

    // Asked once for all rows, so that an index can answer; by the one clock, the day of Japan.
    private const string Now = "(select app_now())";
    private const string Today = $"({Now} at time zone 'Asia/Tokyo')::date";

    // In the order in which one piece of work may cause another; mail goes out after what writes it, seals come last.
    public static IReadOnlyList<ScheduledJob> Jobs { get; } =
    [
        new("expire-holds", When.Every(TimeSpan.FromMinutes(1)), () => new ExpireHolds(),
            $"visits where state = 'held' and hold_expires_at <= {Now}"),
        // After the holds that ran out, and before the mail that tells of it.
        new(OfferFreedSlots.Job, When.Every(TimeSpan.FromMinutes(1)), () => new OfferFreedSlots(), "freed_times"),
        new("review-slot-wishes", When.Daily(new(8, 30)), () => new ReviewSlotWishes(), $"slot_wishes where state = 'waiting' and to_on < {Today}"),
        new("expire-offers", When.Every(TimeSpan.FromMinutes(1)), () => new ExpireOffers(),
            $"offers o join deadlines d on d.case_id = o.case_id and d.track = o.track and d.kind = 'acceptance' and d.state = 'open' where o.state = 'open' and d.due_at <= {Now}"),
        // After what makes room, and before the mail.
        new(OfferWaiting.Job, When.InHours(TimeSpan.FromMinutes(5)), () => new OfferWaiting(),
            $"cases where status = 'waiting' and not on_hold and exists (select 1 from programme_years where offers_when_free and fiscal_year = extract(year from {Today} - interval '3 months'))"),
        // Every minute, because a follow-up may be raised two minutes late at most while a worker is up (invariant I4).
        new("raise-follow-ups", When.InHours(TimeSpan.FromMinutes(1)), () => new RaiseDueFollowUps(),
            $"follow_ups f join cases c on c.id = f.case_id where f.state = 'planned' and f.due_on <= {Today} and c.status not in ('closed', 'received') and (not c.on_hold or f.last_on < {Today})"),
        new("ask-follow-ups-again", When.InHours(TimeSpan.FromMinutes(5)), () => new AskFollowUpsAgain(),
            $"""
            follow_ups f join cases c on c.id = f.case_id where f.state = 'due' and c.status not in ('closed', 'received')
              and (f.last_on < {Today} or (f.next_ask_on <= {Today} and not c.on_hold
                and not exists (select 1 from call_backs b where b.case_id = f.case_id and b.state = 'open' and strpos(b.event_key, f.id::text) > 0)))
            """),
        new("send-surveys", When.InHours(TimeSpan.FromMinutes(5)), () => new SendSurveys(),
            $"surveys where state = 'planned' and ask_on <= {Today}"),
        new("remind-of-visits", When.InHours(TimeSpan.FromMinutes(5)), () => new RemindOfVisits(),
            $"visits v join cases c on c.id = v.case_id join next_days d on d.desk_id = c.desk_id where v.state = 'confirmed' and v.reminded_at is null and v.starts_at > {Now} and v.starts_at < d.until"),
        new("chase-reports", When.InHours(TimeSpan.FromMinutes(5)), () => new ChaseReports(),
            $"""
            deadlines d join visit_experts e on e.visit_id = d.subject and e.track = d.track where d.kind = 'report' and d.state = 'open' and d.due_at <= {Now}
              and (e.report_reminded_at is null or (e.report_called_at is null and e.report_reminded_at < {Today}::timestamp at time zone 'Asia/Tokyo'))
            """),
        new("escalate-overdue", When.InHours(TimeSpan.FromMinutes(1)), () => new EscalateOverdue(),
            $"deadlines d join cases c on c.id = d.case_id where d.state = 'open' and d.due_at <= {Now} and d.escalate_at <= {Now} and not c.on_hold"),
        // Before the desks open; on business days.
        new("send-mail-digests", When.Daily(SendMailDigests.At), () => new SendMailDigests(), "outgoing_mail where state = 'gathered' and digest is null"),
        new(Mail, When.Every(TimeSpan.FromSeconds(15)), () => new DispatchMail(),
            $"outgoing_mail where state in ('waiting', 'attempting', 'deferred') and next_attempt_at <= {Now}"),
        new("tell-lost-mail", When.Every(TimeSpan.FromSeconds(15)), () => new TellLostMails(), "outgoing_mail where untold_since is not null"),
        new("fetch-calendars", When.Every(TimeSpan.FromMinutes(10)), () => new FetchCalendars(), $"expert_calendars where source = 'feed' and next_fetch_at <= {Now}"),
        // Often, because every view of the case load looks at each marked case.
        new("fold-case-load", When.Every(TimeSpan.FromSeconds(5)), () => new FoldCaseLoad(), "case_load_marks", Once: true),
        new("seal-audit", When.Every(TimeSpan.FromMinutes(1)), () => new SealAudit(),
            """
            audit_entry e where (e.written_by, e.id) > (
              select coalesce(max(x.written_by::text), '0')::xid8, coalesce(max(x.id), 0) from audit_entry x
              where x.id = (select audit_id from audit_seal order by seal_no desc limit 1))
            """),
        new("seal-stragglers", When.Daily(new(3, 30)), () => new SealAudit(Whole: true)),
        new("prune-plans", When.Daily(new(3, 10)), () => new PrunePlans(),
            $"""
            assignment_plans p where p.made_at < {Now} - interval '14 days' and (p.state = 'proposed' or (p.made_by = '{OfferWaiting.Job}' and not exists (
              select 1 from assignment_plan_offers made join offers o on o.id = made.offer_id where made.plan_id = p.id and o.state = 'open')))
            """),
        new("clean-idempotency", When.Daily(new(3, 0)), () => new CleanIdempotency(),
            $"idempotency where created_at < {Now} - interval '7 days'"),
    ];

    public static ScheduledJob Find(string name) => Jobs.Single(j => j.Name == name);
}
