using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Routing;
using Consultation.Topics;
using Consultation.Visits;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Consultation.Tests.Visits;

/// <summary>Puts a case where visits begin: experts that exist and hold its tracks.</summary>
internal static class Scene
{
    private static int clients;

    /// <summary>9:00 on weekdays to 17:00, in Miyagi.</summary>
    public static async Task<ExpertId> ExpertNamedAsync(
        this TestApp app, string name, Affiliation affiliation = Affiliation.Mic, string prefecture = "04", IEnumerable<WorkingHours>? hours = null, string? email = null)
    {
        var expert = new Expert(name, affiliation, null, email ?? $"{Guid.NewGuid():N}@example.jp", null, prefecture, app.Now);
        expert.Cover(true, [], [], Enum.GetValues<VisitMode>());
        expert.Work(hours ?? WorkingHours.Usual);
        await app.AddAsync(expert);
        return expert.Id;
    }

    public static async Task<CaseId> HeldCaseAsync(this TestApp app, string organisation, params (Track Track, ExpertId Expert)[] held)
    {
        var logged = await app.Send(new LogInquiry(
            Channel.Phone, "勤怠とVPNの相談", Desk: "tohoku", Organisation: new(organisation, Prefecture: "宮城県", City: "仙台市"), Contact: new("山田", Email: $"client{Interlocked.Increment(ref clients)}@example.jp")));
        await app.Send(new RouteCase(logged.Id, [.. held.Select(h => h.Track)], StartMode.Together, Reason: "試験"));
        foreach (var (track, expert) in held)
        {
            var offer = await app.Send(new OfferCase(logged.Id, track, expert, Reason: "試験"));
            await app.Send(new AcceptOffer(offer.Id, "電話で受諾"));
        }

        return logged.Id;
    }

    public static Task AddAsync(this TestApp app, Expert expert) => app.ReadAsync(db =>
    {
        db.Add(expert);
        return db.SaveChangesAsync();
    });

    public static async Task<T> ReadAsync<T>(this TestApp app, Func<ConsultationDb, Task<T>> read)
    {
        await using var scope = app.Provider.CreateAsyncScope();
        return await read(scope.ServiceProvider.GetRequiredService<ConsultationDb>());
    }

    public static async Task<CaseStatus> StatusAsync(this TestApp app, CaseId id) =>
        (await app.ReadAsync(db => db.Set<Case>().AsNoTracking().SingleAsync(c => c.Id == id))).Status;

    /// <summary>held, used.</summary>
    public static async Task<string> QuotaAsync(this TestApp app, CaseId id, int year = 2026) =>
        (string)(await app.SqlAsync($"select held || ',' || used from quota_accounts q join cases c on c.organisation_id = q.organisation_id where c.id = '{id}' and q.fiscal_year = {year}") ?? "none");

    public static DateTimeOffset At(int month, int day, int hour, int minute = 0, int year = 2026) => new(year, month, day, hour, minute, 0, TimeSpan.FromHours(9));

    public static BookVisit Visit(CaseId id, DateTimeOffset start, int minutes = 60, VisitMode mode = VisitMode.Web, IReadOnlyList<Track>? tracks = null, bool hold = false) =>
        new(id, start, start.AddMinutes(minutes), mode, VisitStage.Assess, Tracks: tracks, Hold: hold);

    public static async Task<string> RefusedAsync(this TestApp app, BookVisit request, Actor? actor = null) =>
        (await Assert.ThrowsAsync<RuleViolation>(() => app.Send(request, actor))).Code;

    public static async Task<string> InvalidAsync(this TestApp app, BookVisit request) =>
        (await Assert.ThrowsAsync<InvalidInput>(() => app.Send(request))).Errors[0].Code;
}
