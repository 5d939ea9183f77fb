using Consultation.Audit;
using Consultation.FollowUps;
using Consultation.Mail;
using Consultation.Pipeline;
using Consultation.Routing;
using Consultation.Visits;
using MediatR;

namespace Consultation.Work;

/// <param name="Name">Names the job in the engine, in <c>work_runs</c> and as the actor of what it does.</param>
/// <param name="Request">Does a bounded batch and returns how much it found to do; sent again until that is nought.</param>
public sealed record ScheduledJob(string Name, When When, Func<IRequest<int>> Request);

/// <summary>
/// The one list of background work (design §4): a job is an ordinary request on a schedule, safe to run twice, at any time, on any node.
/// State lives in domain tables; nothing is queued anywhere else, so nothing is lost with the engine.
/// </summary>
public static class Schedule
{
    public const string Mail = "dispatch-mail";

    // In the order in which one piece of work may cause another; mail goes out after what writes it, seals come last.
    public static IReadOnlyList<ScheduledJob> Jobs { get; } =
    [
        new("expire-holds", When.Every(TimeSpan.FromMinutes(1)), () => new ExpireHolds()),
        new("expire-offers", When.Every(TimeSpan.FromMinutes(1)), () => new ExpireOffers()),
        // Every minute, because a follow-up may be raised two minutes late at most while a worker is up (invariant I4).
        new("raise-follow-ups", When.InHours(TimeSpan.FromMinutes(1)), () => new RaiseDueFollowUps()),
        new("remind-of-visits", When.InHours(TimeSpan.FromMinutes(5)), () => new RemindOfVisits()),
        new("chase-reports", When.InHours(TimeSpan.FromMinutes(5)), () => new ChaseReports()),
        new(Mail, When.Every(TimeSpan.FromSeconds(15)), () => new DispatchMail()),
        new("seal-audit", When.Every(TimeSpan.FromMinutes(1)), () => new SealAudit()),
        new("clean-idempotency", When.Daily(new(3, 0)), () => new CleanIdempotency()),
    ];

    public static ScheduledJob Find(string name) => Jobs.Single(j => j.Name == name);
}
