using Consultation.Audit;
using Consultation.CaseFile;
using Consultation.Cases;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Consultation.Web.Tests.Browser;

/// <summary>The administrator enters a colleague who then comes in (journey J46); the auditor asks who read a case (journey J43).</summary>
public sealed class AdministratorJourneys(BrowserApp app) : IClassFixture<BrowserApp>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task J46_an_administrator_enters_a_colleague_changes_a_desk_and_runs_a_job(bool scripts)
    {
        var address = $"new{(scripts ? 1 : 2)}@desk.example";
        await using var administrator = await app.OpenAsync("admin@desk.example", scripts);
        Assert.Equal("/settings", administrator.Path);
        await administrator.FollowAsync("利用者");
        await administrator.FollowAsync("利用者を登録する");
        await administrator.PressAsync("登録する");
        await administrator.IsToldAsync("氏名: 入力してください。", "役割: 入力してください。", "所属: 入力してください。");
        await administrator.LookAsync();
        await administrator.Page.FillAsync("#Input_Name", "窓口 新人");
        await administrator.Page.FillAsync("#Input_Email", address);
        await administrator.Page.SelectOptionAsync("#Input_Role", "Desk");
        await administrator.Page.SelectOptionAsync("#Input_Desk", "hokkaido");
        await administrator.Page.FillAsync("#Input_Organisation", "デモ運営事務局");
        await administrator.PressAsync("登録する");
        await administrator.SeesAsync("利用者を登録しました。");
        await administrator.PressAsync("一時パスワードを発行する");
        var secret = await administrator.Page.Locator("code.secret").InnerTextAsync();
        await administrator.LookAsync();

        await using var colleague = await app.OpenAsync(scripts);
        await colleague.SignInAsync(address, secret);
        await Expect(colleague.Heading).ToHaveTextAsync("パスワードを決める");
        await colleague.LookAsync();
        await colleague.Page.FillAsync("#Password", secret);
        await colleague.Page.FillAsync("#Chosen", "horse staple battery");
        await colleague.Page.FillAsync("#Again", "horse staple battery");
        await colleague.PressAsync("このパスワードにする");
        await Expect(colleague.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/desk$"));

        await administrator.GoAsync($"/settings/desks/{(scripts ? "chugoku" : "shikoku")}");
        await administrator.Page.FillAsync("#LunchFrom", "12時");
        await administrator.PressAsync("保存する");
        await Expect(administrator.Summary).ToContainTextAsync("昼休みは、始まりと終わりの両方を");
        await administrator.Page.FillAsync("#LunchTo", "１３：００");
        await administrator.PressAsync("保存する");
        await administrator.SeesAsync("昼休み 12:00～13:00");

        await administrator.GoAsync("/settings/work");
        await administrator.FollowAsync("操作記録の封印をいますぐ実行する");
        await administrator.SeesAsync("二重にはなりません");
        await administrator.PressAsync("実行する");
        await administrator.SeesAsync("「操作記録の封印」を実行しました。");

        // The one administrator of the demo cannot lock everybody out.
        await administrator.GoAsync("/settings/people?role=Administrator");
        await administrator.FollowAsync("システム管理者 01");
        await administrator.PressAsync("利用を停止する");
        await Expect(administrator.Summary).ToContainTextAsync("最後のシステム管理者です。");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task J43_an_auditor_finds_who_read_a_case_and_proves_the_record(bool scripts)
    {
        var logged = await app.Send(new LogInquiry(Channel.Email, "始め方を知りたい。"), "tohoku@desk.example");
        await app.Send(new GetCase(logged.Id), "kyushu@desk.example");
        await using var auditor = await app.OpenAsync("auditor@desk.example", scripts);
        Assert.Equal("/audit", auditor.Path);
        await auditor.Page.FillAsync("#Number", "8の999999");
        await auditor.PressAsync("絞り込む");
        await Expect(auditor.Summary).ToContainTextAsync("その番号の案件はありません。");
        await auditor.Page.FillAsync("#Number", logged.Number);
        await auditor.Page.SelectOptionAsync("#Sort", "reads");
        await auditor.Page.FillAsync("#From", "2026");
        await auditor.Page.FillAsync("[name='From.Month']", "11");
        await auditor.Page.FillAsync("[name='From.Day']", "1");
        await auditor.PressAsync("絞り込む");
        await Expect(auditor.Main.Locator("tbody tr")).ToHaveCountAsync(1);
        await auditor.SeesAsync("案件を見た");
        await auditor.SeesAsync("九州");
        await auditor.LookAsync();

        await app.Send(new SealAudit());
        await auditor.Page.GetByRole(AriaRole.Link, new() { Name = "改ざんの検証" }).ClickAsync();
        await auditor.PressAsync("すべての封印を検証する");
        await auditor.SeesAsync("連鎖は正しくつながっています");
        await auditor.LookAsync();
    }
}
