using Consultation.Calendar;
using Consultation.Cases;
using Consultation.Experts;
using Consultation.FollowUps;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Routing;
using Consultation.Topics;
using Consultation.Visits;
using SuggestionOutcome = Consultation.Topics.Outcome;

namespace Consultation.Demo;

/// <summary>How far an inquiry of the demo is taken.</summary>
internal enum DemoPath { NeverFiled, ReportOwed, FollowedUp, Completed, VisitToday, VisitSoon, Accepted, Offered, Declined, Waiting, Untouched }

/// <summary>
/// Three weeks of the demo: a diary of things to do, each at its time; doing one may write the next into the diary. Nothing is written past
/// <c>today</c>, which leaves the cases in every state.
/// </summary>
internal sealed class DemoWeeks(Dispatcher dispatcher, DemoPeople people, DateTimeOffset today)
{
    private static readonly DemoPath[] Older =
        [DemoPath.FollowedUp, DemoPath.VisitSoon, DemoPath.ReportOwed, DemoPath.FollowedUp, DemoPath.Completed, DemoPath.VisitToday, DemoPath.FollowedUp];

    private readonly PriorityQueue<Func<CancellationToken, Task>, DateTimeOffset> diary = new();
    private readonly Actor system = Actor.System("demo");
    private readonly Dictionary<CaseId, VisitMode?> modes = [];
    private static readonly DateOnly LastRound = new(2026, 11, 20);
    private DateTimeOffset now;
    private int routed;
    private int unsure;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var row in InquiryFile.Read(Samples()))
        {
            var inquiry = row.ToInquiry() with { Consented = true };
            At(inquiry.ReceivedAt!.Value.AddMinutes(2), ct => LogAsync(inquiry, ct));
        }

        for (var day = new DateOnly(2026, 11, 2); day <= LastRound; day = day.AddDays(1))
        {
            if (NationalCalendar.Shipped.IsBusinessDay(day))
            {
                var kind = (TallyKind)(day.Day % 3);
                At(JapanTime.At(day, new(11, 0)), ct => dispatcher.Send(new RecordTally(Channel.Phone, kind), people.Clerks["tohoku"], ct));
                At(JapanTime.At(day, new(day == LastRound ? 11 : 16, 20)), CallRoundAsync);
            }
        }

        // The first expert is at a training course on Friday afternoon.
        var (trained, self) = people.Experts.First();
        At(JapanTime.At(LastRound.AddDays(-1), new(16, 10)), ct => dispatcher.Send(
            new AddAbsence(trained, JapanTime.At(new(2026, 11, 27), new(13, 0)), JapanTime.At(new(2026, 11, 27), new(17, 0)), "研修"), self, ct));

        var desks = new DemoDesks(dispatcher, people);
        At(JapanTime.At(LastRound, new(16, 45)), desks.HandOverAsync);
        At(today.AddMinutes(-12), desks.SecondCallAsync);

        // Late reports are asked for and surveys sent as the schedule would, at the opening of every day.
        for (var day = 9; day < 24; day++)
        {
            At(JapanTime.At(new(2026, 11, day), new(9, 1)), ct => dispatcher.Send(new ChaseReports(), system, ct));
            At(JapanTime.At(new(2026, 11, day), new(9, 2)), ct => dispatcher.Send(new SendSurveys(), system, ct));
        }

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
            var owed = (await dispatcher.Send(new ListCallBacks(), clerk, cancellationToken)).Items.Where(c => c.IsDue).ToList();
            foreach (var call in owed.Where(c => c.Kind == CallBackKind.Colleague))
            {
                await dispatcher.Send(new KeepCall(call.Id, ContactResult.Answered), clerk, cancellationToken);
            }

            foreach (var call in owed.Where(c => c.Kind == CallBackKind.Letter).DistinctBy(c => c.Case))
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

    /// <summary>The n-th open day after now, at an hour; never before now.</summary>
    private DateTimeOffset Later(int days, int hour, int minute = 0)
    {
        var day = JapanTime.DateOf(now);
        for (var left = days; left > 0; left -= NationalCalendar.Shipped.IsBusinessDay(day) ? 1 : 0)
        {
            day = day.AddDays(1);
        }

        var at = JapanTime.At(day, new(hour, minute));
        return at > now ? at : now.AddMinutes(10);
    }

    /// <summary>Half an hour from now, or in the first half hour of the next open day.</summary>
    private DateTimeOffset Soon()
    {
        var at = JapanTime.ToJapan(now).AddMinutes(30);
        return NationalCalendar.Shipped.IsBusinessDay(JapanTime.DateOf(at)) && at.Hour is >= 9 and < 17 ? at : Later(1, 9, 30);
    }

    private DemoPath PathOf(DateOnly received)
    {
        DemoPath[] ways = received.Day switch
        {
            < 16 => Older,
            < 18 => [DemoPath.VisitToday, DemoPath.VisitSoon],
            18 => [DemoPath.VisitSoon, DemoPath.Accepted, DemoPath.VisitToday],
            19 => [DemoPath.Accepted, DemoPath.Offered, DemoPath.Declined],
            20 => [DemoPath.Offered, DemoPath.Waiting, DemoPath.Untouched],
            _ => [DemoPath.Untouched],
        };
        return routed++ == 0 ? DemoPath.NeverFiled : ways[routed % ways.Length];
    }

    private async Task LogAsync(LogInquiry inquiry, CancellationToken cancellationToken)
    {
        var clerk = people.Clerks[inquiry.Desk!];
        var logged = await dispatcher.Send(inquiry, clerk, cancellationToken);
        modes[logged.Id] = inquiry.PreferredMode;
        switch (logged.Suggestion.Outcome)
        {
            case SuggestionOutcome.Route:
                Follow(PathOf(JapanTime.DateOf(inquiry.ReceivedAt!.Value)), logged, clerk);
                break;
            case SuggestionOutcome.Unsure:
                var promised = today.AddMinutes(280 + (45 * unsure++));
                At(Soon(), ct => dispatcher.Send(
                    new RecordContact(logged.Id, ContactDirection.Out, Channel.Phone, ContactResult.Message, Minutes: 2, Text: "留守番電話に、詳しい内容を聞きたいと伝言。"), clerk, ct));
                At(JapanTime.At(JapanTime.DateOf(today), new(9, 5)), ct => dispatcher.Send(
                    new RecordContact(logged.Id, ContactDirection.Out, Channel.Phone, ContactResult.NoAnswer, Text: "不在。午後に折り返す。", CallBackAt: promised), clerk, ct));
                break;
            default:
                var outcome = logged.Suggestion.Outcome == SuggestionOutcome.Referral ? CaseOutcome.Referred : CaseOutcome.Answered;
                At(Soon(), ct => AnswerAsync(logged, inquiry, outcome, clerk, ct));
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
            At(Soon(), async ct =>
            {
                await dispatcher.Send(new RecordContact(logged.Id, ContactDirection.Out, Channel.Email, ContactResult.Message, Text: "受け付けたことと、翌営業日に電話することを知らせた。"), clerk, ct);
                await dispatcher.Send(new AddNote(logged.Id, "資料を先に読みたいとのこと。週明けに改めて様子を聞く。"), clerk, ct);
            });
            return;
        }

        At(Soon(), async ct =>
        {
            await dispatcher.Send(new EditCase(logged.Id, Holder: clerk.Staff), clerk, ct);
            await dispatcher.Send(new RouteCase(logged.Id, logged.Suggestion.Tracks), clerk, ct);
            await dispatcher.Send(new EditCase(logged.Id, Holder: clerk.Staff), clerk, ct);
            if (path != DemoPath.Waiting)
            {
                var lead = logged.Suggestion.Lead ?? logged.Suggestion.Tracks[0];
                At(Later(0, 15, 30), token => OfferAsync(path, logged, clerk, lead, token));
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

        At(Later(path == DemoPath.Accepted ? 0 : 1, path == DemoPath.Accepted ? 16 : 10), async ct =>
        {
            if (path == DemoPath.Declined)
            {
                await dispatcher.Send(new DeclineOffer(offer.Id, "この時期は出張が続き、伺えません。"), people.Experts[offer.Expert], ct);
                At(now.AddMinutes(30), token => OfferAsync(DemoPath.Offered, logged, clerk, track, token));
                return;
            }

            await dispatcher.Send(new AcceptOffer(offer.Id), people.Experts[offer.Expert], ct);
            var other = logged.Suggestion.Tracks.FirstOrDefault(t => t != track, track);
            if (path is DemoPath.VisitSoon or DemoPath.ReportOwed && other != track && track == (logged.Suggestion.Lead ?? track))
            {
                await dispatcher.Send(new JoinTrack(logged.Id, other), clerk, ct);
                At(now.AddMinutes(30), token => OfferAsync(path, logged, clerk, other, token));
            }
            else if (path != DemoPath.Accepted)
            {
                At(now.AddHours(1), token => BookAsync(path, logged, clerk, people.Experts[offer.Expert], token));
            }
        });
    }

    private async Task BookAsync(DemoPath path, LoggedInquiry logged, Actor clerk, Actor expert, CancellationToken cancellationToken)
    {
        var day = JapanTime.DateOf(today);
        var (from, until) = path switch
        {
            DemoPath.VisitToday => (JapanTime.At(day, new(10, 0)), JapanTime.At(day, new(18, 0))),
            DemoPath.VisitSoon => (JapanTime.At(day.AddDays(1), new(9, 0)), JapanTime.At(day.AddDays(6), new(18, 0))),
            DemoPath.ReportOwed => (JapanTime.At(new(2026, 11, 17), new(9, 0)), JapanTime.At(new(2026, 11, 20), new(18, 0))),
            _ => (Later(1, 9), Later(1, 9).AddDays(7)),
        };
        var mode = modes.GetValueOrDefault(logged.Id) ?? VisitMode.Visit;
        var slots = await dispatcher.Send(new ListSlots(logged.Id, from, until, mode), expert, cancellationToken);
        if (slots.Count == 0)
        {
            // Everybody is busy in those days: the appointment is still to be made, which is a state of the demo too.
            return;
        }

        var slot = slots[7 * (logged.Number[^1] - '0') % slots.Count];
        var visit = await dispatcher.Send(new BookVisit(logged.Id, slot.Start, slot.End, mode, VisitStage.Assess), expert, cancellationToken);
        At(slot.End.AddMinutes(10), async ct =>
        {
            await (path == DemoPath.NeverFiled
                ? dispatcher.Send(new CompleteVisit(visit.Id, VisitOutcome.TookPlace, 60, "相談者から電話で確認"), clerk, ct)
                : dispatcher.Send(new CompleteVisit(visit.Id, VisitOutcome.TookPlace, 60), expert, ct));
            if (path is not (DemoPath.ReportOwed or DemoPath.NeverFiled))
            {
                At(Later(1, 11), token => ReportAsync(path, logged, clerk, visit, token));
            }
        });
    }

    private async Task ReportAsync(DemoPath path, LoggedInquiry logged, Actor clerk, ChangedVisit visit, CancellationToken cancellationToken)
    {
        foreach (var coming in visit.Experts)
        {
            await dispatcher.Send(
                new FileReport(visit.Id, coming.Track, "現状を聞き取り、進め方の順序と社内の役割分担を助言した。次の段階の資料を案内した。", ReportNext.Done, logged.Suggestion.Topics.Select(t => t.Code).ToList()),
                people.Experts[coming.Expert], cancellationToken);
            At(Later(2, 14), ct => dispatcher.Send(new ApproveReport(visit.Id, coming.Track), people.Supervisor, ct));
        }

        if (path == DemoPath.FollowedUp)
        {
            At(now.AddMinutes(40), async ct =>
            {
                var first = (await dispatcher.Send(new ListFollowUps(Limit: 200), people.Supervisor, ct)).Items.First(f => f.Case == logged.Id);
                await dispatcher.Send(new AssignFollowUp(first.Id, visit.Experts[0].Expert), people.Supervisor, ct);
            });
        }

        if (path == DemoPath.Completed)
        {
            At(Later(1, 16), ct => dispatcher.Send(
                new CloseCase(logged.Id, CaseOutcome.Completed, TeleworkStatus.Trial, CloseOpenWork: true, Reason: "支援終了。以後の確認は不要との申出。"), people.Supervisor, ct));
        }
        else
        {
            At(Later(2, 13), ct => dispatcher.Send(
                new RecordContact(logged.Id, ContactDirection.In, Channel.Phone, ContactResult.Answered, Minutes: 4, Text: "案内された資料で社内の説明をした。あとは自分たちで進めてみる。"), clerk, ct));
        }
    }
}
