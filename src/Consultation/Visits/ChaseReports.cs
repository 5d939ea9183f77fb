using Consultation.Cases;
using Consultation.Experts;
using Consultation.Mail;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Staff;
using Consultation.Topics;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Visits;

/// <summary>
/// Job: asks for reports past their deadline (design §2, journey J61): the expert by mail, once; from the next business day on the desk, by a
/// call in which it takes the report down as dictated. Works while the desk is open; each visit is a transaction of its own. Answers of how many visits a
/// report was asked for; each rung is climbed once.
/// </summary>
/// <exception cref="PartlyDone">For all others was asked; for these it could not be.</exception>
[Requires(Permission.Operate), OutsideTransaction]
public sealed record ChaseReports(int Most = 200) : ICommand<int>;

internal sealed class ChaseReportsHandler(ConsultationDb db, Dispatcher dispatcher, Execution execution, DeskBook desks) : IRequestHandler<ChaseReports, int>
{
    public async Task<int> Handle(ChaseReports request, CancellationToken cancellationToken)
    {
        var book = await desks.ReadAsync(cancellationToken);
        var open = book.OpenAt(execution.Now).Select(d => d.Id.Value).ToArray();
        var now = execution.Now.ToUniversalTime();
        var today = JapanTime.At(JapanTime.DateOf(now), TimeOnly.MinValue).ToUniversalTime();
        var due = await db.Database.SqlQuery<Guid>($"""
            select v.id as "Value" from deadlines d
            join visits v on v.id = d.subject join visit_experts e on e.visit_id = v.id and e.track = d.track join cases c on c.id = d.case_id
            where d.kind = 'report' and d.state = 'open' and d.due_at <= {now} and c.desk_id = any({open})
              and (e.report_reminded_at is null or (e.report_called_at is null and e.report_reminded_at < {today}))
            group by v.id order by exists (select 1 from work_failures w where w.row_id = v.id::text), min(d.due_at), v.id limit {request.Most}
            """).ToListAsync(cancellationToken);
        return await dispatcher.SendEach(due, id => new ChaseReportsOf(new(id)), execution.Actor, cancellationToken);
    }
}

/// <summary>Takes the late reports of one visit a rung further. False where somebody else did, or nobody waits for them any more.</summary>
[Requires(Permission.Operate)]
public sealed record ChaseReportsOf(VisitId Visit) : ICommand<bool>;

internal sealed class ChaseReportsOfHandler(ConsultationDb db, CaseAccess cases, LateReports late) : IRequestHandler<ChaseReportsOf, bool>
{
    public async Task<bool> Handle(ChaseReportsOf request, CancellationToken cancellationToken)
    {
        var owner = await db.Set<Visit>().Where(v => v.Id == request.Visit).Select(v => (CaseId?)v.CaseId).FirstOrDefaultAsync(cancellationToken) ?? throw new NotFound();
        var found = await cases.ForConsequenceAsync(owner, cancellationToken);
        var visit = await db.Set<Visit>().Include(v => v.Experts).SingleAsync(v => v.Id == request.Visit, cancellationToken);
        return await late.ChaseAsync(new(visit, found, await cases.OccasionAsync(found.DeskId, cancellationToken)), cancellationToken);
    }
}

/// <summary>The ladder a late report climbs, and its end.</summary>
public sealed class LateReports(ConsultationDb db, ClientLetter letters, Outbox outbox, DeskBook desks, CallTasks calls)
{
    internal const string Template = "report-late";

