using Consultation.Audit;
using Consultation.Mail;
using Consultation.Pipeline;
using Consultation.Routing;
using MediatR;

namespace Consultation.Work;

/// <param name="Name">Names the job in the engine, in <c>work_runs</c> and as the actor of what it does.</param>
/// <param name="Request">Returns how much it found to do; nought where nothing was due.</param>
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
        new("expire-offers", When.Every(TimeSpan.FromMinutes(1)), () => new ExpireOffers()),
        new(Mail, When.Every(TimeSpan.FromSeconds(15)), () => new DispatchMail()),
        new("seal-audit", When.Every(TimeSpan.FromMinutes(1)), () => new SealAudit()),
        new("clean-idempotency", When.Daily(new(3, 0)), () => new CleanIdempotency()),
    ];

    public static ScheduledJob Find(string name) => Jobs.Single(j => j.Name == name);
}
