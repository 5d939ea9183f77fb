using Consultation.Cases;
using Consultation.Experts;
using Consultation.Handover;
using Consultation.Messaging;
using Consultation.Routing;
using Consultation.Routing.Board;
using Consultation.Staff;
using Consultation.Topics;
using Consultation.Visits;

namespace Consultation.Web.Tests.Api;

/// <summary>How far a row of the scene has come.</summary>
internal enum Stage { Received, OnHold, Closed, Waiting, Planned, PlanApplied, Absent, HandoverProposed, HandedOver, Offered, Assigned, Wishing, HeldVisit, Booked, TookPlace, Reported }

/// <summary>One row to point at: a case with what belongs to it.</summary>
internal sealed record Row(string District, ExpertId Expert, CaseId Case, OfferId? Offer = null, VisitId? Visit = null, BoardPlanId? Plan = null, HandoverPlanId? Handover = null)
{
    /// <summary>The id that a path of this kind takes.</summary>
    public async Task<string> IdAsync(string kind, ApiApp app) => kind switch
    {
        "cases" => Case.ToString(),
        "offers" => Offer.ToString()!,
        "visits" => Visit.ToString()!,
        "slot-wishes" => (await app.SqlAsync($"select id::text from slot_wishes where case_id = '{Case}'"))!.ToString()!,
        "assignments" => Plan.ToString()!,
        "hand-overs" => Handover.ToString()!,
        "follow-ups" => (await app.SqlAsync($"select id::text from follow_ups where case_id = '{Case}' order by due_on limit 1"))!.ToString()!,
        "experts" => Expert.ToString(),
        _ => throw new ArgumentOutOfRangeException(kind),
    };
}

/// <summary>Builds rows by the product's own commands; experts work in all of Japan and every visit gets a time of its own.</summary>
internal sealed class ContractScene(ApiApp app)
{
    /// <summary>All visits of the scene lie between this day and <see cref="Afterwards"/>.</summary>
    private static readonly DateOnly FirstDay = new(2026, 11, 30);

    public static readonly DateTimeOffset Afterwards = new(2026, 12, 21, 10, 0, 0, TimeSpan.FromHours(9));

    /// <summary>The experts of the scene are away for a day behind all its visits, and for nothing that stands.</summary>
    private static readonly DateTimeOffset Leave = new(2027, 1, 13, 0, 0, 0, TimeSpan.FromHours(9));

    private const int SlotsADay = 12;
    private int handovers;
    private readonly Dictionary<ExpertId, int> slots = [];
    private readonly Dictionary<(Stage, string, ExpertId), Row> shared = [];
    private readonly List<(Row Row, Stage Stage)> unfinished = [];

    /// <summary>The expert whose token is used.</summary>
    public ExpertId Own { get; private set; }

    public ExpertId Other { get; private set; }

    /// <summary>Takes what is reassigned.</summary>
    public ExpertId Third { get; private set; }

    public async Task BeginAsync()
    {
        (Own, Other, Third) = (await ExpertAsync("自分", "東京都"), await ExpertAsync("他人", "宮城県"), await ExpertAsync("三人目", "東京都"));
    }

    /// <summary>The four combinations of district and expert; shared by every call that changes nothing.</summary>
    public async Task<IReadOnlyList<Row>> FourAsync(Stage stage)
    {
        var rows = new List<Row>();
        foreach (var (district, expert) in new[] { ("kanto", Own), ("tohoku", Other), ("kanto", Other), ("tohoku", Own) })
        {
            if (!shared.TryGetValue((stage, district, expert), out var row))
            {
                shared[(stage, district, expert)] = row = await NewAsync(stage, district, expert);
            }

            rows.Add(row);
        }

        return rows;
    }

