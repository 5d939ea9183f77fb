namespace Consultation.Web.Tests.Browser;

/// <summary>What is demanded of every page is really looked for.</summary>
public sealed class VisitorTests(Chromium chromium)
{
    [Fact]
    public async Task Every_fault_planted_into_a_page_is_found()
    {
        var context = await (await chromium.BrowserAsync()).NewContextAsync();
        await using var visitor = new Visitor(context, await context.NewPageAsync(), scripts: true);
        await visitor.Page.SetContentAsync("""<html><body><main><img src="x"><p style="color: #eee; width: 2000px">読めない字</p></main></body></html>""");

        var faults = await visitor.FaultsAsync();

        foreach (var planted in (string[])["lang is not ja", "not one h1", "no title", "1280 px image-alt", "360 px image-alt", "1280 px color-contrast", "360 px color-contrast", "sideways at 320 px"])
        {
            Assert.Contains(faults, fault => fault.Contains(planted, StringComparison.Ordinal));
        }
    }
}
