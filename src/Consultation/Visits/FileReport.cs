using Consultation.Cases;
using Consultation.Experts;
using Consultation.Mail;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Staff;
using Consultation.Topics;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Visits;

/// <summary>
/// Files one ministry's report of a visit that took place. The expert writes for the own track; the desk may take it down as dictated, with
/// its source; the expert is told by mail, and the expert's own filing of the same text confirms it later. A returned report is filed again
/// the same way.
/// </summary>
/// <param name="Facts">What was told before stays where null.</param>
[Requires(Permission.WriteReport)]
public sealed record FileReport(VisitId Visit, Track? Track, string? Text, ReportNext? Next, IReadOnlyList<string>? Topics = null, string? Source = null,
    ReportFacts? Facts = null) : ICommand<ChangedReport>;

internal sealed class FileReportValidator : AbstractValidator<FileReport>
{
    public FileReportValidator()
    {
        RuleFor(r => r.Track).NotNull().WithErrorCode("field.required");
        RuleFor(r => r.Text).RequiredText();
        RuleFor(r => r.Text).Must(t => t is null || !MyNumber.FindIn(t)).WithErrorCode("inquiry.my_number");
        RuleFor(r => r.Next).NotNull().WithErrorCode("field.required");
        RuleFor(r => r.Topics).Must(t => t is null || t.All(c => TopicCatalogue.Find(c) is not null)).WithErrorCode("field.unknown_code");
        RuleFor(r => r.Source).Storable();
        When(r => r.Facts is not null, () =>
        {
            Between(r => r.Facts!.Minutes, "Minutes", 1, 1440);
            Between(r => r.Facts!.TravelKm, "TravelKm", 0, 5000);
            Between(r => r.Facts!.FeeMinutes, "FeeMinutes", 0, 1440);
            RuleFor(r => r.Facts!.ExpenseNote).Storable().OverridePropertyName("ExpenseNote");
            RuleFor(r => r.Facts!.Advice).Must(a => a is null || a.All(one => TopicCatalogue.Find(one.Topic) is not null)).WithErrorCode("field.unknown_code").OverridePropertyName("Advice");
            RuleFor(r => r.Facts!.Advice).Must(a => a is null || a.Select(one => one.Topic).Distinct().Count() == a.Count).WithErrorCode("report.topic_twice").OverridePropertyName("Advice");
            RuleForEach(r => r.Facts!.Advice).ChildRules(one => one.RuleFor(a => a.Text).Storable(MostOfTopic)).OverridePropertyName("Advice");
        });
    }

    private const int MostOfTopic = 2_000;

    private void Between(System.Linq.Expressions.Expression<Func<FileReport, int?>> number, string name, int least, int most) =>
        RuleFor(number).Must(n => n is null || (n >= least && n <= most)).WithErrorCode("field.out_of_range").WithState(_ => new object?[] { least, most }).OverridePropertyName(name);
}

