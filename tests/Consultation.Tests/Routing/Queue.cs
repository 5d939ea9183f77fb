using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Routing;
using Consultation.Topics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Consultation.Tests.Routing;

/// <summary>What these tests begin with: experts who exist, and cases that wait for one.</summary>
internal static class Queue
{
    private static int hired;

    public static async Task<ExpertId> HireAsync(
        this TestApp app, Affiliation affiliation = Affiliation.Both, string prefecture = "東京都", int capacity = 50, string? email = "", string? name = null,
        IReadOnlyList<VisitMode>? modes = null, IReadOnlyList<WorkingHours>? hours = null, IReadOnlyList<TopicLevel>? topics = null, DateOnly? termTo = null,
        IReadOnlyList<string>? ownClients = null)
    {
        var number = Interlocked.Increment(ref hired);
        var address = email == "" ? $"expert{number}@example.jp" : email;
        return (await app.Send(new CreateExpert(
            name ?? $"専門家{number:D4}", affiliation, prefecture, Email: address, Phone: "03-0000-0001", Capacity: capacity, Modes: modes, Hours: hours, Topics: topics, TermTo: termTo, OwnClients: ownClients))).Id;
    }

    public static Task<CaseId> WaitingAsync(this TestApp app, Actor desk, params Track[] tracks) => app.WaitingAsync(desk, new OrganisationInput(Prefecture: "東京都"), null, tracks);

    public static async Task<CaseId> WaitingAsync(this TestApp app, Actor desk, OrganisationInput organisation, VisitMode? mode, params Track[] tracks)
    {
        var logged = await app.Send(new LogInquiry(
            Channel.Phone, "在宅勤務の相談", Organisation: organisation, Contact: new("相談 花子", null, "03-1234-5678", "hanako@example.jp"), PreferredMode: mode), desk);
        await app.Send(new RouteCase(logged.Id, tracks, StartMode.Together, Reason: "試験"), desk);
        return logged.Id;
    }

    public static async Task<OfferResult> OfferedAsync(this TestApp app, Actor desk, ExpertId expert, Track track = Track.Mic) =>
        await app.Send(new OfferCase(await app.WaitingAsync(desk, track), track, expert), desk);

    public static async Task<T> ReadAsync<T>(this TestApp app, Func<ConsultationDb, Task<T>> read)
    {
        await using var scope = app.Provider.CreateAsyncScope();
        return await read(scope.ServiceProvider.GetRequiredService<ConsultationDb>());
    }

    public static Task<Case> CaseAsync(this TestApp app, CaseId id) =>
        app.ReadAsync(db => db.Set<Case>().AsNoTracking().Include(c => c.Tracks).Include(c => c.Deadlines).Include(c => c.History).SingleAsync(c => c.Id == id));

    public static async Task<Candidate> CandidateAsync(this TestApp app, CaseId id, ExpertId expert, Actor actor, Track track = Track.Mic, DateOnly? on = null) =>
        (await app.Send(new ListCandidates(id, track, on), actor)).Single(c => c.ExpertId == expert);

    public static DateTimeOffset Japan(int month, int day, int hour = 0, int minute = 0) => new(2026, month, day, hour, minute, 0, TimeSpan.FromHours(9));
}
