using System.Net;
using Consultation.Web.Tests.Mailbox;

namespace Consultation.Web.Tests.Links;

/// <summary>Whoever tries addresses out is slowed down, on a server of its own, because the others come from the same address.</summary>
public sealed class RateTests(MailboxTests.Server server) : IClassFixture<MailboxTests.Server>
{
    [Fact]
    public async Task Trying_secrets_out_is_slowed_down_on_both_kinds_of_address()
    {
        using var guesser = SignedIn.Nobody(server.App);
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 125; i++)
        {
            using var answer = await guesser.GetAsync(i % 2 == 0 ? $"/calendar/{i:D32}.ics" : $"/visit/{i:D32}");
            answers.Add(answer.StatusCode);
        }

        // A minute may end meanwhile, but not twice.
        Assert.Equal(HttpStatusCode.NotFound, answers[0]);
        Assert.Contains(HttpStatusCode.TooManyRequests, await MoreAsync(guesser, answers));
        Assert.DoesNotContain(answers, a => a is not (HttpStatusCode.NotFound or HttpStatusCode.TooManyRequests));
        using var page = await guesser.GetAsync("/sign-in");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    private static async Task<List<HttpStatusCode>> MoreAsync(HttpClient guesser, List<HttpStatusCode> answers)
    {
        for (var i = 200; i < 325 && !answers.Contains(HttpStatusCode.TooManyRequests); i++)
        {
            using var answer = await guesser.GetAsync($"/visit/{i:D32}");
            answers.Add(answer.StatusCode);
        }

        return answers;
    }
}
