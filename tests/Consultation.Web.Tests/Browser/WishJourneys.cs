using Consultation.Cases;
using Consultation.Demo;
using Consultation.Routing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Consultation.Web.Tests.Browser;

/// <summary>The client's first to third wish, taken down on the booking page, where what fits comes first.</summary>
public sealed class WishJourneys(BrowserApp app) : IClassFixture<BrowserApp>
{
    private const string Clerk = "tohoku@desk.example";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task J19_the_wishes_of_a_client_are_taken_down_and_what_fits_is_booked_first(bool scripts)
    {
        await app.Send(new SetClock(new(2026, 11, 24, 10, 0, 0, TimeSpan.FromHours(9))));
        var day = scripts ? 15 : 16;
        var (@case, offer) = await app.OfferedCaseAsync($"株式会社架空のぞみ{(scripts ? "本店" : "支店")}");
        await app.Send(new AcceptOffer(offer.Id), app.PersonOf(offer.Expert));
        await using var clerk = await app.OpenAsync(Clerk, scripts);
        await clerk.Page.SetViewportSizeAsync(360, 740);
        await clerk.GoAsync($"/cases/{@case}/visits/new?Mode=Web");
        await clerk.UnfoldAsync("相談者の希望日時（未登録）");
        await DateAsync(0, day);
        await clerk.Page.FillAsync("#Wishes_0__From", "13時");
        await clerk.Page.FillAsync("#Wishes_0__Until", "12:00");
        await clerk.PressAsync("希望日時を保存する");
        await Expect(clerk.Summary).ToContainTextAsync("希望日時の終わりは、始まりより後にしてください。");
        await clerk.Page.FillAsync("#Wishes_0__Until", "15:00");
        await DateAsync(1, 20);
        await clerk.PressAsync("希望日時を保存する");
        await clerk.SeesAsync("相談者の希望日時を保存しました。");
        await clerk.LookAsync();
        await clerk.Page.SetViewportSizeAsync(360, 740);
        var first = clerk.Main.Locator("section.day").First;
        await Expect(first).ToContainTextAsync($"第1希望 12月{day}日");
        await Expect(first).ToContainTextAsync("13:00〜15:00");
        // A Sunday says why nothing fits.
        await Expect(clerk.Main.Locator("section.day").Nth(1)).ToContainTextAsync("第2希望 12月20日(日)");
        await first.Locator("input[type=radio]").First.CheckAsync();
        await clerk.PressAsync("この内容で予約する");
        await clerk.SeesAsync($"12月{day}日");
        await clerk.SeesAsync("予約しました。");
        await clerk.SeesAsync("第1希望 12月");
        await clerk.LookAsync();

        async Task DateAsync(int at, int on)
        {
            await clerk.Page.Locator($"[name='Wishes[{at}].Date.Year']").FillAsync("2026");
            await clerk.Page.Locator($"[name='Wishes[{at}].Date.Month']").FillAsync("12");
            await clerk.Page.Locator($"[name='Wishes[{at}].Date.Day']").FillAsync($"{on}");
        }
    }
}
