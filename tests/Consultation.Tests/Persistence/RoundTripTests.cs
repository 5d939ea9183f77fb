using Consultation.CaseFile;
using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Organisations;
using Consultation.Persistence;
using Consultation.Tests.Visits;
using Consultation.Topics;
using Consultation.Visits;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static Consultation.Tests.Visits.Scene;

namespace Consultation.Tests.Persistence;

public sealed class RoundTripTests(TestApp app) : IClassFixture<TestApp>
{
    [Fact]
    public async Task What_a_trip_reads_is_what_a_query_of_the_context_reads()
    {
        var expert = await app.ExpertNamedAsync("往復 太郎");
        await app.Send(new SetDayHours(expert, new(2026, 12, 2), [new(new(10, 0), new(12, 0), [VisitMode.Web])]));
        await app.Send(new AddAbsence(expert, At(12, 1, 9), At(12, 1, 17), "研修"));
        var id = await app.HeldCaseAsync("株式会社往復", (Track.Mic, expert));
        await app.Send(new HoldCase(id, "先方の確認待ち"));
        await app.Send(new EditCase(id, new(Prefecture: "どこか", Employees: 12), new("往復 花子", Phone: "022-222-1111", Email: "oufuku@example.jp")));
        await app.Send(Visit(id, At(11, 27, 10)) with { Hold = true });

        await SameAsync<Case>();
        await SameAsync<CaseTrack>();
        await SameAsync<Deadline>();
        await SameAsync<Expert>();
        await SameAsync<ExpertHours>();
        await SameAsync<ExpertDay>();
        await SameAsync<ExpertAbsence>();
        await SameAsync<ProgrammeYear>();
        await SameAsync<QuotaAccount>();
        await SameAsync<Visit>();
    }

    [Fact]
    public async Task Entities_of_one_trip_are_joined_and_one_that_is_tracked_stays_as_it_is()
    {
        var expert = await app.ExpertNamedAsync("結合 太郎");
        var id = await app.HeldCaseAsync("株式会社結合", (Track.Mic, expert));
        await using var scope = app.Provider.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ConsultationDb>();
        var first = await ReadAsync(db, id);
        Assert.Equal(expert, Assert.Single(first.Tracks).ExpertId);
        Assert.NotEmpty(first.Deadlines);
        Assert.False(db.ChangeTracker.HasChanges());

        await app.Send(new AddNote(id, "別の人の記録"));
        first.PassTo(StaffId.New());
        Assert.Same(first, await ReadAsync(db, id));
        Assert.Single(first.Tracks);
        Assert.True(db.ChangeTracker.HasChanges());
    }

    [Fact]
    public async Task Whoever_may_not_see_a_case_leaves_no_row_that_it_was_viewed()
    {
        var id = await app.HeldCaseAsync("株式会社閲覧不可", (Track.Mic, await app.ExpertNamedAsync("担当 太郎")));
        var stranger = await app.ExpertAsync(await app.ExpertNamedAsync("無関係 太郎"));
        await Assert.ThrowsAsync<NotFound>(() => app.Send(new GetCase(id), stranger));
        Assert.Equal(0L, await app.SqlAsync($"select count(*) from audit_entry where staff_id = '{stranger.Staff}'"));
    }

    private static async Task<Case> ReadAsync(ConsultationDb db, CaseId id)
    {
        var trip = new RoundTrip(db);
        var found = CaseAccess.Read(trip, id, new(true, null, null));
        await trip.GoAsync(CancellationToken.None);
        return Assert.Single(found);
    }

    private async Task SameAsync<T>() where T : class
    {
        await using var scope = app.Provider.CreateAsyncScope();
        await using var other = app.Provider.CreateAsyncScope();
        var (db, asked) = (scope.ServiceProvider.GetRequiredService<ConsultationDb>(), other.ServiceProvider.GetRequiredService<ConsultationDb>());
        var trip = new RoundTrip(db);
        var read = trip.Entities<T>($"");
        await trip.GoAsync(CancellationToken.None);
        Assert.NotEmpty(read);
        var known = await asked.Set<T>().ToListAsync();
        Assert.Equal(known.Count, read.Count);
        foreach (var entry in known.Select(asked.Entry))
        {
            var key = entry.Metadata.FindPrimaryKey()!.Properties.Select(p => entry.CurrentValues[p]).ToArray();
            var twin = db.Entry(read.Single(r => key.SequenceEqual(db.Entry(r).Metadata.FindPrimaryKey()!.Properties.Select(p => db.Entry(r).CurrentValues[p]))));
            // The text as stored, because values in JSON are compared by reference.
            Assert.All(entry.Properties, p => Assert.Equal(Stored(p.Metadata, p.CurrentValue), Stored(p.Metadata, twin.Property(p.Metadata.Name).CurrentValue)));
        }
    }

    private static object? Stored(Microsoft.EntityFrameworkCore.Metadata.IProperty property, object? value) =>
        value is null ? null : property.GetTypeMapping().Converter?.ConvertToProvider(value) ?? value;
}
