using Consultation.Cases;
using Consultation.Mail;
using Consultation.Messaging;
using Consultation.Staff;
using Consultation.Tests.Visits;
using Consultation.Topics;
using Consultation.Visits;
using Microsoft.EntityFrameworkCore;
using static Consultation.Tests.Visits.Scene;

namespace Consultation.Tests.Mail;

/// <summary>Letters to clients wait for the hours of their desk, unless that would be too late.</summary>
public sealed class QuietHoursTests(TestApp app) : IClassFixture<TestApp>, IAsyncLifetime
{
    public async ValueTask InitializeAsync()
    {
        await app.MoveClockAsync(TestApp.Start);
        await app.Send(new SetMailHours("tohoku", new(8, 0), new(20, 0), OpenDaysOnly: true));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("2026-11-24T09:20+09:00", null, null)]
    [InlineData("2026-11-24T08:00+09:00", null, null)]
    [InlineData("2026-11-24T19:59+09:00", null, null)]
    [InlineData("2026-11-24T20:00+09:00", "2026-11-25T08:00+09:00", "8:00〜20:00")]
    [InlineData("2026-11-24T07:59+09:00", "2026-11-24T08:00+09:00", "8:00〜20:00")]
    [InlineData("2026-11-20T21:00+09:00", "2026-11-24T08:00+09:00", "8:00〜20:00")]
    [InlineData("2026-11-22T12:00+09:00", "2026-11-24T08:00+09:00", "休業日（日曜日）")]
    [InlineData("2026-11-23T12:00+09:00", "2026-11-24T08:00+09:00", "休業日（勤労感謝の日）")]
    [InlineData("2026-12-31T12:00+09:00", "2027-01-04T08:00+09:00", "休業日（年末年始）")]
    public async Task A_letter_waits_for_the_next_hour_of_its_desk_and_says_why(string now, string? until, string? why)
    {
        var desk = await app.ReadAsync(db => db.Set<Desk>().AsNoTracking().SingleAsync(d => d.Slug == "tohoku"));
        var wait = desk.MailWait(new(Consultation.Calendar.NationalCalendar.Shipped, desk.Hours, new Dictionary<DateOnly, string>()), DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(until is null ? null : DateTimeOffset.Parse(until, System.Globalization.CultureInfo.InvariantCulture), wait?.At);
        Assert.Contains(why ?? "", wait?.Why ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_booked_at_night_for_next_week_is_told_in_the_morning_and_to_the_expert_at_once()
    {
        var expert = await app.ExpertNamedAsync("夜間 一郎");
        var id = await app.HeldCaseAsync("株式会社夜間", (Track.Mic, expert));
        await app.MoveClockAsync(At(11, 24, 22));
        await app.Send(Visit(id, At(12, 1, 10)));

        var (toClient, toExpert) = await MailsAsync(id, "visit-confirmed");
        Assert.Equal(At(11, 25, 8), toClient.NextAttemptAt);
        Assert.Equal((At(11, 25, 8), "メールを送る時間（8:00〜20:00）の外"), (toClient.NotBefore!.Value, toClient.NotBeforeWhy));
        Assert.Null(toExpert.NotBefore);
        Assert.InRange(toExpert.NextAttemptAt, At(11, 24, 22), At(11, 24, 22, 1));

        var row = (await app.Send(new ListCaseMail(id), await app.DeskAsync("tohoku"))).Letters.Single(l => l.Expert is null && l.Template == "visit-confirmed");
        Assert.Equal((At(11, 25, 8), toClient.NotBeforeWhy), (row.NextAt!.Value, row.NotBeforeWhy));
        Assert.DoesNotContain(await app.Send(new LeaseMail(100)), m => m.Id == toClient.Id);
    }

    [Fact]
    public async Task What_would_come_too_late_is_told_at_night()
    {
        var expert = await app.ExpertNamedAsync("間際 一郎");
        var id = await app.HeldCaseAsync("株式会社間際", (Track.Mic, expert));
        var booked = await app.Send(Visit(id, At(11, 25, 10)));
        await app.MoveClockAsync(At(11, 24, 22));
        await app.Send(new CancelVisit(booked.Id, CancelledBy.Expert, "急病"));
        var (toClient, _) = await MailsAsync(id, "visit-cancelled");
        Assert.Null(toClient.NotBefore);
        Assert.InRange(toClient.NextAttemptAt, At(11, 24, 22), At(11, 24, 22, 1));
    }

    [Fact]
    public async Task Who_writes_at_night_hears_at_night_that_it_came()
    {
        await app.MoveClockAsync(At(11, 24, 23));
        var logged = await app.Send(new LogInquiry(Channel.Email, "夜の相談", Desk: "tohoku", Contact: new("山田", Email: "night@firm.example")));
        var receipt = await app.ReadAsync(db => db.Set<OutgoingMail>().AsNoTracking().SingleAsync(m => m.Reference == Ref.To(logged.Id)));
        Assert.Equal(("inquiry-received", null), (receipt.Template, receipt.NotBefore));
    }

    [Fact]
    public async Task Another_desk_has_hours_of_its_own_and_half_an_hour_is_none()
    {
        var refused = await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new SetMailHours("kinki", new(20, 0), new(8, 0), false)));
        Assert.Equal("desk.mail_hours", Assert.Single(refused.Errors).Code);
        await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new SetMailHours("kinki", new(8, 0), null, false)));
        await Assert.ThrowsAsync<NotFound>(() => app.Send(new SetMailHours("nowhere", null, null, false)));
        await Assert.ThrowsAsync<Forbidden>(async () => await app.Send(new SetMailHours("kinki", null, null, true), await app.SupervisorAsync()));
        var kinki = await app.ReadAsync(db => db.Set<Desk>().AsNoTracking().SingleAsync(d => d.Slug == "kinki"));
        Assert.Null(kinki.MailWait(new(Consultation.Calendar.NationalCalendar.Shipped, kinki.Hours, new Dictionary<DateOnly, string>()), At(11, 24, 23)));
        Assert.Equal(1L, await app.SqlAsync("select count(*) from audit_entry where action = 'desk.mail_hours_set'"));
    }

    private async Task<(OutgoingMail Client, OutgoingMail Expert)> MailsAsync(CaseId id, string template)
    {
        var mails = await app.ReadAsync(db => db.Set<OutgoingMail>().AsNoTracking().Where(m => m.Reference == Ref.To(id) && m.Template == template).ToListAsync());
        return (mails.Single(m => m.Person is null), mails.Single(m => m.Person is not null));
    }
}
