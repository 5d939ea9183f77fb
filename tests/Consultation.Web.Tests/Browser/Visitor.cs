using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Consultation.Web.Tests.Browser;

/// <summary>Somebody at a browser, and what is demanded of every page they reach.</summary>
public sealed class Visitor(IBrowserContext context, IPage page, bool scripts) : IAsyncDisposable
{
    public const int Wide = 1280;
    private const int Phone = 360;
    private const int Zoomed = 320;

    public IPage Page => page;

    public IBrowserContext Context => context;

    public string Path => new Uri(page.Url).PathAndQuery;

    public ILocator Heading => page.Locator("h1");

    public ILocator Main => page.Locator("main");

    public ILocator Summary => page.Locator("#errors");

    public async ValueTask DisposeAsync() => await context.DisposeAsync();

    public async Task<int> GoAsync(string path) => (await page.GotoAsync(path))!.Status;

    public async Task SignInAsync(string person, string password = BrowserApp.Password)
    {
        if (await page.Locator("#userName").CountAsync() == 0)
        {
            await GoAsync("/sign-in");
        }

        await page.FillAsync("#userName", person);
        await page.FillAsync("#password", password);
        await page.Locator("main button").ClickAsync();
    }

    public Task PressAsync(string button) => page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).First.ClickAsync();

    public Task FollowAsync(string link) => Main.GetByRole(AriaRole.Link, new() { NameRegex = new($"^{link}") }).First.ClickAsync();

    public Task ChooseAsync(string choice) => Main.Locator("label.choice", new() { HasText = choice }).First.Locator("input").CheckAsync();

    public Task UnfoldAsync(string summary) => Main.Locator("summary", new() { HasText = summary }).First.ClickAsync();

    public Task SeesAsync(string text) => Expect(Main).ToContainTextAsync(text);

    /// <summary>Presses the tabulator until the element has the focus; one that no keyboard reaches fails.</summary>
    public async Task TabToAsync(ILocator wanted, int most = 60)
    {
        for (var i = 0; i < most; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await wanted.EvaluateAsync<bool>("element => element === document.activeElement"))
            {
                return;
            }
        }

        Assert.Fail($"{Path}: the keyboard does not reach {wanted} with {most} steps");
    }

    /// <summary>The summary names exactly these errors, has the focus, and every line moves the focus to its field.</summary>
    public async Task IsToldAsync(params string[] errors)
    {
        await Expect(Summary).ToBeFocusedAsync();
        var lines = await Summary.Locator("li").AllInnerTextsAsync();
        Assert.Equal(errors, lines);
        foreach (var link in await Summary.Locator("li a").AllAsync())
        {
            var target = (await link.GetAttributeAsync("href"))![1..];
            await link.ClickAsync();
            await Expect(page.Locator($"[id='{target}']")).ToBeFocusedAsync();
        }

        Assert.Equal(lines.Count, await Summary.Locator("li a").CountAsync());
    }

    /// <summary>Fails with everything that is wrong with the page.</summary>
    public async Task LookAsync() => Assert.Empty(await FaultsAsync());

    /// <summary>Language, heading, title, nothing that moves sideways at 320 px, and axe with all its rules on a desk's screen and on a phone.</summary>
    public async Task<IReadOnlyList<string>> FaultsAsync()
    {
        var faults = new List<string>();
        void Demand(bool well, string fault)
        {
            if (!well)
            {
                faults.Add($"{Path}: {fault}");
            }
        }

        Demand(await page.Locator("html").GetAttributeAsync("lang") == "ja", "lang is not ja");
        Demand(await page.Locator("h1").CountAsync() == 1, "not one h1");
        Demand(!string.IsNullOrWhiteSpace(await page.TitleAsync()), "no title");
        if (!scripts)
        {
            return faults;
        }

        foreach (var width in (int[])[Wide, Phone])
        {
            await page.SetViewportSizeAsync(width, 900);
            var result = await Axe.RunAsync(page);
            Demand(result.Passes > 5, $"axe saw hardly anything at {width} px");
            faults.AddRange(result.Violations.Select(violation => $"{Path}: at {width} px {violation}"));
        }

        await page.SetViewportSizeAsync(Zoomed, 900);
        var beyond = await page.EvaluateAsync<string?>("""
            () => {
              const root = document.scrollingElement;
              if (root.scrollWidth <= root.clientWidth) return null;
              return [...document.querySelectorAll('main *, header *, footer *')].filter(e => e.getBoundingClientRect().right > root.clientWidth + 1 && !e.closest('.scroll-x'))
                .slice(0, 4).map(e => e.outerHTML.slice(0, 120)).join(' | ') || root.scrollWidth + ' px';
            }
            """);
        Demand(beyond is null, $"scrolls sideways at {Zoomed} px: {beyond}");
        await page.SetViewportSizeAsync(Wide, 900);
        return faults;
    }
}