    public async Task<Row> NewAsync(Stage stage, string district, ExpertId expert)
    {
        if (stage == Stage.Absent)
        {
            await app.Send(new AddAbsence(expert, Leave, Leave.AddDays(1), "休暇"));
        }

        var logged = await app.Send(new LogInquiry(Channel.Phone, "VPNのセキュリティを相談したい", Desk: district, Consented: true));
        var row = new Row(district, expert, logged.Id);
        switch (stage)
        {
            case Stage.Received or Stage.Absent:
                return row;
            case Stage.OnHold:
                await app.Send(new HoldCase(row.Case, "回答待ち"));
                return row;
            case Stage.Closed:
                await app.Send(new CloseCase(row.Case, CaseOutcome.Answered));
                return row;
        }

        await app.Send(new RouteCase(row.Case, [Track.Mic], Reason: "情報通信"));
        if (stage == Stage.Waiting)
        {
            return row;
        }

        if (stage is Stage.HandoverProposed or Stage.HandedOver)
        {
            return row with { Handover = await HandoverAsync(row, stage == Stage.HandedOver) };
        }

        if (stage is Stage.Planned or Stage.PlanApplied)
        {
            var desk = (await app.Send(new AuthenticateToken(await app.TokenAsync($"desk {district}"))))!;
            row = row with { Plan = (await app.Send(new PreviewAssignment([row.Case]), desk)).Id };
            if (stage == Stage.PlanApplied)
            {
                await app.Send(new ApplyAssignment(row.Plan!.Value, AssignmentChoice.Optimal), desk);
            }

            return row;
        }

        row = row with { Offer = (await app.Send(new OfferCase(row.Case, Track.Mic, expert))).Id };
        if (stage == Stage.Offered)
        {
            return row;
        }

        await app.Send(new AcceptOffer(row.Offer!.Value, "電話で受諾"));
        if (stage == Stage.Assigned)
        {
            return row;
        }

        if (stage == Stage.Wishing)
        {
            await app.Send(new WaitForSlot(row.Case, VisitMode.Phone, 30, new(2026, 12, 6), new(2026, 12, 6)));
            return row;
        }

        var (start, end) = NextSlot(expert);
        row = row with { Visit = (await app.Send(new BookVisit(row.Case, start, end, VisitMode.Phone, VisitStage.Assess, Hold: stage == Stage.HeldVisit))).Id };
        if (stage is Stage.TookPlace or Stage.Reported)
        {
            unfinished.Add((row, stage));
        }

        return row;
    }

    /// <summary>Somebody of whom nothing else is told is absent when a visit is booked, which the experts of the scene may take over.</summary>
    private async Task<HandoverPlanId> HandoverAsync(Row row, bool approved)
    {
        var absent = await ExpertAsync("不在", "東京都");
        await app.Send(new AcceptOffer((await app.Send(new OfferCase(row.Case, Track.Mic, absent))).Id, "電話で受諾"));
        var start = Leave.AddDays(7).AddMinutes(600 + (30 * (handovers++ % 12)));
        await app.Send(new BookVisit(row.Case, start, start.AddMinutes(30), VisitMode.Phone, VisitStage.Assess));
        await app.Send(new AddAbsence(absent, start, start.AddMinutes(30), "通院"));
        var supervisor = (await app.Send(new AuthenticateToken(await app.TokenAsync($"supervisor {row.District}"))))!;
        var plan = (await app.Send(new ProposeHandover(absent), supervisor)).Id;
        if (approved)
        {
            await app.Send(new ApproveHandover(plan, "電話で了解"), supervisor);
        }

        return plan;
    }

    /// <summary>Once the clock stands behind all visits: those that were to take place did.</summary>
    public async Task FinishAsync()
    {
        foreach (var (row, stage) in unfinished)
        {
            await app.Send(new CompleteVisit(row.Visit!.Value, VisitOutcome.TookPlace, 30, "電話"));
            if (stage == Stage.Reported)
            {
                await app.Send(new FileReport(row.Visit.Value, Track.Mic, "VPNを見直した", ReportNext.Done, Source: "電話で口述"));
            }

            await app.SqlAsync($"update follow_ups set expert_id = '{row.Expert}' where case_id = '{row.Case}'");
        }

        unfinished.Clear();
    }

    public (DateTimeOffset Start, DateTimeOffset End) NextSlot(ExpertId expert)
    {
        var number = slots[expert] = slots.GetValueOrDefault(expert) + 1;
        var day = FirstDay.AddDays(number / SlotsADay / 5 * 7 + number / SlotsADay % 5);
        var start = new DateTimeOffset(day.ToDateTime(new TimeOnly(10, 0)), TimeSpan.FromHours(9)).AddMinutes(number % SlotsADay * 30);
        Assert.True(start < Afterwards.AddDays(-1), "The scene has more visits than days");
        return (start, start.AddMinutes(30));
    }

    private async Task<ExpertId> ExpertAsync(string name, string home) => (await app.Send(new CreateExpert(name, Affiliation.Mic, home, Capacity: 100, Nationwide: true))).Id;
}
