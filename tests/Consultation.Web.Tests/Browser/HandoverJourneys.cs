using Consultation.Experts;
using Consultation.Messaging;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Consultation.Web.Tests.Browser;

/// <summary>An expert is away: the supervisor looks at what stands, gives it to others with one approval, and takes it back (journey J14).</summary>
public sealed class HandoverJourneys(BrowserApp app) : IClassFixture<BrowserApp>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task J14_one_approval_hands_over_what_stands_in_an_absence_and_one_takes_it_back(bool scripts)
    {
        // The two runs share the demo: each takes another expert who has a visit to come, and not so soon that nobody could travel there in time.
        var row = await app.SqlRowAsync($"""
            select d.expert_id, min(d.starts_at), max(d.ends_at) from expert_diary d join experts e on e.id = d.expert_id
            where d.state = 'confirmed' and d.starts_at > app_now() + interval '1 day' and not exists (select from expert_absences a where a.expert_id = d.expert_id)
            group by d.expert_id order by d.expert_id offset {(scripts ? 0 : 1)} limit 1
            """);
        var expert = ExpertId.From((Guid)row[0]);
        var booked = await BookedAsync(expert);
        await app.Send(new AddAbsence(expert, new DateTimeOffset((DateTime)row[1], TimeSpan.Zero).AddHours(-1), new DateTimeOffset((DateTime)row[2], TimeSpan.Zero).AddHours(1), "私用"), "supervisor@desk.example");

        await using var supervisor = await app.OpenAsync("supervisor@desk.example", scripts);
        await supervisor.GoAsync($"/experts/{expert}");
        await supervisor.LookAsync();
        await supervisor.PressAsync("不在の間の引継ぎの案を作る");
        await Expect(supervisor.Heading).ToContainTextAsync("案（未確定）");
        await supervisor.SeesAsync("不在と重なる");
        await supervisor.SeesAsync("おすすめ");
        Assert.DoesNotContain("私用", await supervisor.Main.InnerTextAsync(), StringComparison.Ordinal);
        await supervisor.UnfoldAsync("引き継げない");
        await supervisor.LookAsync();

        await supervisor.PressAsync("この引継ぎを承認する");
        await supervisor.IsToldAsync("代わりの専門家の了解: 入力してください。");
        await supervisor.Page.FillAsync("#Source", "電話で了解");
        await supervisor.PressAsync("この引継ぎを承認する");
        await supervisor.SeesAsync("引継ぎ済み");
        await supervisor.SeesAsync("さんに引き継ぎました。");
        await supervisor.LookAsync();
        Assert.True(await BookedAsync(expert) < booked);

        await app.Send(new RemoveAbsence(expert, ExpertAbsenceId.From((Guid)(await app.SqlRowAsync($"select id from expert_absences where expert_id = '{expert}'"))[0])), "supervisor@desk.example");
        await supervisor.PressAsync("担当を元へ戻す");
        await supervisor.SeesAsync("元へ戻し済み");
        await supervisor.LookAsync();

        await using var clerk = await app.OpenAsync("tohoku@desk.example");
        Assert.Equal(403, await clerk.GoAsync(supervisor.Path));
    }

    private async Task<long> BookedAsync(ExpertId expert) =>
        (long)(await app.SqlRowAsync($"select count(*) from expert_diary where expert_id = '{expert}' and state in ('held', 'confirmed') and starts_at > app_now()"))[0];
}
