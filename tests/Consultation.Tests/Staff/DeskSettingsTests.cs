using Consultation.CaseFile;
using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Staff;

namespace Consultation.Tests.Staff;

/// <summary>A desk's hours count from now on, and its dates say whether it takes anything new.</summary>
public sealed class DeskSettingsTests(TestApp app) : IClassFixture<TestApp>
{
    private static readonly DateOnly Since = new(2022, 6, 10);

    [Fact]
    public async Task A_desk_out_of_its_dates_takes_nothing_new_and_keeps_what_it_has()
    {
        var clerk = await app.DeskAsync("okinawa");
        var before = await app.Send(new LogInquiry(Channel.Email, "始め方を知りたい。"), clerk);
        await app.Send(new ChangeDesk("okinawa", "沖縄窓口", new(9, 0), new(17, 0), null, null, Since, new(2026, 11, 23)));

        var after = await app.Send(new LogInquiry(Channel.Email, "助成金を知りたい。"), clerk);
        var byPlace = await app.Send(new LogInquiry(Channel.Web, "進め方を知りたい。", Organisation: new(Prefecture: "沖縄県")));
        Assert.Equal("national", await DistrictAsync(after.Id));
        Assert.Equal("national", await DistrictAsync(byPlace.Id));
        Assert.Equal("okinawa", await DistrictAsync(before.Id));
        Assert.NotNull((await app.Send(new GetCase(before.Id), clerk)).Full);

        var refused = await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new HandOverCase(after.Id, "okinawa", "管内のため")));
        Assert.Equal("desk.not_in_force", Assert.Single(refused.Errors).Code);
        // Its own last day counts; the day after does not.
        await app.Send(new ChangeDesk("okinawa", "沖縄窓口", new(9, 0), new(17, 0), null, null, Since, new(2026, 11, 24)));
        await app.Send(new HandOverCase(after.Id, "okinawa", "管内のため"));
        Assert.Equal("okinawa", await DistrictAsync(after.Id));
    }

    [Fact]
    public async Task New_hours_count_for_new_deadlines_and_leave_the_open_ones_alone()
    {
        var clerk = await app.DeskAsync("shikoku");
        var before = await app.Send(new LogInquiry(Channel.Email, "始め方を知りたい。"), clerk);
        await app.Send(new ChangeDesk("shikoku", "四国窓口", new(10, 0), new(16, 0), new(12, 0), new(13, 0), Since, null));
        var after = await app.Send(new LogInquiry(Channel.Email, "別の会社です。始め方を知りたい。"), clerk);

        Assert.Equal(before.Due, (await app.Send(new GetCase(before.Id), clerk)).Next);
        // Four hours from 10:00, an hour of lunch between.
        Assert.Equal(new(2026, 11, 24, 15, 0, 0, TimeSpan.FromHours(9)), after.Due);
        Assert.Equal("hours: 9:00–17:00 → 10:00–16:00 (12:00–13:00)", await app.SqlAsync(
            "select details from audit_entry e join desks d on d.id = e.subject_id where e.action = 'desk.changed' and d.slug = 'shikoku'"));
    }

    [Theory]
    [InlineData(17, 9, null, null, "desk.hours_backward")]
    [InlineData(9, 17, 12, null, "desk.lunch_outside")]
    [InlineData(9, 17, 8, 10, "desk.lunch_outside")]
    public async Task Hours_that_cannot_be_are_refused(int opens, int closes, int? lunchFrom, int? lunchTo, string code)
    {
        var refused = await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new ChangeDesk(
            "kinki", "近畿窓口", new(opens, 0), new(closes, 0), lunchFrom is { } from ? new TimeOnly(from, 0) : null, lunchTo is { } to ? new TimeOnly(to, 0) : null, Since, null)));
        Assert.Contains(refused.Errors, error => error.Code == code);
    }

    [Fact]
    public async Task The_national_desk_is_always_there()
    {
        var refused = await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new ChangeDesk("national", "センター", new(9, 0), new(17, 0), null, null, Since, new(2027, 3, 31))));
        Assert.Equal("desk.national_always", Assert.Single(refused.Errors).Code);
    }

    private async Task<string?> DistrictAsync(CaseId id) => (string?)await app.SqlAsync($"select district from cases where id = '{id}'");
}
