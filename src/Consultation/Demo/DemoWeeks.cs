using Consultation.Calendar;
using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Routing;
using Consultation.Topics;
using Consultation.Visits;
using SuggestionOutcome = Consultation.Topics.Outcome;

namespace Consultation.Demo;

/// <summary>How far an inquiry of the demo is taken.</summary>
internal enum DemoPath { FollowedUp, ReportOwed, BookedTomorrow, Accepted, Offered, Waiting, Untouched, Completed }

/// <summary>
/// Three weeks of the demo: a diary of things to do, each at its time; doing one may write the next into the diary. Nothing is written past
/// <c>today</c>, which leaves the cases in every state.
/// </summary>
internal sealed class DemoWeeks(Dispatcher dispatcher, DemoPeople people, DateTimeOffset today)
{
    private readonly PriorityQueue<Func<CancellationToken, Task>, DateTimeOffset> diary = new();
    private readonly Actor system = Actor.System("demo");
    private readonly Dictionary<CaseId, VisitMode?> modes = [];
    private static readonly DateOnly LastRound = new(2026, 11, 20);
    private DateTimeOffset now;
    private int routed;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var row in InquiryFile.Read(Samples()))
        {
            var inquiry = row.ToInquiry() with { Consented = true };
            At(inquiry.ReceivedAt!.Value.AddMinutes(2), ct => LogAsync(inquiry, ct));
        }

        for (var day = new DateOnly(2026, 11, 2); day <= LastRound; day = day.AddDays(1))
        {
            if (NationalCalendar.KindOf(day) == DayKind.Business)
            {
                At(JapanTime.At(day, new(day == LastRound ? 11 : 16, 20)), CallRoundAsync);
            }
        }

        var desks = new DemoDesks(dispatcher, people);
        At(JapanTime.At(LastRound, new(16, 45)), desks.HandOverAsync);
        At(today.AddMinutes(-12), desks.SecondCallAsync);

        while (diary.TryDequeue(out var thing, out var at) && at <= today)
        {
            now = at;
            await dispatcher.Send(new SetClock(at), system, cancellationToken);
            await thing(cancellationToken);
        }
    }

    /// <summary>Each desk makes its calls that stand in for mails, day by day; what came up on Friday afternoon is left for today.</summary>
    private async Task CallRoundAsync(CancellationToken cancellationToken)
    {
        foreach (var clerk in people.Clerks.Values)
        {
            foreach (var call in (await dispatcher.Send(new ListCallBacks(), clerk, cancellationToken)).Where(c => !c.IsPromise).DistinctBy(c => c.Case))
            {
                await dispatcher.Send(
                    new RecordContact(call.Case, ContactDirection.Out, Channel.Phone, ContactResult.Answered, Minutes: 4, Text: "日程と持ち物を電話で伝えた。"), clerk, cancellationToken);
            }
        }
    }

    private static byte[] Samples()
    {
        using var stream = typeof(DemoWeeks).Assembly.GetManifestResourceStream("demo-inquiries.csv")!;
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    private void At(DateTimeOffset at, Func<CancellationToken, Task> thing) => diary.Enqueue(thing, at);

    /// <summary>The n-th open day after now, at an hour.</summary>
    private DateTimeOffset Later(int days, int hour, int minute = 0)
    {
        var day = JapanTime.DateOf(now);
        for (var left = days; left > 0; left -= NationalCalendar.KindOf(day) == DayKind.Business ? 1 : 0)
        {
            day = day.AddDays(1);
        }

        return JapanTime.At(day, new(hour, minute));
    }

    private async Task LogAsync(LogInquiry inquiry, CancellationToken cancellationToken)
    {
        var clerk = people.Clerks[inquiry.Desk!];
        var logged = await dispatcher.Send(inquiry, clerk, cancellationToken);
        modes[logged.Id] = inquiry.PreferredMode;
        switch (logged.Suggestion.Outcome)
        {
            case SuggestionOutcome.Route:
                Follow((DemoPath)(routed++ % 8), logged, clerk);
                break;
            case SuggestionOutcome.Unsure:
                At(Later(JapanTime.TimeOf(now).Hour < 16 ? 0 : 1, 16, 40), ct => dispatcher.Send(
                    new RecordContact(logged.Id, ContactDirection.Out, Channel.Phone, ContactResult.Message, Minutes: 2, Text: "留守番電話に、詳しい内容を聞きたいと伝言。"), clerk, ct));
                At(JapanTime.At(JapanTime.DateOf(today), new(9, 5)), ct => dispatcher.Send(
                    new RecordContact(logged.Id, ContactDirection.Out, Channel.Phone, ContactResult.NoAnswer, Text: "不在。午後に折り返す。", CallBackAt: today.AddMinutes(280)), clerk, ct));
                break;
            default:
                var outcome = logged.Suggestion.Outcome == SuggestionOutcome.Referral ? CaseOutcome.Referred : CaseOutcome.Answered;
                At(now.AddMinutes(20), ct => AnswerAsync(logged, inquiry, outcome, clerk, ct));
                break;
        }
    }

    private async Task AnswerAsync(LoggedInquiry logged, LogInquiry inquiry, CaseOutcome outcome, Actor clerk, CancellationToken cancellationToken)
    {
        foreach (var target in logged.Suggestion.Referrals.Take(1))
        {
            await dispatcher.Send(new ReferClient(logged.Id, target, inquiry.Contact?.Email is null ? Channel.Phone : Channel.Email), clerk, cancellationToken);
        }

        if (inquiry.Contact?.Email is not null && logged.Suggestion.Answers.Count > 0)
        {
            await dispatcher.Send(new SendAnswer(logged.Id, logged.Suggestion.Answers[0].Code), clerk, cancellationToken);
        }

        await dispatcher.Send(new CloseCase(logged.Id, outcome), clerk, cancellationToken);
    }

    private void Follow(DemoPath path, LoggedInquiry logged, Actor clerk)
    {
        if (path == DemoPath.Untouched)
        {
            At(JapanTime.At(new(2026, 11, 20), new(15, 40)), ct => dispatcher.Send(
                new AddNote(logged.Id, "資料を先に読みたいとのこと。週明けに改めて様子を聞く。"), clerk, ct));
            return;
        }

        // What still waits today was decided only last Friday, so that its clocks are running and not long run out.
        var recent = path is DemoPath.Waiting or DemoPath.Offered or DemoPath.Accepted;
        At(recent ? JapanTime.At(new(2026, 11, 20), new(10, now.Minute)) : now.AddMinutes(30), async ct =>
        {
            await dispatcher.Send(new RouteCase(logged.Id, logged.Suggestion.Tracks), clerk, ct);
            await dispatcher.Send(new EditCase(logged.Id, Holder: clerk.Staff), clerk, ct);
            if (path != DemoPath.Waiting)
            {
                var lead = logged.Suggestion.Lead ?? logged.Suggestion.Tracks[0];
                At(recent ? now.AddHours(3) : Later(0, 15, 30), token => OfferAsync(path, logged, clerk, lead, token));
            }
        });
    }

    private async Task OfferAsync(DemoPath path, LoggedInquiry logged, Actor clerk, Track track, CancellationToken cancellationToken)
    {
        var offer = await dispatcher.Send(new OfferCase(logged.Id, track, Auto: true), clerk, cancellationToken);
        if (path == DemoPath.Offered)
        {
            return;
        }

        At(path == DemoPath.Accepted ? now.AddHours(2) : Later(1, 10), async ct =>
        {
            await dispatcher.Send(new AcceptOffer(offer.Id), people.Experts[offer.Expert], ct);
            var other = logged.Suggestion.Tracks.FirstOrDefault(t => t != track, track);
            if (path == DemoPath.BookedTomorrow && other != track && track == (logged.Suggestion.Lead ?? track))
            {
                await dispatcher.Send(new JoinTrack(logged.Id, other), clerk, ct);
                At(now.AddMinutes(30), token => OfferAsync(path, logged, clerk, other, token));
            }
            else if (path != DemoPath.Accepted)
            {
                At(now.AddHours(1), token => BookAsync(path, logged, people.Experts[offer.Expert], token));
            }
        });
    }

    private async Task BookAsync(DemoPath path, LoggedInquiry logged, Actor expert, CancellationToken cancellationToken)
    {
        var from = path == DemoPath.BookedTomorrow ? JapanTime.At(new(2026, 11, 25), new(9, 0)) : Later(1, 9);
        var slots = await dispatcher.Send(new ListSlots(logged.Id, from, from.AddDays(path == DemoPath.BookedTomorrow ? 3 : 7)), expert, cancellationToken);
        var slot = slots[logged.Number[^1] % Math.Min(3, slots.Count)];
        var visit = await dispatcher.Send(new BookVisit(logged.Id, slot.Start, slot.End, modes.GetValueOrDefault(logged.Id) ?? VisitMode.Visit, VisitStage.Assess), expert, cancellationToken);
        if (path == DemoPath.BookedTomorrow)
        {
            return;
        }

        At(slot.End.AddMinutes(10), async ct =>
        {
            await dispatcher.Send(new CompleteVisit(visit.Id, VisitOutcome.TookPlace, 60), expert, ct);
            if (path != DemoPath.ReportOwed)
            {
                At(Later(1, 11), token => ReportAsync(path, logged, visit, token));
            }
        });
    }

    private async Task ReportAsync(DemoPath path, LoggedInquiry logged, ChangedVisit visit, CancellationToken cancellationToken)
    {
        foreach (var coming in visit.Experts)
        {
            await dispatcher.Send(
                new FileReport(visit.Id, coming.Track, "現状を聞き取り、進め方の順序と社内の役割分担を助言した。次の段階の資料を案内した。", ReportNext.Done, logged.Suggestion.Topics.Select(t => t.Code).ToList()),
                people.Experts[coming.Expert], cancellationToken);
        }

        if (path == DemoPath.Completed)
        {
            At(Later(1, 16), ct => dispatcher.Send(
                new CloseCase(logged.Id, CaseOutcome.Completed, TeleworkStatus.Trial, CloseOpenWork: true, Reason: "支援終了。以後の確認は不要との申出。"), people.Supervisor, ct));
        }
    }
}
