using System.Globalization;
using Consultation.Demo;
using Consultation.Experts;
using Consultation.Routing;
using Consultation.Visits;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Consultation.Web.Tests.Browser;

/// <summary>An expert from the offer to the report: journeys J17 and J53, with scripts and without.</summary>
public sealed class ExpertJourneys(BrowserApp app) : IClassFixture<BrowserApp>
{
    private const string Room = "仙台市青葉区の本社 2階 会議室";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task J17_an_expert_accepts_books_visits_and_reports(bool scripts)
    {
        // The other run of this journey has moved the clock behind its visit.
        await app.Send(new SetClock(new(2026, 11, 24, 9, 20, 0, TimeSpan.FromHours(9))));
        var (@case, offer) = await app.OfferedCaseAsync($"株式会社架空たんぽぽ設備{(scripts ? "本店" : "支店")}");
        var person = app.PersonOf(offer.Expert);
        await using var expert = await app.OpenAsync(person, scripts);
        Assert.Equal("/my-cases", expert.Path);
        await expert.LookAsync();

        await expert.FollowAsync("[0-9]+件の打診に返事をする");
        await expert.LookAsync();
        await expert.Page.GetByRole(AriaRole.Button, new() { NameRegex = new($"^受諾する.*{offer.Number}") }).ClickAsync();
        await expert.SeesAsync("受諾しました。");
        await expert.SeesAsync("日程調整中");
        await expert.LookAsync();

        await expert.FollowAsync("相談を予約する");
        await expert.LookAsync();
        await ASlotMustBeChosenAsync(expert);
        await J17_a_slot_taken_meanwhile_keeps_what_was_typed(expert, offer);
        await AForbiddenSlotKeepsWhatWasTypedAsync(expert);
        var start = await BookAsync(expert);

        await app.Send(new SetClock(start.AddMinutes(70)));
        await expert.GoAsync("/my-cases");
        await expert.SeesAsync(offer.Number);
        await expert.LookAsync();
        await expert.GoAsync($"/cases/{@case}");
        await expert.FollowAsync("実施・先方不在を記録する");
        await expert.LookAsync();
        await expert.ChooseAsync("実施した");
        await expert.PressAsync("結果を記録する");
        await expert.SeesAsync("結果を記録しました。");
        await expert.SeesAsync("報告待ち");

        await expert.FollowAsync("報告を書く");
        await expert.LookAsync();
        await expert.Page.FillAsync("#Text", "ファイルの置き場とVPNの設定を一緒に確かめた。\n\n次は社内の決まりを整える。");
        await expert.ChooseAsync("相談は終わった");
        await expert.PressAsync("報告を提出する");
        await expert.SeesAsync("報告を提出しました。");
        await Expect(expert.Page.Locator(".case-head")).ToContainTextAsync("フォローアップ中");
        await Expect(expert.Main.Locator("section[aria-labelledby=follow] li").First).ToBeVisibleAsync();
        await expert.LookAsync();
    }

    private static async Task ASlotMustBeChosenAsync(Visitor expert)
    {
        await expert.Page.FillAsync("#Place", Room);
        await expert.PressAsync("この内容で予約する");
        await expert.IsToldAsync("日時: 空いている時間を1つ選んでください。");
        await Expect(expert.Page.Locator("#Place")).ToHaveValueAsync(Room);
    }

    private async Task J17_a_slot_taken_meanwhile_keeps_what_was_typed(Visitor expert, OfferResult offer)
    {
        var slot = await FreeSlotAsync(expert);
        var start = StartOf(await slot.GetAttributeAsync("value"));
        await slot.CheckAsync();
        var (other, second) = await app.OfferedCaseAsync($"株式会社架空ほおずき舎 {start:MMddHHmm}", offer.Expert);
        var person = app.PersonOf(offer.Expert);
        await app.Send(new AcceptOffer(second.Id), person);
        await app.Send(new BookVisit(other, start, start.AddHours(1), VisitMode.Visit, VisitStage.Assess), person);

        await expert.PressAsync("この内容で予約する");

        await Expect(expert.Page.Locator("#taken")).ToBeFocusedAsync();
        await expert.SeesAsync("選んだ時間は先に埋まりました");
        await Expect(expert.Page.Locator("#Place")).ToHaveValueAsync(Room);
        await expert.LookAsync();
    }

    private static async Task AForbiddenSlotKeepsWhatWasTypedAsync(Visitor expert)
    {
        var slot = await FreeSlotAsync(expert);
        await slot.EvaluateAsync("radio => radio.value = '2026-12-31T10:00'");
        await slot.CheckAsync();
        await expert.PressAsync("この内容で予約する");
        await Expect(expert.Summary).ToBeFocusedAsync();
        await Expect(expert.Summary.Locator("li")).ToHaveCountAsync(1);
        await Expect(expert.Summary).ToContainTextAsync("12月31日");
        await Expect(expert.Page.Locator("#Place")).ToHaveValueAsync(Room);
    }

    private static async Task<DateTimeOffset> BookAsync(Visitor expert)
    {
        var slot = await FreeSlotAsync(expert);
        var start = StartOf(await slot.GetAttributeAsync("value"));
        await slot.CheckAsync();
        await expert.PressAsync("この内容で予約する");
        await expert.SeesAsync("予約しました。");
        await expert.SeesAsync("実施予定");
        await expert.LookAsync();
        return start;
    }

    /// <summary>The first free time of this week or one of the next.</summary>
    private static async Task<ILocator> FreeSlotAsync(Visitor expert)
    {
        var slots = expert.Page.Locator("input[name=Slot]");
        for (var week = 0; week < 3 && await slots.CountAsync() == 0; week++)
        {
            await expert.FollowAsync("次の週");
            await expert.Page.FillAsync("#Place", Room);
        }

        return slots.First;
    }

    private static DateTimeOffset StartOf(string? slot) =>
        new(DateTime.ParseExact(slot!, "yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture), TimeSpan.FromHours(9));
}
