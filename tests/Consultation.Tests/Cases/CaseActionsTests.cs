using Consultation.Calendar;
using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Organisations;
using Consultation.Reference;
using Consultation.Topics;

namespace Consultation.Tests.Cases;

/// <summary>Walks every status and every action: legal ones happen, the others throw and change nothing.</summary>
public sealed class CaseActionsTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 9, 20, 0, TimeSpan.FromHours(9));
    private static readonly Occasion At = new(
        Actor.System("test"), Now, new BusinessCalendar(NationalCalendar.Shipped, new(new(9, 0), new(17, 0)), new Dictionary<DateOnly, string>()), new ProgrammeYear(ProgrammeYear.OneStop, new FiscalYear(2026)));

    /// <summary>Read once: getting the rules ready takes far longer than any action.</summary>
    private static readonly Suggestion Suggested = new Suggester(RuleBase.Default).Suggest("VPNがつながらない");

    private static readonly ExpertId Expert = ExpertId.New();
    private static readonly Ref Visit = Ref.From(Guid.CreateVersion7());

    public static TheoryData<CaseStatus, CaseAction> Pairs()
    {
        var pairs = new TheoryData<CaseStatus, CaseAction>();
        foreach (var status in Enum.GetValues<CaseStatus>())
        {
            foreach (var action in Enum.GetValues<CaseAction>())
            {
                pairs.Add(status, action);
            }
        }

        return pairs;
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void An_action_is_done_where_the_table_allows_it_and_refused_elsewhere(CaseStatus status, CaseAction action)
    {
        var found = In(status);
        Assert.Equal(status, found.Status);
        var version = found.Version;
        if (CaseActions.IsLegal(status, action))
        {
            // Legal by the table; whether the case has what the action needs (an open offer, a held track) is the second question.
            var refused = Record.Exception(() => Do(found, action));
            Assert.True(refused is null || (refused as RuleViolation)?.Code is not (null or "case.not_allowed"), $"{status} {action}: {refused}");
            Assert.Equal(found.Settled(), found.Status);
        }
        else
        {
            Assert.Equal("case.not_allowed", Assert.Throws<RuleViolation>(() => Do(found, action)).Code);
            Assert.Equal((status, version), (found.Status, found.Version));
            Assert.DoesNotContain(action, found.AllowedActions);
        }
    }

    [Fact]
    public void What_a_case_offers_it_does()
    {
        foreach (var status in Enum.GetValues<CaseStatus>())
        {
            foreach (var action in In(status).AllowedActions)
            {
                Assert.Null(Record.Exception(() => Do(In(status), action)));
            }
        }
    }

    [Fact]
    public void A_repeat_of_what_already_holds_changes_nothing()
    {
        var closed = In(CaseStatus.Closed);
        var version = closed.Version;
        closed.Close(CaseOutcome.Answered, null, null, At);
        Assert.Equal(version, closed.Version);

        var held = In(CaseStatus.Assigned);
        version = held.Version;
        held.Accept(Track.Mic, "専門家", null, At);
        Assert.Equal(version, held.Version);
    }

    [Fact]
    public void Completing_needs_the_status_afterwards()
    {
        Assert.Equal("case.status_after_missing", Assert.Throws<RuleViolation>(() => In(CaseStatus.FollowingUp).Close(CaseOutcome.Completed, null, null, At)).Code);
    }

    [Fact]
    public void J33_a_pause_keeps_the_time_left_to_the_minute()
    {
        var found = New(new DateTimeOffset(2026, 11, 20, 15, 0, 0, TimeSpan.FromHours(9)));
        found.Hold("返事待ち", At with { Now = new DateTimeOffset(2026, 11, 20, 16, 0, 0, TimeSpan.FromHours(9)) });
        Assert.Equal(TimeSpan.FromHours(3), found.Deadlines.Single().PausedLeft);
        Assert.Equal("残り3時間", found.Deadlines.Single().LeftWords);
        Assert.Null(found.NextDueAt);

        found.Resume(At with { Now = new DateTimeOffset(2026, 11, 24, 10, 0, 0, TimeSpan.FromHours(9)) });
        Assert.Equal(new DateTimeOffset(2026, 11, 24, 13, 0, 0, TimeSpan.FromHours(9)), found.NextDueAt);
    }

    [Fact]
    public void A_second_ministry_that_joins_after_the_first_is_done_takes_the_case_up_again()
    {
        var found = New();
        found.Route([Track.Mic, Track.Mhlw], StartMode.Lead, null, "両省の内容", At);
        found.Offer(Track.Mic, OfferId.New(), Expert, "専門家", At.Acceptance(), At);
        found.Accept(Track.Mic, "専門家", null, At);
        found.VisitBooked([Track.Mic], "予約", At);
        found.VisitTookPlace(Visit, [Track.Mic], Now, "実施", At);
        found.ReportFiled(Visit, Track.Mic, done: true, nextIsOpen: false, "報告", At);
        Assert.Equal(CaseStatus.FollowingUp, found.Status);

        found.JoinTrack(Track.Mhlw, At);
        found.Offer(Track.Mhlw, OfferId.New(), ExpertId.New(), "専門家", At.Acceptance(), At);
        found.Accept(Track.Mhlw, "専門家", null, At);
        Assert.Equal(CaseStatus.Assigned, found.Status);
    }

    [Fact]
    public void Closing_answers_a_mail_and_cancels_the_other_clocks()
    {
        var found = New();
        found.Close(CaseOutcome.Answered, null, null, At);
        Assert.Equal(DeadlineState.Met, found.Deadlines.Single(d => d.Kind == DeadlineKind.FirstResponse).State);
    }

    [Fact]
    public void A_clock_that_starts_during_a_hold_stands_still_and_one_due_that_day_is_due_on_the_day_of_resumption()
    {
        var found = In(CaseStatus.Waiting);
        found.Hold("返事待ち", At);
        found.Offer(Track.Mic, OfferId.New(), Expert, "専門家", At.Acceptance(), At);
        Assert.Equal(DeadlineState.Paused, found.Deadlines.Single(d => d.Kind == DeadlineKind.Acceptance).State);
        Assert.Null(found.NextDueAt);

        var dueToday = In(CaseStatus.Waiting);
        var friday = At with { Now = new DateTimeOffset(2026, 11, 25, 10, 0, 0, TimeSpan.FromHours(9)) };
        dueToday.Hold("返事待ち", friday);
        dueToday.Resume(At with { Now = new DateTimeOffset(2026, 12, 1, 10, 0, 0, TimeSpan.FromHours(9)) });
        Assert.Equal(new DateTimeOffset(2026, 12, 1, 17, 0, 0, TimeSpan.FromHours(9)), dueToday.NextDueAt);
    }

    private static Case New(DateTimeOffset? received = null) => new(
        "R08-000001", DeskId.New(), "tohoku", Channel.Email, received ?? Now, "VPN", Suggested, null,
        At with { Now = received ?? Now });

    /// <summary>A case brought to a status by the steps that lead there in life.</summary>
    private static Case In(CaseStatus status)
    {
        var found = New();
        if (status is CaseStatus.Received)
        {
            return found;
        }

        if (status is CaseStatus.Closed)
        {
            found.Close(CaseOutcome.Answered, null, null, At);
            return found;
        }

        found.Route([Track.Mic], StartMode.Lead, null, null, At);
        (CaseStatus Reached, Action Step)[] way =
        [
            (CaseStatus.Waiting, () => { }),
            (CaseStatus.Offered, () => found.Offer(Track.Mic, OfferId.New(), Expert, "専門家", At.Acceptance(), At)),
            (CaseStatus.Assigned, () => found.Accept(Track.Mic, "専門家", null, At)),
            (CaseStatus.Booked, () => found.VisitBooked([Track.Mic], "予約", At)),
            (CaseStatus.ReportDue, () => found.VisitTookPlace(Visit, [Track.Mic], Now, "実施", At)),
            (CaseStatus.FollowingUp, () => found.ReportFiled(Visit, Track.Mic, done: true, nextIsOpen: false, "報告", At)),
        ];
        foreach (var (reached, step) in way)
        {
            step();
            if (reached == status)
            {
                break;
            }
        }

        return found;
    }

    private static void Do(Case found, CaseAction action)
    {
        switch (action)
        {
            case CaseAction.AddContact or CaseAction.AddNote or CaseAction.WorkFollowUp:
                found.Demand(action);
                break;
            case CaseAction.Edit:
                found.Edited(["連絡先"], At);
                break;
            case CaseAction.Route:
                found.Route([Track.Mic], StartMode.Lead, ["ICT-NET"], "理由", At);
                break;
            case CaseAction.JoinTrack:
                found.JoinTrack(Track.Mhlw, At);
                break;
            case CaseAction.Offer:
                found.Offer(Track.Mic, OfferId.New(), Expert, "専門家", At.Acceptance(), At);
                break;
            case CaseAction.AnswerOffer:
                found.OfferEnded(Track.Mic, "declined", "辞退", At);
                break;
            case CaseAction.Reassign:
                found.TakeBack(Track.Mic, "理由", At);
                break;
            case CaseAction.Book:
                found.VisitBooked([Track.Mic], "予約", At);
                break;
            case CaseAction.ChangeVisit:
                found.VisitChanged("visit_moved", "変更", At);
                break;
            case CaseAction.CompleteVisit:
                found.VisitTookPlace(Visit, [Track.Mic], Now, "実施", At);
                break;
            case CaseAction.WriteReport:
                found.ReportFiled(Visit, Track.Mic, done: false, nextIsOpen: false, "報告", At);
                break;
            case CaseAction.Hold:
                found.Hold("理由", At);
                break;
            case CaseAction.Resume:
                found.Resume(At);
                break;
            case CaseAction.HandOver:
                found.HandOver(DeskId.New(), "kyushu", "九州窓口", "理由", At);
                break;
            case CaseAction.Close:
                found.Close(CaseOutcome.Withdrawn, null, null, At);
                break;
            case CaseAction.Reopen:
                found.Reopen("理由", [], At);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(action));
        }
    }
}
