using System.Net;
using System.Net.Sockets;
using System.Text;
using Consultation.Cases;
using Consultation.Check;
using Consultation.Experts;
using Consultation.Experts.Outside;
using Consultation.Messaging;
using Consultation.Tests.Routing;
using Consultation.Tests.Visits;
using Consultation.Topics;
using Consultation.Visits;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using static Consultation.Tests.Visits.Scene;

namespace Consultation.Tests.Experts.Outside;

/// <summary>J25: busy time from elsewhere blocks what is to come and flags what is booked; nothing is deleted or moved.</summary>
public sealed class BusyElsewhereTests(TestApp app) : IClassFixture<TestApp>
{
    [Fact]
    public async Task J25_outside_busy_time_over_a_booking_is_flagged_to_expert_and_desk_and_moves_nothing()
    {
        var expert = await app.ExpertNamedAsync("外部 花子");
        var me = await app.ExpertAsync(expert);
        var id = await app.HeldCaseAsync("外部と重なる社", (Track.Mic, expert));
        var visit = await app.Send(Visit(id, At(12, 1, 10)));
        var free = await app.HeldCaseAsync("外部と重ならない社", (Track.Mic, expert));
        await app.Send(Visit(free, At(12, 2, 10)));

        var file = File("DTSTART;TZID=Asia/Tokyo:20261201T103000|DTEND;TZID=Asia/Tokyo:20261201T120000|SUMMARY:通院");
        for (var twice = 0; twice < 2; twice++)
        {
            Assert.Equal(1, (await app.Send(new TakeCalendarFile(expert, file), me)).Periods);
        }

        var desk = await app.DeskAsync("tohoku");
        var call = Assert.Single((await app.Send(new ListCallBacks(), desk)).Items, c => c.Case == id);
        Assert.Contains("外部 花子さんの外部の予定", call.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain((await app.Send(new ListCallBacks(), desk)).Items, c => c.Case == free);
        Assert.Contains((await app.CaseAsync(id)).History, h => h.Text.Contains("外部の予定が", StringComparison.Ordinal));
        Assert.Equal((visit.Id, true), Assert.Single((await app.Send(new ListVisitsInAbsence(expert), me)).Select(v => (v.Visit, v.IsElsewhere))));
        Assert.True((await app.Send(new LookAtDiary(expert, new(2026, 12, 1), 1), desk)).Days[0].Visits.Single().IsElsewhere);
        Assert.Equal(CaseStatus.Booked, await app.StatusAsync(id));
        Assert.Equal(0L, await app.SqlAsync("select count(*) from expert_calendars c where c::text like '%通院%'"));

        // What is to come is neither offered nor booked there.
        Assert.Equal("visit.taken", await app.RefusedAsync(Visit(free, At(12, 1, 11))));
        var offered = (await app.Send(new ListSlots(free, At(12, 1, 0), At(12, 2, 0), VisitMode.Web))).Select(s => s.Start).ToList();
        Assert.DoesNotContain(offered, s => s < At(12, 1, 12) && At(12, 1, 10, 30) < s.AddHours(1));
        Assert.Contains(At(12, 1, 12), offered);

        // A newer file takes the place of the older; what was flagged stays a call of the desk.
        await app.Send(new TakeCalendarFile(expert, File("DTSTART;VALUE=DATE:20261210")), me);
        Assert.Empty(await app.Send(new ListVisitsInAbsence(expert), me));
        Assert.Equal(At(12, 1, 11), (await app.Send(Visit(free, At(12, 1, 11)))).Start);
        Assert.Equal("visit.taken", await app.RefusedAsync(Visit(id, At(12, 10, 11))));
        Assert.Single((await app.Send(new ListCallBacks(), desk)).Items, c => c.Case == id);
        Assert.True(await app.Send(new DropCalendar(expert, CalendarSource.File), await app.SupervisorAsync()));
        Assert.Contains(At(12, 10, 11), (await app.Send(new ListSlots(id, At(12, 10, 0), At(12, 11, 0), VisitMode.Web))).Select(s => s.Start));
        Assert.Empty((await app.Send(new RunCheck())).Broken);
    }

    [Fact]
    public async Task A_broken_file_stores_nothing_and_nobody_writes_into_anothers_calendar()
    {
        var expert = await app.ExpertNamedAsync("破損 係");
        var me = await app.ExpertAsync(expert);
        await app.Send(new TakeCalendarFile(expert, File("DTSTART;VALUE=DATE:20261210")), me);
        async Task<string> Refused(byte[]? file) => (await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new TakeCalendarFile(expert, file), me))).Errors[0].Code;
        Assert.Equal(["calendar.no_file", "calendar.not_ics", "calendar.no_start", "calendar.not_ics"], [
            await Refused(null), await Refused(Encoding.UTF8.GetBytes("hello")), await Refused(File("SUMMARY:x")), await Refused([0x42, 0xff, 0xfe, 0x00])]);
        Assert.Equal(1, Assert.Single((await app.Send(new ListCalendars(expert), me)).Calendars).Periods);
        var other = await app.ExpertAsync(await app.ExpertNamedAsync("他人 係"));
        await Assert.ThrowsAsync<NotFound>(() => app.Send(new TakeCalendarFile(expert, File("DTSTART;VALUE=DATE:20261210")), other));
        await Assert.ThrowsAsync<NotFound>(() => app.Send(new ListCalendars(expert), other));
        await Assert.ThrowsAsync<Forbidden>(async () => await app.Send(new TakeCalendarFile(expert, File("DTSTART;VALUE=DATE:20261210")), await app.DeskAsync("tohoku")));
    }

    [Theory]
    [InlineData("https://calendar.example/a.ics", "calendar.host_not_allowed")]
    [InlineData("http://169.254.169.254/latest", "calendar.host_not_allowed")]
    [InlineData("file:///etc/passwd", "calendar.address_malformed")]
    [InlineData("https://user:pass@calendar.example/", "calendar.address_malformed")]
    [InlineData("予定表", "calendar.address_malformed")]
    public async Task No_host_is_asked_that_the_operator_does_not_allow(string address, string code)
    {
        var expert = await app.ExpertNamedAsync($"購読 {address}");
        Assert.Equal(code, (await Assert.ThrowsAsync<InvalidInput>(async () => await app.Send(new SubscribeCalendar(expert, address), await app.ExpertAsync(expert)))).Errors[0].Code);
    }

    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("172.20.0.1", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("::1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("2002:7f00:1::", false)]
    [InlineData("2606:4700::1111", true)]
    public void Private_addresses_are_told_from_public_ones(string address, bool isPublic) => Assert.Equal(isPublic, CalendarFetcher.IsPublic(IPAddress.Parse(address)));

    [Fact]
    public async Task A_feed_is_fetched_within_its_host_and_bounds_and_its_faults_have_a_code()
    {
        using var host = new Host();
        var settings = new CalendarSettings(["localhost"], ["localhost"]);
        using var fetcher = new CalendarFetcher(settings);
        async Task<string> Code(string path) => (await Assert.ThrowsAsync<CalendarNotFetched>(() => fetcher.FetchAsync(host.Address + path, CancellationToken.None))).Code;

        Assert.StartsWith("BEGIN:VCALENDAR", Encoding.UTF8.GetString(await fetcher.FetchAsync(host.Address + "good", CancellationToken.None)), StringComparison.Ordinal);
        Assert.StartsWith("BEGIN:VCALENDAR", Encoding.UTF8.GetString(await fetcher.FetchAsync(host.Address + "moved", CancellationToken.None)), StringComparison.Ordinal);
        Assert.Equal(
            ["calendar.host_not_allowed", "calendar.unreachable", "calendar.too_large", "calendar.unreachable"],
            [await Code("away"), await Code("round"), await Code("large"), await Code("missing")]);
        // A name that is allowed and stands for a private address, though it may not.
        using var strict = new CalendarFetcher(new(["localhost"], []));
        Assert.Equal("calendar.host_not_allowed", (await Assert.ThrowsAsync<CalendarNotFetched>(() => strict.FetchAsync("https://localhost/good", CancellationToken.None))).Code);
    }

    [Fact]
    public async Task A_calendar_that_fails_as_nobody_foresaw_keeps_no_other_waiting_and_is_told_without_its_address()
    {
        var (broken, other) = (await app.ExpertNamedAsync("想定外 係"), await app.ExpertNamedAsync("次の 係"));
        var feeds = new List<ExpertCalendarId>();
        foreach (var (expert, address, late) in new[] { (broken, "https://localhost/secret-a.ics", 2), (other, "https://not-allowed.example/secret-b.ics", 1) })
        {
            var feed = new ExpertCalendar(expert, CalendarSource.Feed, app.Now);
            feed.Subscribe(address, app.Now.AddMinutes(-late));
            feeds.Add(feed.Id);
            await Scene.ReadAsync(app, db =>
            {
                db.Add(feed);
                return db.SaveChangesAsync();
            });
        }

        // A fetcher that is gone already: nothing it promises to throw.
        var fetcher = new CalendarFetcher(new(["localhost"], ["localhost"]));
        fetcher.Dispose();
        var log = new Lines();
        await using var scope = app.Provider.CreateAsyncScope();
        var execution = scope.ServiceProvider.GetRequiredService<Execution>();
        (execution.Actor, execution.Now) = (Actor.System("fetch-calendars"), app.Now);
        var job = ActivatorUtilities.CreateInstance<FetchCalendarHandler>(scope.ServiceProvider, fetcher, log);
        foreach (var feed in feeds)
        {
            Assert.True(await job.Handle(new(feed), CancellationToken.None));
        }

        Assert.Equal("calendar.unreadable", Assert.Single((await app.Send(new ListCalendars(broken))).Calendars).Fault);
        Assert.Equal("calendar.host_not_allowed", Assert.Single((await app.Send(new ListCalendars(other))).Calendars).Fault);
        var line = Assert.Single(log.Written);
        Assert.Contains(nameof(ObjectDisposedException), line, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", line, StringComparison.Ordinal);
    }

    private sealed class Lines : ILogger<FetchCalendarHandler>
    {
        public List<string> Written { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Written.Add($"{formatter(state, exception)} {exception}");
    }

    [Fact]
    public async Task The_job_takes_what_a_feed_says_and_keeps_the_last_times_when_it_is_broken()
    {
        var expert = await app.ExpertNamedAsync("定期 係");
        var feed = new ExpertCalendar(expert, CalendarSource.Feed, app.Now);
        feed.Subscribe("https://calendar.example/secret.ics", app.Now);
        await Scene.ReadAsync(app, db =>
        {
            db.Add(feed);
            return db.SaveChangesAsync();
        });
        var actor = Actor.System("fetch-calendars");
        // No host is allowed in this house, so that nothing is asked and the reason is kept.
        Assert.Equal(1, await app.Send(new FetchCalendars(), actor));
        Assert.Equal(0, await app.Send(new FetchCalendars(), actor));
        Assert.Equal("calendar.host_not_allowed", Assert.Single((await app.Send(new ListCalendars(expert))).Calendars).Fault);
        BusyPeriod busy = new(At(12, 15, 10), At(12, 15, 12));
        Assert.True(await app.Send(new TakeFetchedCalendar(feed.Id, expert, feed.Address!, [busy], null), actor));
        Assert.False(await app.Send(new TakeFetchedCalendar(feed.Id, expert, feed.Address!, null, "calendar.not_ics"), actor));
        Assert.False(await app.Send(new TakeFetchedCalendar(feed.Id, expert, "https://calendar.example/older.ics", [], null), actor));
        var seen = Assert.Single((await app.Send(new ListCalendars(expert))).Calendars);
        Assert.Equal(("calendar.example", "calendar.not_ics", 1), (seen.Host, seen.Fault, seen.Periods));
        var id = await app.HeldCaseAsync("定期の社", (Track.Mic, expert));
        Assert.Equal("visit.taken", await app.RefusedAsync(Visit(id, At(12, 15, 11))));
    }

    [Fact]
    public async Task J25_an_invitation_of_ours_in_the_experts_calendar_is_not_busy_elsewhere()
    {
        var expert = await app.ExpertNamedAsync("招待 係");
        var id = await app.HeldCaseAsync("招待の社", (Track.Mic, expert));
        var visit = await app.Send(Visit(id, At(12, 16, 10)));
        var taken = await app.Send(new TakeCalendarFile(expert, File(
            $"UID:{visit.Id}|DTSTART:20261216T100000|DTEND:20261216T110000|END:VEVENT|BEGIN:VEVENT|UID:{Guid.NewGuid()}|DTSTART:20261216T140000|DTEND:20261216T150000")));
        Assert.Equal(1, taken.Periods);
        Assert.Equal("visit.taken", await app.RefusedAsync(Visit(id, At(12, 16, 14))));
        // The time is free again with the visit, though the copy still stands in that calendar.
        await app.Send(new CancelVisit(visit.Id, CancelledBy.Client, "急用"));
        Assert.Equal(1, (await app.Send(new TakeCalendarFile(expert, File($"UID:{visit.Id}|DTSTART:20261216T100000|DTEND:20261216T110000|END:VEVENT|BEGIN:VEVENT|DTSTART:20261216T140000|DTEND:20261216T150000")))).Periods);
        Assert.Equal(At(12, 16, 10), (await app.Send(Visit(id, At(12, 16, 10)))).Start);
    }

    private static byte[] File(string lines) => Encoding.UTF8.GetBytes($"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{CalendarFileTests.Event(lines)}END:VCALENDAR\r\n");

    /// <summary>A host of calendars, good and bad.</summary>
    private sealed class Host : IDisposable
    {
        private readonly HttpListener listener = new();

        public Host()
        {
            using var probe = new TcpListener(IPAddress.Loopback, 0);
            probe.Start();
            Address = $"http://localhost:{((IPEndPoint)probe.LocalEndpoint).Port}/";
            probe.Stop();
            listener.Prefixes.Add(Address);
            listener.Start();
            _ = AnswerAsync();
        }

        public string Address { get; }

        public void Dispose() => listener.Close();

        private async Task AnswerAsync()
        {
            while (listener.IsListening)
            {
                HttpListenerContext asked;
                try
                {
                    asked = await listener.GetContextAsync();
                }
                catch (Exception closed) when (closed is ObjectDisposedException or HttpListenerException)
                {
                    return;
                }

                var path = asked.Request.Url!.AbsolutePath;
                var body = path switch { "/good" => File("DTSTART;VALUE=DATE:20261210"), "/large" => new byte[1_500_000], _ => [] };
                asked.Response.StatusCode = path switch { "/good" or "/large" => 200, "/missing" => 404, _ => 302 };
                if (asked.Response.StatusCode == 302)
                {
                    asked.Response.RedirectLocation = path switch { "/moved" => "/good", "/away" => "http://127.0.0.1:1/", _ => path };
                }

                try
                {
                    await asked.Response.OutputStream.WriteAsync(body);
                    asked.Response.Close();
                }
                catch (Exception gone) when (gone is HttpListenerException or IOException)
                {
                    // Whoever asked had enough.
                }
            }
        }
    }
}
