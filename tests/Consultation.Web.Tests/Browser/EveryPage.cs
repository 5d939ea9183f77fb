using System.Text.RegularExpressions;
using AngleSharp.Html.Parser;

namespace Consultation.Web.Tests.Browser;

/// <summary>Follows every link of the demo as every kind of person and looks at each kind of page once.</summary>
public sealed partial class EveryPage(BrowserApp app) : IClassFixture<BrowserApp>
{
    private const int MostPages = 150;

    [Theory]
    [InlineData("supervisor@desk.example", "/cases/{id}", "/cases/{id}/route", "/cases/{id}/offer", "/cases/{id}/why", "/cases/{id}/answer", "/cases/{id}/edit", "/cases/{id}/hold",
        "/cases/{id}/mail", "/cases/{id}/mail/{id}", "/cases/{id}/hand-over", "/cases/{id}/close", "/cases/{id}/reopen", "/cases/{id}/visits/new", "/cases/{id}/sheet", "/cases/{id}/visits/{id}/sheet", "/cases/{id}/visits/{id}/cancel", "/cases/{id}/visits/{id}/review", "/cases/{id}/visits/{id}/reports",
        "/cases/{id}/visits/{id}/report", "/cases/{id}/follow-ups/{id}", "/follow-ups", "/waiting-list", "/cases/{id}/wait", "/inquiries/new", "/desk", "/mailbox", "/mailbox/{id}",
        "/experts", "/experts/new", "/experts/{id}", "/experts/{id}/edit", "/experts/{id}/diary",
        "/supervision", "/supervision/table", "/supervision/reports", "/supervision/months", "/supervision/months/{id}", "/supervision/what-if", "/supervision/experts/{id}/offers", "/assignment", "/demo/clock", "/supervision/year-end", "/diaries", "/diaries/book", "/disaster", "/experts/{id}/calendar")]
    [InlineData("expert04@expert.example", "/my-cases", "/offers", "/diary", "/diaries/book", "/availability", "/my-mail", "/follow-ups")]
    [InlineData("ministry@desk.example", "/supervision", "/supervision/table", "/supervision/months", "/supervision/months/{id}", "/supervision/what-if")]
    [InlineData("admin@desk.example", "/settings", "/settings/people", "/settings/people/{id}", "/settings/people/new", "/settings/tokens", "/settings/tokens/new",
        "/settings/desks", "/settings/desks/{id}", "/settings/work", "/settings/work/run", "/settings/mail", "/settings/mail/{id}", "/settings/mail/sending", "/settings/templates", "/settings/templates/mail", "/settings/templates/mail/edit", "/demo/clock")]
    [InlineData("auditor@desk.example", "/audit", "/audit/chain")]
    public async Task Every_page_is_well_made(string person, params string[] reached)
    {
        await using var visitor = await app.OpenAsync(person);
        var faults = new List<string>();
        var looked = new HashSet<string>();
        var known = new HashSet<string>();
        var waiting = new Queue<string>();
        Await(visitor.Path);
        Await("/cases?view=all");

        for (var pages = 0; pages < MostPages && waiting.TryDequeue(out var path); pages++)
        {
            // Most of them are cases, read only for where they lead; that needs no browser.
            var answer = await visitor.Context.APIRequest.GetAsync(path);
            if (answer.Status is not (200 or 403))
            {
                faults.Add($"{path}: {answer.Status}");
                continue;
            }

            if (looked.Add(KindOf(path)))
            {
                await visitor.GoAsync(path);
                faults.AddRange(await visitor.FaultsAsync());
            }

            foreach (var link in (await new HtmlParser().ParseDocumentAsync(await answer.TextAsync())).QuerySelectorAll("a[href^='/']"))
            {
                Await(link.GetAttribute("href")!.Split('#')[0]);
            }
        }

        Assert.Empty(faults);
        Assert.Empty(reached.Except(looked));

        void Await(string path)
        {
            // One page of every kind, but every case: its state decides which pages it leads to.
            var kind = KindOf(path);
            if (known.Add(kind == "/cases/{id}" ? path.Split('?')[0] : kind))
            {
                waiting.Enqueue(path);
            }
        }
    }

    private static string KindOf(string path) => Id().Replace(path.Split('?')[0], "/{id}");

    [GeneratedRegex("/([0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32}|[0-9]{4}-[0-9]{2}|[0-9]+)(?=/|$)|(?<=/settings/desks)/[a-z-]+$")]
    private static partial Regex Id();
}
