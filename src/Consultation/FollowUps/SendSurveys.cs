using Consultation.Cases;
using Consultation.Mail;
using Consultation.Messaging;
using Consultation.Organisations;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Staff;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.FollowUps;

/// <summary>
/// Job: in the opening hours of the desk, on the business day after a consultation was recorded, its client gets the satisfaction survey. Who cannot be
/// mailed gets none, for a link cannot be told on the telephone. Answers how many were sent or left out.
/// </summary>
/// <exception cref="PartlyDone">All others were sent; these could not be.</exception>
[Requires(Permission.Operate), OutsideTransaction]
public sealed record SendSurveys(int Most = 200) : ICommand<int>;

internal sealed class SendSurveysHandler(ConsultationDb db, Dispatcher dispatcher, Execution execution, DeskBook desks, MailSettings settings) : IRequestHandler<SendSurveys, int>
{
    public async Task<int> Handle(SendSurveys request, CancellationToken cancellationToken)
    {
        if (await SendSurveyHandler.BaseAsync(settings, db, cancellationToken) is null)
        {
            return 0;
        }

        var book = await desks.ReadAsync(cancellationToken);
        var open = book.OpenAt(execution.Now).Select(d => d.Id.Value).ToArray();
        var due = await db.Database.SqlQuery<Guid>($"""
            select s.id as "Value" from surveys s join cases c on c.id = s.case_id
            where s.state = 'planned' and s.ask_on <= {JapanTime.DateOf(execution.Now)} and c.desk_id = any({open})
            order by exists (select 1 from work_failures w where w.row_id = s.id::text), s.ask_on, s.id limit {request.Most}
            """).ToListAsync(cancellationToken);
        return await dispatcher.SendEach(due, id => new SendSurvey(new(id)), execution.Actor, cancellationToken);
    }
}

/// <summary>One survey is sent, or left out for good. False where somebody else did it.</summary>
[Requires(Permission.Operate)]
public sealed record SendSurvey(SurveyId Survey) : ICommand<bool>;

internal sealed class SendSurveyHandler(ConsultationDb db, Execution execution, CaseAccess cases, ClientLetter letters, ProgrammeBook programmes, MailSettings settings)
    : IRequestHandler<SendSurvey, bool>
{
    /// <summary>Whoever is asked a fortnight late has forgotten; what was missed for longer (a stopped worker) is left out.</summary>
    private const int MostDaysLate = 14;

    /// <summary>What links begin with; null where letters carry none.</summary>
    internal static async Task<string?> BaseAsync(MailSettings settings, ConsultationDb db, CancellationToken cancellationToken) =>
        settings.LinksOf(await db.Database.SqlQuery<bool>($"select demo as \"Value\" from installation").SingleAsync(cancellationToken));

    public async Task<bool> Handle(SendSurvey request, CancellationToken cancellationToken)
    {
        var owner = await db.Set<Survey>().Where(s => s.Id == request.Survey).Select(s => (CaseId?)s.CaseId).FirstOrDefaultAsync(cancellationToken) ?? throw new NotFound();
        var found = await cases.ForConsequenceAsync(owner, cancellationToken);
        var survey = await db.Set<Survey>().SingleAsync(s => s.Id == request.Survey, cancellationToken);
        var occasion = await cases.OccasionAsync(found.DeskId, cancellationToken);
        if (survey.State != SurveyState.Planned || survey.AskOn > occasion.Today)
        {
            return false;
        }

        var programme = await programmes.FindAsync(FiscalYear.Of(survey.VisitedOn), cancellationToken) ?? occasion.Programme;
        var address = await BaseAsync(settings, db, cancellationToken);
        if (address is null || !found.CanBeMailed || programme.SurveyDays == 0 || occasion.Today > programme.ContractEndsOn || occasion.Today > survey.AskOn.AddDays(MostDaysLate)
            || found.Outcome is CaseOutcome.Withdrawn or CaseOutcome.Duplicate)
        {
            survey.LeaveOut();
            execution.Audit("survey.left_out", survey.Id);
            return true;
        }

        var last = occasion.Today.AddDays(programme.SurveyDays);
        var secret = SecretText.New();
        survey.Send(Survey.HashOf(secret)!, execution.Now, JapanTime.At(last.AddDays(1), TimeOnly.MinValue));
        found.Tell(occasion, "survey_sent", $"満足度アンケートを送付（回答は {JapaneseDate.Long(last)} まで）");
        execution.Audit("survey.sent", survey.Id);
        var values = await letters.ValuesAsync(found, occasion, cancellationToken);
        values["visited"] = Wareki.Format(survey.VisitedOn);
        values["surveyLink"] = $"{address}/survey/{secret}";
        values["until"] = Wareki.FormatDay(last);
        await letters.SendAsync(found, "visit-survey", $"visit-survey/{survey.Id}", values, occasion, cancellationToken);
        return true;
    }
}
