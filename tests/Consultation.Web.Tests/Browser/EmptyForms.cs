using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Consultation.Web.Tests.Browser;

/// <summary>Forms that lost what was in them, and searches that may not stand in an address.</summary>
public sealed partial class EmptyForms(BrowserApp app) : IClassFixture<BrowserApp>
{
    private const string Token = "__RequestVerificationToken";

    [Theory]
    [InlineData("supervisor@desk.example")]
    [InlineData("admin@desk.example")]
    [InlineData("expert04@expert.example")]
    public async Task No_page_breaks_on_an_empty_form(string person)
    {
        await using var visitor = await app.OpenAsync(person, scripts: false);
        var token = await visitor.Page.Locator($"input[name={Token}]").First.InputValueAsync();
        var known = await app.SqlRowAsync("""
            select (select v.case_id from visits v order by v.id limit 1), (select id from visits order by id limit 1), (select id from experts order by id limit 1), (select id from follow_ups order by id limit 1),
              (select id from staff where name = '省担当者 01'), (select id from outgoing_mail order by id limit 1), (select id from programme_years order by id limit 1)
            """);
        var faults = new List<string>();
        foreach (var endpoint in app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            if (endpoint.Metadata.GetMetadata<PageActionDescriptor>() is not { } page || endpoint.RoutePattern.RawText is not { } template || template.StartsWith("sign-", StringComparison.Ordinal))
            {
                continue;
            }

            var path = "/" + Gap().Replace(template, gap => Value(template[..gap.Index], gap.Groups[1].Value, known));
            var handlers = (await app.Services.GetRequiredService<PageLoader>().LoadAsync(page, EndpointMetadataCollection.Empty)).HandlerMethods
                .Where(handler => handler.HttpMethod == "Post").Select(handler => handler.Name ?? "").ToList();
            foreach (var handler in handlers.Append("").Distinct())
            {
                var form = visitor.Context.APIRequest.CreateFormData().Set(Token, token);
                var answer = await visitor.Context.APIRequest.PostAsync(path, new() { Form = form, MaxRedirects = 0, Params = handler.Length == 0 ? null : new Dictionary<string, object> { ["handler"] = handler } });
                if (answer.Status is >= 500 or < 200 || (!handlers.Contains(handler) && answer.Status is not (400 or 403 or 404)))
                {
                    faults.Add($"{path} {handler}: {answer.Status}");
                }
            }
        }

        Assert.True(faults.Count == 0, string.Join(Environment.NewLine, faults));
    }

    [Fact]
    public async Task A_searched_telephone_number_never_stands_in_an_address()
    {
        await using var clerk = await app.OpenAsync("tohoku@desk.example", scripts: false);
        var phone = await clerk.Main.Locator("a[href^='tel:']").First.InnerTextAsync();
        await clerk.Page.FillAsync("#q", phone);
        await clerk.Page.PressAsync("#q", "Enter");
        await clerk.SeesAsync($"「{phone}」の検索結果");
        Assert.DoesNotContain(phone, clerk.Page.Url, StringComparison.Ordinal);
        Assert.NotEqual(0, await clerk.Page.Locator("table.queue tbody tr").CountAsync());
        await clerk.Page.SelectOptionAsync("#f-status", "Closed");
        await clerk.PressAsync("絞り込む");
        Assert.DoesNotContain(phone, clerk.Page.Url, StringComparison.Ordinal);
        await clerk.SeesAsync($"「{phone}」の検索結果");

        await clerk.Page.FillAsync("#q", "R08-000007");
        await clerk.Page.PressAsync("#q", "Enter");
        Assert.Contains("q=R08-000007", clerk.Page.Url, StringComparison.Ordinal);
        await clerk.GoAsync("/cases?view=all&sealed=broken");
        await clerk.SeesAsync("もう一度検索してください");
    }

    private static string Value(string before, string name, object[] known) => name.Split([':', '?', '='])[0] switch
    {
        "visit" => $"{known[1]}",
        "month" => "2026-11",
        "code" => "404",
        "followUp" => $"{known[3]}",
        "slug" => "tohoku",
        _ when before.Contains("follow-ups/", StringComparison.Ordinal) => $"{known[3]}",
        _ when before.Contains("experts/", StringComparison.Ordinal) => $"{known[2]}",
        _ when before.Contains("people/", StringComparison.Ordinal) => $"{known[4]}",
        _ when before.Contains("settings/mail/", StringComparison.Ordinal) => $"{known[5]}",
        _ when before.Contains("programmes/", StringComparison.Ordinal) => $"{known[6]}",
        _ when before.Contains("desks/", StringComparison.Ordinal) => "tohoku",
        _ when before.Contains("mailbox/", StringComparison.Ordinal) => "1",
        _ => $"{known[0]}",
    };

    [GeneratedRegex(@"\{([^}]+)\}")]
    private static partial Regex Gap();
}
