using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Routing;
using Consultation.Topics;
using Microsoft.Extensions.DependencyInjection;

namespace Consultation.Tests.Routing;

public sealed class OfferLockTests(TestApp app) : IClassFixture<TestApp>
{
    [Fact]
    public async Task Whoever_needs_another_load_that_comes_earlier_by_id_lets_go_of_the_first_and_begins_anew()
    {
        var desk = await app.DeskAsync("okinawa");
        var second = await app.HireAsync(prefecture: "沖縄県");
        var first = await app.HireAsync(prefecture: "沖縄県", name: "あ");
        Assert.True(second.Value.CompareTo(first.Value) < 0);
        var id = await app.WaitingAsync(desk, new OrganisationInput(Prefecture: "沖縄県"), null, Track.Mic);
        await using var holdsFirst = await Blocker.OpenAsync(app, Lock(first));
        await using var holdsSecond = await Blocker.OpenAsync(app, Lock(second));
        var asking = app.Send(new OfferCase(id, Track.Mic, Auto: true), desk);
        await holdsFirst.WaitedForAsync();
        await app.SqlAsync($"update experts set capacity = 0, version = version + 1 where id = '{first}'");
        await holdsFirst.LetGoOnceWaitedForAsync();

        // It waits for the second, and nobody waits for the first.
        var free = false;
        while (!free && !asking.IsCompleted)
        {
            free = (bool)(await app.SqlAsync($"select count(*) = 1 from pg_locks where locktype = 'advisory' and not granted"))!
                && (bool)(await app.SqlAsync($"select pg_try_advisory_xact_lock(hashtextextended('{first}', 50))"))!;
            await Task.Delay(20);
        }

        await holdsSecond.LetGoOnceWaitedForAsync();
        Assert.Equal(second, (await asking).Expert);
    }

    [Fact]
    public async Task A_change_of_the_experts_is_read_once_however_many_ask_in_that_moment()
    {
        await app.HireAsync();
        var book = app.Provider.GetRequiredService<ExpertBook>();
        var sign = Convert.ToInt64(await app.SqlAsync("select count(*) + coalesce(sum(version), 0) from experts"));
        Task<IReadOnlyList<Expert>>[] asked;
        await using (var blocker = await Blocker.OpenAsync(app, "lock table experts in access exclusive mode"))
        {
            asked = [.. Enumerable.Range(0, 8).Select(_ => Task.Run(async () => await book.ReadAsync(sign, CancellationToken.None)))];
            await blocker.WaitedForAsync();
            await Task.Delay(200);
            await blocker.LetGoOnceWaitedForAsync();
        }

        Assert.Single((await Task.WhenAll(asked)).Distinct(ReferenceEqualityComparer.Instance));
    }

    private static string Lock(ExpertId expert) => $"select pg_advisory_xact_lock(hashtextextended('{expert}', 50))";
}
