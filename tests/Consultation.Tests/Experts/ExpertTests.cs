using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Tests.Routing;
using static Consultation.Tests.Routing.Queue;

namespace Consultation.Tests.Experts;

public sealed class ExpertTests(TestApp app) : IClassFixture<TestApp>
{
    [Fact]
    public async Task Only_name_ministry_and_base_are_needed_and_the_rest_has_defaults()
    {
        var made = await app.Send(new CreateExpert(" 山田 太郎 ", Affiliation.Mic, "13"), await app.SupervisorAsync());
        Assert.Equal(("山田 太郎", "東京都", 6), (made.Name, made.Prefecture, made.Capacity));
        Assert.Equal(["kanto"], made.Districts);
        Assert.Equal(5, made.Hours.Count);
        Assert.Equal(3, made.Modes.Count);
    }

    [Fact]
    public async Task Every_fault_of_an_expert_is_named_at_once_and_nothing_is_stored()
    {
        var before = await app.SqlAsync("select count(*) from experts");
        var refused = await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new CreateExpert(
            "", null, "火星", Email: "not an address", Capacity: -1, Districts: ["mars"], Prefectures: ["99"], Topics: [new("NOPE", 2), new("ICT-NET", 4)], Industries: ["?"],
            TermFrom: new(2026, 4, 1), TermTo: new(2026, 3, 31), Hours: [new(DayOfWeek.Monday, new(9, 0), new(12, 0)), new(DayOfWeek.Monday, new(11, 0), new(13, 0))])));
        Assert.Superset(
            new HashSet<string> { "name", "affiliation", "prefecture", "email", "capacity", "districts", "prefectures", "topics", "industries", "termTo", "hours" },
            refused.Errors.Select(e => e.Field).ToHashSet());
        Assert.All(refused.Errors, e => Assert.True(Texts.Has(e.Code), e.Code));
        Assert.Equal(before, await app.SqlAsync("select count(*) from experts"));
    }

    [Fact]
    public async Task Experts_keep_their_own_pattern_and_nobody_elses_and_not_their_capacity()
    {
        var (mine, other) = (await app.HireAsync(capacity: 4), await app.HireAsync());
        var me = await app.ExpertAsync(mine);
        IReadOnlyList<WorkingHours> tuesday = [new(DayOfWeek.Tuesday, new(10, 0), new(12, 0)), new(DayOfWeek.Tuesday, new(13, 0), new(15, 0))];
        var kept = await app.Send(new SetAvailability(mine, tuesday, [VisitMode.Web]), me);
        Assert.Equal(tuesday, kept.Hours);
        Assert.Equal([VisitMode.Web], kept.Modes);
        Assert.Equal(tuesday, (await app.Send(new SetAvailability(mine, tuesday), me)).Hours);

        await Assert.ThrowsAsync<Forbidden>(() => app.Send(new SetAvailability(mine, tuesday, Capacity: 40), me));
        await Assert.ThrowsAsync<NotFound>(() => app.Send(new SetAvailability(other, tuesday), me));
        await Assert.ThrowsAsync<NotFound>(() => app.Send(new AddAbsence(other, app.Now, app.Now.AddDays(1), "休み"), me));
        await Assert.ThrowsAsync<Forbidden>(async () => await app.Send(new SetAvailability(mine, tuesday), await app.DeskAsync("kanto")));
        Assert.Equal(mine, Assert.Single((await app.Send(new ListExperts(), me)).Items).Id);
    }

    [Fact]
    public async Task An_absence_needs_a_forward_period_and_a_reason_and_counts_once()
    {
        var expert = await app.HireAsync();
        var me = await app.ExpertAsync(expert);
        await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new AddAbsence(expert, Japan(12, 2), Japan(12, 1), "逆"), me));
        await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new AddAbsence(expert, Japan(12, 1), Japan(12, 2), " "), me));
        await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new AddAbsence(expert, Japan(11, 1), Japan(11, 2), "過去"), me));
        for (var i = 0; i < 2; i++)
        {
            Assert.Single((await app.Send(new AddAbsence(expert, Japan(12, 1), Japan(12, 2), "出張"), me)).Absences);
        }
    }

    [Fact]
    public async Task The_list_goes_on_by_name_and_is_for_those_who_work_with_experts()
    {
        var desk = await app.DeskAsync("okinawa");
        await app.HireAsync(prefecture: "沖縄県", name: "あ");
        await app.HireAsync(prefecture: "沖縄県", name: "あ");
        await app.HireAsync(prefecture: "沖縄県", name: "い");
        var first = await app.Send(new ListExperts("okinawa", Limit: 2), desk);
        var rest = await app.Send(new ListExperts("okinawa", After: ExpertId.Parse(first.Next!, null), Limit: 2), desk);
        Assert.Equal(["あ", "あ", "い"], first.Items.Concat(rest.Items).Select(e => e.Name));
        Assert.Equal(3, first.Items.Concat(rest.Items).Select(e => e.Id).Distinct().Count());
        await Assert.ThrowsAsync<Forbidden>(async () => await app.Send(new ListExperts(), await app.OfAsync(Role.Ministry)));
    }

    [Fact]
    public async Task A_regional_supervisor_keeps_the_experts_based_in_the_own_district_and_reads_all()
    {
        var kanto = await app.SupervisorAsync("kanto");
        var (own, foreign) = (await app.HireAsync(prefecture: "東京都"), await app.HireAsync(prefecture: "大阪府"));
        IReadOnlyList<WorkingHours> tuesday = [new(DayOfWeek.Tuesday, new(10, 0), new(12, 0))];
        await app.Send(new SetAvailability(own, tuesday), kanto);
        var absent = await app.Send(new AddAbsence(foreign, Japan(12, 1), Japan(12, 2), "出張"), await app.SupervisorAsync());
        var card = await app.Send(new GetExpert(foreign), kanto);
        Assert.Equal("大阪府", card.Prefecture);

        Assert.Equal("expert.other_district", (await Assert.ThrowsAsync<Forbidden>(() => app.Send(new SetAvailability(foreign, tuesday), kanto))).Code);
        await Assert.ThrowsAsync<Forbidden>(() => app.Send(new AddAbsence(foreign, Japan(12, 3), Japan(12, 4), "出張"), kanto));
        await Assert.ThrowsAsync<Forbidden>(() => app.Send(new RemoveAbsence(foreign, absent.Absences[0].Id), kanto));
        await Assert.ThrowsAsync<Forbidden>(() => app.Send(Edit(card), kanto));
        Assert.Equal("expert.other_district", (await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new CreateExpert("新 一", Affiliation.Mic, "27"), kanto))).Errors[0].Code);
        var mine = await app.Send(new GetExpert(own), kanto);
        Assert.Equal("prefecture", (await Assert.ThrowsAsync<InvalidInput>(() => app.Send(Edit(mine) with { Prefecture = "大阪府" }, kanto))).Errors[0].Field);
        Assert.Equal("千葉県", (await app.Send(Edit(mine) with { Prefecture = "千葉県" }, kanto)).Prefecture);
        await app.Send(Edit(card) with { Capacity = 3 }, await app.OfAsync(Role.Administrator));
    }

    [Fact]
    public async Task One_address_belongs_to_one_expert_who_is_active()
    {
        var first = await app.Send(new CreateExpert("同 一", Affiliation.Mic, "13", Email: "same@example.jp"));
        Assert.Equal("expert.email_taken", (await Assert.ThrowsAsync<RuleViolation>(() => app.Send(new CreateExpert("同 二", Affiliation.Mic, "13", Email: "Same@Example.jp")))).Code);
        await app.Send(Edit(first) with { Active = false });
        await app.Send(new CreateExpert("同 三", Affiliation.Mic, "13", Email: "same@example.jp"));
        Assert.Equal("expert.email_taken", (await Assert.ThrowsAsync<RuleViolation>(() => app.Send(Edit(first)))).Code);
    }

    private static EditExpert Edit(ExpertView card) => new(
        card.Id, card.Name, card.Affiliation, card.Prefecture, card.DisplayTitle, card.Email, card.Phone, card.Capacity, card.Nationwide, card.Districts, card.Prefectures, card.Modes,
        card.Topics, card.Industries, card.TermFrom, card.TermTo, true, card.OwnClients);
}
