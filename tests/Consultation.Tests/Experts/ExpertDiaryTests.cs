using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Tests.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static Consultation.Tests.Routing.Queue;

namespace Consultation.Tests.Experts;

public sealed class ExpertDiaryTests(TestApp app) : IClassFixture<TestApp>
{
    [Theory]
    [InlineData("13", "13", VisitMode.Visit, 30)]
    [InlineData("東京都", "神奈川県", VisitMode.Visit, 70)]
    [InlineData("東京都", "大阪府", VisitMode.Visit, 220)]
    [InlineData("東京都", "北海道", VisitMode.Visit, 270)]
    [InlineData("東京都", "沖縄県", VisitMode.Visit, 340)]
    [InlineData("東京都", null, VisitMode.Visit, 180)]
    [InlineData("東京都", "沖縄県", VisitMode.Web, 0)]
    [InlineData("東京都", "沖縄県", VisitMode.Phone, 0)]
    public void Travel_follows_the_stated_model(string from, string? to, VisitMode mode, int minutes) =>
        Assert.Equal(TimeSpan.FromMinutes(minutes), Travel.Padding(from, to, mode));

    [Fact]
    public async Task Two_visits_whose_travel_overlaps_are_refused_by_the_database_and_neighbours_are_not()
    {
        var expert = await app.HireAsync();
        await EnterAsync(expert, Japan(12, 1, 10), Japan(12, 1, 11), 30);
        Assert.Equal("visit.taken", await RefusalAsync(expert, Japan(12, 1, 11), Japan(12, 1, 12), 30));
        Assert.Equal("visit.taken", await RefusalAsync(expert, Japan(12, 1, 11, 15), Japan(12, 1, 12), 0));
        Assert.Null(await RefusalAsync(expert, Japan(12, 1, 12), Japan(12, 1, 13), 30));
        Assert.Null(await RefusalAsync(await app.HireAsync(), Japan(12, 1, 10), Japan(12, 1, 11), 30));
    }

    [Fact]
    public async Task A_cancelled_visit_and_a_no_show_free_the_time()
    {
        var expert = await app.HireAsync();
        var visit = await EnterAsync(expert, Japan(12, 2, 10), Japan(12, 2, 11), 0);
        Assert.Equal("visit.taken", await RefusalAsync(expert, Japan(12, 2, 10), Japan(12, 2, 11), 0));
        await WithAsync(async (diary, _) => await diary.ReleaseAsync(visit, CancellationToken.None));
        Assert.Null(await RefusalAsync(expert, Japan(12, 2, 10), Japan(12, 2, 11), 0));
    }

    [Fact]
    public async Task Busy_times_are_told_with_travel_and_in_order()
    {
        var expert = await app.HireAsync();
        await EnterAsync(expert, Japan(12, 3, 14), Japan(12, 3, 15), 90);
        await EnterAsync(expert, Japan(12, 3, 10), Japan(12, 3, 11), 30);
        await WithAsync(async (_, db) =>
        {
            var trip = new RoundTrip(db);
            var (busy, between) = (ExpertDiary.Busy(trip, [expert], Japan(12, 3), Japan(12, 4)), ExpertDiary.Busy(trip, [expert], Japan(12, 3, 11, 30), Japan(12, 3, 12, 30)));
            await trip.GoAsync(CancellationToken.None);
            Assert.Equal([(Japan(12, 3, 9, 30), Japan(12, 3, 11, 30)), (Japan(12, 3, 12, 30), Japan(12, 3, 16, 30))], busy.Select(b => (b.From, b.To)));
            Assert.Empty(between);
        });
    }

    [Fact]
    public async Task Joint_bookings_lock_in_one_order_and_wait_instead_of_failing()
    {
        ExpertId[] pair = [await app.HireAsync(), await app.HireAsync()];
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => WithAsync(async (_, db) =>
        {
            var trip = new RoundTrip(db);
            ExpertDiary.Lock(trip, i % 2 == 0 ? pair : pair.Reverse());
            await trip.GoAsync(CancellationToken.None);
            await Task.Delay(5);
        })));
    }

    private async Task<Ref> EnterAsync(ExpertId expert, DateTimeOffset start, DateTimeOffset end, int travel)
    {
        var visit = Ref.From(Guid.CreateVersion7());
        await WithAsync((diary, _) =>
        {
            diary.Enter(expert, visit, new(start, end, TimeSpan.FromMinutes(travel)), "13", DiaryState.Confirmed);
            return Task.CompletedTask;
        });
        return visit;
    }

    private async Task<string?> RefusalAsync(ExpertId expert, DateTimeOffset start, DateTimeOffset end, int travel)
    {
        var refused = await Record.ExceptionAsync(() => EnterAsync(expert, start, end, travel));
        return refused is null ? null : Constraints.RuleOf(refused)!.Code;
    }

    private async Task WithAsync(Func<ExpertDiary, ConsultationDb, Task> act)
    {
        await using var scope = app.Provider.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ConsultationDb>();
        await using var transaction = await db.Database.BeginTransactionAsync();
        await act(scope.ServiceProvider.GetRequiredService<ExpertDiary>(), db);
        await db.SaveChangesAsync();
        await transaction.CommitAsync();
    }
}
