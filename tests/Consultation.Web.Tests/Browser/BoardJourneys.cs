using Consultation.Cases;
using Consultation.Topics;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Consultation.Web.Tests.Browser;

/// <summary>The board in two browsers: plan, confirm, apply, be too late, undo; and what if somebody were away.</summary>
public sealed class BoardJourneys(BrowserApp app) : IClassFixture<BrowserApp>
{
    private const string Clerk = "tohoku@desk.example";
    private const string Supervisor = "supervisor@desk.example";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task J10_J12_two_coordinators_in_two_browsers_cannot_hurt_each_other(bool scripts)
    {
        for (var n = 0; n < 3; n++)
        {
            await WaitAsync($"株式会社架空一括{(scripts ? "甲" : "乙")}{n}");
        }

        await using var clerk = await app.OpenAsync(Clerk, scripts);
        await using var supervisor = await app.OpenAsync(Supervisor, scripts);
        await clerk.GoAsync("/assignment");
        await clerk.LookAsync();
        await clerk.PressAsync("下で選んだ案件で案を作る");
        await clerk.IsToldAsync("案に入れる案件を選んでください。");
        await clerk.Page.GetByRole(AriaRole.Button, new() { NameRegex = new("^待っている.*すべてで案を作る$") }).ClickAsync();
        await Expect(clerk.Heading).ToContainTextAsync("割当て案");
        await clerk.LookAsync();
        await clerk.UnfoldAsync("人の判定");
        await clerk.LookAsync();
        // Numbers are for supervisors.
        Assert.DoesNotContain("合い具合の点数", await clerk.Main.InnerTextAsync(), StringComparison.Ordinal);

        await supervisor.GoAsync("/assignment");
        await supervisor.Page.GetByRole(AriaRole.Button, new() { NameRegex = new("すべてで案を作る$") }).ClickAsync();
        await supervisor.SeesAsync("合い具合の点数");
        await supervisor.LookAsync();
        await supervisor.FollowAsync("「全体で最適」で打診する");
        await supervisor.SeesAsync("通のメールを送ります");
        await supervisor.LookAsync();

        await clerk.FollowAsync("「全体で最適」で打診する");
        await clerk.Page.GetByRole(AriaRole.Button, new() { NameRegex = new("件を打診する$") }).ClickAsync();
        await clerk.SeesAsync("打診しました");
        await clerk.LookAsync();

        await supervisor.Page.GetByRole(AriaRole.Button, new() { NameRegex = new("件を打診する$") }).ClickAsync();
        await supervisor.SeesAsync("案を作った後に変わったもの");
        await supervisor.SeesAsync("だれにも打診していません");
        await supervisor.SeesAsync("さんへ打診しました");
        await supervisor.LookAsync();
        Assert.Equal(0L, (await app.SqlRowAsync("select count(*) from (select case_id, track from offers where state = 'open' group by case_id, track having count(*) > 1) twice"))[0]);
        await supervisor.PressAsync("いまの状況でもう一度案を作る");
        await Expect(supervisor.Heading).ToContainTextAsync("割当て案");

        await clerk.FollowAsync("打診を取り消す");
        await clerk.SeesAsync("回答のない");
        await clerk.LookAsync();
        await clerk.Page.GetByRole(AriaRole.Button, new() { NameRegex = new("件の打診を取り消す$") }).ClickAsync();
        await clerk.SeesAsync("打診を取り消しました。");
        await clerk.SeesAsync("取消し済み");
        await clerk.LookAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_the_applicant_wishes_is_written_down_where_the_year_asks_for_it_and_anybody_is_found_by_name(bool scripts)
    {
        await using (var admin = await app.OpenAsync("admin@desk.example", scripts))
        {
            await admin.GoAsync("/settings/programmes");
            await admin.FollowAsync("令和8年度");
            await admin.ChooseAsync("聞く（第3希望まで記録する）");
            await admin.PressAsync("保存する");
            await admin.SeesAsync("設定を保存しました。");
        }

        var id = await WaitAsync($"株式会社架空希望{(scripts ? "甲" : "乙")}");
        await using var clerk = await app.OpenAsync(Clerk, scripts);
        await clerk.GoAsync($"/cases/{id}/offer?track=Mic");
        await clerk.LookAsync();
        await clerk.Page.SelectOptionAsync("#First", new SelectOptionValue { Index = 1 });
        await clerk.PressAsync("希望を記録する");
        await clerk.IsToldAsync("確認の方法: 入力してください。");
        await clerk.Page.FillAsync("#Told", "電話で確認");
        await clerk.PressAsync("希望を記録する");
        await clerk.SeesAsync("相談者の希望を記録しました。");
        await clerk.SeesAsync("相談者の第1希望です");
        await clerk.SeesAsync("電話で確認");
        await clerk.LookAsync();

        await clerk.Page.FillAsync("#Name", "専門家 01");
        await clerk.PressAsync("探す");
        await clerk.SeesAsync("名前で探した専門家");
        Assert.DoesNotContain("01", Uri.UnescapeDataString(new Uri(clerk.Page.Url).Query), StringComparison.Ordinal);
        await clerk.LookAsync();
        await clerk.Page.FillAsync("#Name", "居ない人");
        await clerk.PressAsync("探す");
        await clerk.SeesAsync("「居ない人」という名前の専門家は登録されていません。");

        await clerk.Page.SelectOptionAsync("#First", "");
        await clerk.PressAsync("希望を記録する");
        await clerk.SeesAsync("相談者の希望を取り消しました。");
    }

    [Fact]
    public async Task P24_a_supervisor_asks_what_happens_if_two_are_away_and_the_page_says_how_it_reckons()
    {
        await using var supervisor = await app.OpenAsync(Supervisor);
        await supervisor.GoAsync("/supervision");
        await supervisor.FollowAsync("待ち日数の見込み");
        await supervisor.LookAsync();
        var people = supervisor.Main.Locator("input[name=Away]");
        await people.Nth(0).CheckAsync();
        await people.Nth(1).CheckAsync();
        await supervisor.PressAsync("見込みを出す");
        await supervisor.SeesAsync("2人が不在");
        await supervisor.SeesAsync("これは見込みで、約束ではありません");
        await supervisor.LookAsync();
        await supervisor.Page.FillAsync("#Weeks", "八");
        await supervisor.PressAsync("見込みを出す");
        await supervisor.IsToldAsync("数える週: 8 のように、数字だけで入力してください。");
        await using var clerk = await app.OpenAsync(Clerk);
        Assert.Equal(403, await clerk.GoAsync("/supervision/what-if"));
    }

    private async Task<CaseId> WaitAsync(string organisation)
    {
        var logged = await app.Send(
            new LogInquiry(
                Channel.Phone, "社外から社内のファイルを使うときのVPNとセキュリティを相談したい。", Organisation: new(organisation, null, null, "宮城県", "仙台市", "E", 40, 10_000_000),
                Contact: new("ご担当", "総務", "022-000-1234", "client@client.example"), Consented: true), Clerk);
        await app.Send(new RouteCase(logged.Id, [Track.Mic], null, null, "試験のため"), Clerk);
        return logged.Id;
    }
}
