using AngleSharp.Html.Parser;
using Consultation.Messaging;
using Consultation.Pipeline;
using Consultation.Staff;
using Consultation.Web.Host;
using Consultation.Web.SignIn;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Consultation.Web.Tests;

/// <summary>Browsers without scripts: a client with its own cookies that has come in by the sign-in page.</summary>
public static class SignedIn
{
    private const string Password = "correct horse battery";

    public static HttpClient Nobody(WebApplication app) =>
        new(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = ConsultationHost.AddressOf(app) };

    /// <summary>A new person of this role, signed in.</summary>
    public static async Task<HttpClient> AsAsync(WebApplication app, Role role, string? desk = null, ExpertId? expert = null)
    {
        var staff = await app.Services.GetRequiredService<Dispatcher>()
            .Send(new AddPerson($"試験 {role}", null, role, desk, expert, "受託者"), Actor.System("test"));
        await using (var scope = app.Services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<Accounts>().OpenAsync(staff, staff.ToString(), Password, CancellationToken.None);
        }

        var browser = Nobody(app);
        var answer = await PostAsync(browser, "/sign-in", new() { ["userName"] = staff.ToString(), ["password"] = Password });
        Assert.Equal(System.Net.HttpStatusCode.Redirect, answer.StatusCode);
        return browser;
    }

    /// <summary>Reads the page, takes the antiforgery token of its form, and sends the fields.</summary>
    public static async Task<HttpResponseMessage> PostAsync(HttpClient browser, string path, Dictionary<string, string> fields, string? action = null)
    {
        var page = await new HtmlParser().ParseDocumentAsync(await browser.GetStringAsync(path));
        var token = page.QuerySelector("main form input[name='__RequestVerificationToken']")!.GetAttribute("value")!;
        return await browser.PostAsync(action ?? path, new FormUrlEncodedContent(fields.Append(new("__RequestVerificationToken", token))));
    }
}