internal sealed class FileReportHandler(ConsultationDb db, Execution execution, VisitAccess visits, LateReports late, Outbox outbox, DeskBook desks) : IRequestHandler<FileReport, ChangedReport>
{
    public async Task<ChangedReport> Handle(FileReport request, CancellationToken cancellationToken)
    {
        var (track, text, next) = (request.Track!.Value, request.Text!.Trim(), request.Next!.Value);
        var source = string.IsNullOrWhiteSpace(request.Source) ? null : request.Source.Trim();
        var facts = request.Facts?.Trimmed();
        var own = execution.Actor.Role == Role.Expert;
        if (!own && source is null)
        {
            throw new InvalidInput("source", "report.source_needed");
        }

        var (visit, found, occasion) = await visits.ForReportAsync(request.Visit, cancellationToken);
        var writer = visit.Experts.FirstOrDefault(e => e.Track == track) ?? throw new InvalidInput("track", "report.track_not_visited");
        if (own && writer.ExpertId != execution.Actor.Expert)
        {
            throw new Forbidden("report.not_own");
        }

        if (visit.State != VisitState.TookPlace)
        {
            throw new RuleViolation("report.visit_not_recorded", VisitWords.Of(visit.State));
        }

        var report = await db.Set<SessionReport>().FirstOrDefaultAsync(r => r.VisitId == visit.Id && r.Track == track, cancellationToken);
        var topics = request.Topics ?? (IReadOnlyList<string>?)report?.Topics ?? [];
        if (report is { State: ReportState.Submitted or ReportState.Approved } && report.Says(text, next, facts) && (!own || report.Confirmed))
        {
            return ChangedReport.Of(report, found);
        }

        var words = $"第{visit.Ordinal}回の報告（{CaseWords.Of(track)}・{VisitWords.Of(next)}）";
        if (report is { State: ReportState.Approved } && report.Says(text, next, facts))
        {
            // Told and not demanded of the table: the word may come after the case was closed, and changes nothing else.
            report.Confirm();
            found.Tell(occasion, "report_confirmed", $"{words}を専門家本人が確認");
            execution.Audit("report.confirmed", visit.Id, track.ToString());
            return ChangedReport.Of(report, found);
        }

        found.Demand(CaseAction.WriteReport);
        var (newest, nextIsOpen) = await VisitAccess.AmongAsync(db, visit, found.TrackOf(track), cancellationToken);
        bool? done = newest && found.TrackOf(track)?.ExpertId == writer.ExpertId ? next == ReportNext.Done : null;
        if (report is { State: ReportState.Submitted, Confirmed: false } && own)
        {
            found.ReportConfirmed(track, done, nextIsOpen, $"{words}を専門家本人が確認", occasion);
        }
        else if (report is null or { State: ReportState.Returned })
        {
            found.ReportFiled(Ref.To(visit.Id), track, done, nextIsOpen, $"{words}を提出{(source is null ? "" : $"（{source}）")}", occasion);
        }
        else
        {
            throw new RuleViolation("report.already_filed", VisitWords.Of(report.State));
        }

        if (report is null)
        {
            report = new(visit, track, text, topics, next, source, own, occasion, facts);
            db.Add(report);
        }
        else
        {
            report.Write(text, topics, next, own ? report.Source : source, own, occasion, facts);
        }

        if (!own)
        {
            await TellWriterAsync(writer, source!, new(visit, found, occasion), cancellationToken);
        }

        if (await db.Set<ReportDraft>().FirstOrDefaultAsync(d => d.VisitId == visit.Id && d.Track == track && d.StaffId == execution.Actor.Staff, cancellationToken) is { } draft)
        {
            db.Remove(draft);
        }

        await late.EndAsync(visit.Id, track, kept: true, found, occasion, cancellationToken);
        await CaseSearch.AppendAsync(db, found.Id, string.Join('\n', report.Advice.Select(a => a.Text).Prepend(text)), cancellationToken);
        execution.Audit("report.filed", visit.Id, track.ToString());
        execution.Raise(new ReportFiled(found.Id, visit.Id, track, next));
        return ChangedReport.Of(report, found);
    }

    /// <summary>Somebody else wrote in the expert's name: the expert is to look at it.</summary>
    private async Task TellWriterAsync(VisitExpert writer, string source, VisitInHand hand, CancellationToken cancellationToken)
    {
        const string Template = "report-dictated";
        var (visit, found, occasion) = hand;
        var expert = await db.Set<Expert>().AsNoTracking().Where(e => e.Id == writer.ExpertId).Select(e => new { e.Name, e.Email }).SingleAsync(cancellationToken);
        if (expert.Email is { } email)
        {
            outbox.Send(Template, $"{Template}/{visit.Id}/{writer.Track}/{occasion.Now.ToUnixTimeMilliseconds()}", email, Ref.To(writer.ExpertId), Ref.To(found.Id), new Dictionary<string, string>
            {
                ["expert"] = expert.Name,
                ["ministry"] = CaseWords.Of(writer.Track),
                ["number"] = found.Number,
                ["ordinal"] = $"第{visit.Ordinal}回",
                ["period"] = VisitWords.FormalPeriod(visit.Plan),
                ["source"] = source,
                ["desk"] = (await desks.ReadAsync(cancellationToken)).Find(found.DeskId)?.Signature ?? "",
                ["today"] = Wareki.FormatDay(occasion.Today),
            });
        }
    }
}
