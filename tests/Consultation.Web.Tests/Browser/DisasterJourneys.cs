using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Routing;
using Consultation.Experts;
using Consultation.Visits;
using static Microsoft.Playwright.Assertions;

namespace Consultation.Web.Tests.Browser;

/// <summary>The disaster switch in the browser, without scripts (journey J26).</summary>
public sealed class DisasterJourneys(BrowserApp app) : IClassFixture<BrowserApp>
{
    [Fact]
    public async Task J26_a_supervisor_looks_first_switches_a_prefecture_and_takes_it_back()
    {
        var (id, offer) = await app.OfferedCaseAsync("株式会社見本台風");
        await app.Send(new AcceptOffer(offer.Id, "電話で受諾"), "tohoku@desk.example");
        var slot = (await app.Send(new ListSlots(id, Mode: VisitMode.Visit), "tohoku@desk.example")).First(s => JapanTime.DateOf(s.Start) > new DateOnly(2026, 11, 25));
        var booked = await app.Send(new BookVisit(id, slot.Start, slot.End, VisitMode.Visit, VisitStage.Assess), "tohoku@desk.example");
        var day = JapanTime.DateOf(slot.Start);

        await using var supervisor = await app.OpenAsync("supervisor@desk.example", scripts: false);
        await supervisor.GoAsync("/desk");
        await supervisor.FollowAsync("災害時の訪問の切替え");
        await supervisor.LookAsync();
        await supervisor.PressAsync("対象を調べる");
        await supervisor.IsToldAsync("都道府県: 入力してください。");
        await supervisor.Page.SelectOptionAsync("#Prefecture", "04");
        foreach (var side in new[] { "From", "To" })
        {
            await supervisor.Page.FillAsync($"[name='{side}.Year']", $"{day.Year}");
            await supervisor.Page.FillAsync($"[name='{side}.Month']", $"{day.Month}");
            await supervisor.Page.FillAsync($"[name='{side}.Day']", $"{day.Day}");
        }

        await supervisor.PressAsync("対象を調べる");
        await supervisor.SeesAsync("株式会社見本台風");
        await supervisor.SeesAsync("相談者にメール1通");
        await supervisor.LookAsync();
        Assert.Equal("visit", await ModeAsync(booked.Id));
        var act = supervisor.Main.Locator("form[method='post'] button");
        await act.ClickAsync();
        await supervisor.IsToldAsync("災害の種類: 入力してください。");
        await supervisor.LookAsync();
        await supervisor.Page.FillAsync("#Reason", "台風");
        // What would be sent is read first; nothing typed is lost.
        await supervisor.Main.Locator("button[name='rehearse']").First.ClickAsync();
        await supervisor.SeesAsync("この操作で送るメール 2通");
        await supervisor.SeesAsync("台風によるご相談の予定の変更");
        Assert.Equal("visit", await ModeAsync(booked.Id));
        await supervisor.LookAsync();
        await act.ClickAsync();
        await Expect(supervisor.Heading).ToContainTextAsync("台風による切替え");
        await supervisor.SeesAsync("切替え済み");
        Assert.Equal("web", await ModeAsync(booked.Id));
        await supervisor.LookAsync();
        await supervisor.PressAsync("元の予定に戻す");
        await supervisor.SeesAsync("元へ戻し済み");
        Assert.Equal("visit", await ModeAsync(booked.Id));
        await supervisor.LookAsync();
        await supervisor.GoAsync("/disaster");
        await supervisor.SeesAsync("これまでの切替え");

        await using var clerk = await app.OpenAsync("tohoku@desk.example", scripts: false);
        Assert.Equal(403, await clerk.GoAsync("/disaster"));
    }

    private async Task<string> ModeAsync(VisitId visit) => (string)(await app.SqlRowAsync($"select mode from visits where id = '{visit}'"))[0];
}