    /// <summary>Takes each late report of a visit one rung further, where its time has come.</summary>
    internal async Task<bool> ChaseAsync(VisitInHand hand, CancellationToken cancellationToken)
    {
        var (visit, found, occasion) = hand;
        var asked = false;
        foreach (var writer in visit.Experts)
        {
            var deadline = found.Deadlines.FirstOrDefault(d =>
                d.Kind == DeadlineKind.Report && d.State == DeadlineState.Open && d.Track == writer.Track && d.Subject == Ref.To(visit.Id) && d.DueAt <= occasion.Now);
            if (deadline is null || writer.ReportCalledAt is not null || (writer.ReportRemindedAt is { } asOf && JapanTime.DateOf(asOf) >= occasion.Today))
            {
                continue;
            }

            var expert = await db.Set<Expert>().AsNoTracking().Where(e => e.Id == writer.ExpertId).Select(e => new { e.Name, e.Email, e.Phone }).SingleAsync(cancellationToken);
            var what = $"第{visit.Ordinal}回の報告（{CaseWords.Of(writer.Track)}）";
            if (writer.ReportRemindedAt is null && expert.Email is { } email)
            {
                outbox.Send(Template, $"{LetterKey(visit.Id, writer.Track)}{deadline.DueAt:yyyyMMdd}", email, Ref.To(writer.ExpertId), Ref.To(found.Id), await ValuesAsync(hand, writer, expert.Name, deadline, cancellationToken));
                found.Tell(occasion, "report_reminded", $"{what}の提出を{expert.Name}にメールで催促");
            }
            else
            {
                await letters.CallInsteadAsync(
                    found, CallBackKind.Colleague, $"{CallKey(visit.Id, writer.Track)}{deadline.DueAt:yyyyMMdd}",
                    $"専門家の{expert.Name}さんに電話で催促: {what}が期限（{JapaneseDate.Short(JapanTime.DateOf(deadline.DueAt))}）を過ぎています。聞き取った内容は「報告を書く」から口述として記録できます。",
                    expert.Phone ?? "", occasion, cancellationToken);
                found.Tell(occasion, "report_call_owed", $"{what}を電話で催促する作業を窓口に追加");
                writer.ReportCalled(occasion.Now);
            }

            if (writer.ReportRemindedAt is null)
            {
                writer.ReportReminded(occasion.Now);
            }

            asked = true;
        }

        return asked;
    }

    /// <summary>The report came, or nobody waits for it any more: nobody need call.</summary>
    internal Task EndAsync(VisitId visit, Track track, bool kept, Case found, Occasion occasion, CancellationToken cancellationToken)
    {
        // The desk's own call, and the one that stands for a letter that did not arrive.
        string[] about = [CallKey(visit, track), $"{Template}/{LetterKey(visit, track)}"];
        return calls.EndAsync(found, key => Array.Exists(about, a => key.StartsWith(a, StringComparison.Ordinal)), kept, occasion, cancellationToken);
    }

    /// <summary>The letter that asked for a report was lost: nobody need call instead where nobody waits for that report any more.</summary>
    /// <param name="lost">The event of the call: the letter's template and its own event.</param>
    internal async Task EndNeedlessAsync(string lost, Case found, Occasion occasion, CancellationToken cancellationToken)
    {
        if (lost.Split('/') is [Template, Template, var about, var which, ..] && VisitId.TryParse(about, null, out var visit) && Enum.TryParse<Track>(which, out var track)
            && !found.Deadlines.Any(d => d.Kind == DeadlineKind.Report && d.State == DeadlineState.Open && d.Track == track && d.Subject == Ref.To(visit)))
        {
            await EndAsync(visit, track, kept: false, found, occasion, cancellationToken);
        }
    }

    private static string CallKey(VisitId visit, Track track) => $"report-call/{visit}/{track}/";

    private static string LetterKey(VisitId visit, Track track) => $"{Template}/{visit}/{track}/";

    private async Task<Dictionary<string, string>> ValuesAsync(VisitInHand hand, VisitExpert writer, string expert, Deadline deadline, CancellationToken cancellationToken) => new()
    {
        ["expert"] = expert,
        ["ministry"] = CaseWords.Of(writer.Track),
        ["number"] = hand.Case.Number,
        ["ordinal"] = $"第{hand.Visit.Ordinal}回",
        ["period"] = VisitWords.FormalPeriod(hand.Visit.Plan),
        ["due"] = Wareki.Format(JapanTime.DateOf(deadline.DueAt)),
        ["why"] = deadline.Why,
        ["desk"] = (await desks.ReadAsync(cancellationToken)).Find(hand.Case.DeskId)?.Signature ?? "",
        ["today"] = Wareki.FormatDay(hand.Occasion.Today),
    };
}
