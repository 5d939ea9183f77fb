using Consultation.Cases;
using Consultation.Experts;
using Consultation.Handover;
using Consultation.Mail;
using Consultation.Messaging;
using Consultation.Routing;
using Consultation.Tests.Mail;
using Consultation.Topics;
using Consultation.Visits;
using static Consultation.Tests.Visits.Scene;

namespace Consultation.Tests.Visits;

/// <summary>
/// Visits in the calendars of those who come (journeys J19, J22): what the mail server got over its socket, read by ical.js. Each test sends
/// to a peer of its own.
/// </summary>
public sealed class InvitationTests(TestApp app) : IClassFixture<TestApp>, IAsyncLifetime
{
    public async ValueTask InitializeAsync()
    {
        await app.MoveClockAsync(TestApp.Start);
        await app.SqlAsync("delete from outgoing_mail");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task J22_visit_to_web_and_back_is_one_entry_whose_sequence_rises_with_one_mail_for_each_change()
    {
        var expert = await app.ExpertNamedAsync("往来 一郎", email: "ourai@expert.example");
        var id = await app.HeldCaseAsync("株式会社往来", (Track.Mic, expert));
        await app.SqlAsync($"update cases set email = 'ourai@firm.example' where id = '{id}'");
        var booked = await app.Send(Visit(id, At(11, 26, 10), mode: VisitMode.Visit));
        await app.Send(new RescheduleVisit(booked.Id, At(11, 26, 10), At(11, 26, 11), "雪", VisitMode.Web, "https://meet.example/old?a=1&b=2"));
        await app.Send(new RescheduleVisit(booked.Id, At(11, 26, 10), At(11, 26, 11), "雪がやんだ", VisitMode.Visit, "仙台市青葉区本町1-2, 3階; 受付"));
        await app.Send(new CancelVisit(booked.Id, CancelledBy.Client, "急用"));

        foreach (var reader in new[] { "ourai@firm.example", "ourai@expert.example" })
        {
            var told = await ToAsync(reader, id);
            Assert.Equal(["REQUEST", "REQUEST", "REQUEST", "CANCEL"], told.Select(t => t.Method));
            var events = told.Select(t => Assert.Single(t.Events)).ToList();
            Assert.Equal(booked.Id.ToString(), Assert.Single(events.Select(e => e.Uid).Distinct()));
            Assert.Equal([0, 1, 2, 3], events.Select(e => e.Sequence));
            Assert.All(told, t => Assert.Equal(["Asia/Tokyo"], t.Zones));
            Assert.All(events, e => Assert.Equal((At(11, 26, 10), At(11, 26, 11), "Asia/Tokyo"), (e.Start, e.End, e.Zone)));
            Assert.All(events, e => Assert.Equal("mailto:consultation@telework.example", Assert.Single(e.Organizer).Address));
            Assert.Equal(["CONFIRMED", "CONFIRMED", "CONFIRMED", "CANCELLED"], events.Select(e => e.Status!));
            Assert.Equal(("https://meet.example/old?a=1&b=2", "https://meet.example/old?a=1&b=2"), (events[1].Location, events[1].Url));
            // The old address of the meeting is nowhere any more.
            Assert.All(events.Where((_, at) => at != 1), e => Assert.Null(e.Url));
            Assert.Equal("仙台市青葉区本町1-2, 3階; 受付", events[2].Location);
            Assert.Contains("仙台市", events[0].Location, StringComparison.Ordinal);
            Assert.Matches("^テレワーク相談 第1回（訪問） R08-[0-9]{6}$", events[0].Summary);
            Assert.All(events, e => Assert.DoesNotContain("往来", e.Summary, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_mail_carries_text_and_calendar_as_alternatives_and_a_file()
    {
        var id = await app.HeldCaseAsync("株式会社部分", (Track.Mic, await app.ExpertNamedAsync("部分 一", email: "parts@expert.example")));
        await app.Send(Visit(id, At(11, 26, 10)));
        await using var peer = new SmtpPeer();
        await using var node = await MailNode.StartAsync(app, peer);
        await node.Send(new DispatchMail());
        var mail = Assert.Single(peer.Kept, m => m.Recipient == "parts@expert.example" && m.Subject.Contains("決まりました", StringComparison.Ordinal));

        Assert.All(mail.Raw, c => Assert.True(c < 128));
        Assert.All(mail.Raw.Split("\r\n"), line => Assert.InRange(line.Length, 0, 998));
        var parts = MailPart.Of(mail.Raw);
        Assert.Equal(3, parts.Count);
        Assert.StartsWith("text/plain", parts[0].Type, StringComparison.Ordinal);
        Assert.Contains("ご相談の日程が次のとおり決まりました", parts[0].Text, StringComparison.Ordinal);
        Assert.Matches("^text/calendar; .*method=REQUEST", parts[1].Type);
        Assert.Matches("charset=utf-8", parts[1].Type);
        Assert.Equal(("multipart/alternative", "multipart/alternative", "multipart/mixed"), (parts[0].Within, parts[1].Within, parts[2].Within));
        Assert.Equal(("invite.ics", parts[1].Text), (parts[2].FileName, parts[2].Text));
        ReadCalendar.DemandWellFolded(parts[1].Text);
        // What the row keeps is what went out.
        Assert.Equal(parts[1].Text, await app.SqlAsync("select calendar from outgoing_mail where recipient = 'parts@expert.example' and template = 'visit-confirmed'"));
    }

    [Fact]
    public async Task A_reminder_and_a_hold_ask_nothing_of_a_calendar_and_a_confirmed_hold_does()
    {
        var id = await app.HeldCaseAsync("株式会社仮", (Track.Mic, await app.ExpertNamedAsync("仮 一", email: "hold@expert.example")));
        var held = await app.Send(Visit(id, At(11, 26, 10), hold: true));
        await app.Send(new RescheduleVisit(held.Id, At(11, 26, 13), At(11, 26, 14), "都合"));
        Assert.Empty(await ToAsync("hold@expert.example", id));
        await app.Send(new ConfirmVisit(held.Id));
        await app.MoveClockAsync(At(11, 25, 9, 30));
        await app.Send(new RemindOfVisits());
        var told = Assert.Single(await ToAsync("hold@expert.example", id));
        Assert.Equal(("REQUEST", 1), (told.Method, Assert.Single(told.Events).Sequence));
        Assert.Equal(1L, await app.SqlAsync($"select count(*) from outgoing_mail where reference = '{id}' and template = 'visit-reminder' and recipient = 'hold@expert.example' and calendar is null"));
    }

    [Fact]
    public async Task J19_a_joint_visit_is_one_entry_for_client_and_both_experts_and_leaves_all_three_calendars()
    {
        var (mic, mhlw) = (await app.ExpertNamedAsync("合同 一", email: "joint1@expert.example"), await app.ExpertNamedAsync("合同 二", Affiliation.Mhlw, email: "joint2@expert.example"));
        var id = await app.HeldCaseAsync("株式会社合同", (Track.Mic, mic), (Track.Mhlw, mhlw));
        await app.SqlAsync($"update cases set email = 'joint@firm.example' where id = '{id}'");
        var booked = await app.Send(Visit(id, At(11, 26, 10)));
        var offer = OfferId.Parse((string)(await app.SqlAsync($"select offer_id::text from case_tracks where case_id = '{id}' and track = 'mhlw'"))!, null);
        await app.Send(new HandBackTrack(offer, "急病", "電話で連絡"));

        foreach (var reader in new[] { "joint@firm.example", "joint1@expert.example", "joint2@expert.example" })
        {
            var told = await ToAsync(reader, id);
            Assert.Equal([("REQUEST", booked.Id.ToString(), 0), ("CANCEL", booked.Id.ToString(), 1)], told.Select(t => (t.Method!, t.Events[0].Uid, t.Events[0].Sequence)));
            Assert.All(told, t => Assert.Contains(t.Events[0].Attendees, a => a.Address == "mailto:joint1@expert.example" && a.Name == "合同 一"));
            Assert.All(told, t => Assert.Contains(t.Events[0].Attendees, a => a.Address == "mailto:joint2@expert.example"));
        }
    }

    [Fact]
    public async Task An_experts_copy_names_the_client_and_the_number_to_dial_only_with_consent()
    {
        foreach (var consented in new[] { false, true })
        {
            var mail = $"consent{consented}@expert.example";
            var id = await app.HeldCaseAsync($"株式会社同意{consented}", (Track.Mic, await app.ExpertNamedAsync($"同意 {consented}", email: mail)));
            await app.SqlAsync($"update cases set phone = '022-765-4321', email = 'consent{consented}@firm.example', consented_at = {(consented ? "app_now()" : "null")} where id = '{id}'");
            await app.Send(Visit(id, At(11, 26, consented ? 10 : 13), mode: VisitMode.Phone));
            var told = Assert.Single(await ToAsync(mail, id)).Events[0];
            var raw = (string)(await app.SqlAsync($"select calendar from outgoing_mail where recipient = '{mail}' and calendar is not null"))!;
            Assert.Equal(consented, told.Location!.Contains("022-765-4321", StringComparison.Ordinal));
            Assert.Equal(consented, told.Attendees.Any(a => a.Address == $"mailto:consent{consented}@firm.example" && a.Name == "山田"));
            Assert.Equal(consented, raw.Contains("山田", StringComparison.Ordinal));
            Assert.Contains(Assert.Single(await ToAsync($"consent{consented}@firm.example", id)).Events[0].Attendees, a => a.Name == "山田");
        }
    }

    [Fact]
    public async Task J14_who_is_substituted_loses_the_entry_and_who_comes_instead_gets_it()
    {
        var away = await app.ExpertNamedAsync("不在 一", email: "away@expert.example");
        await app.ExpertNamedAsync("代理 二", email: "heir@expert.example");
        var id = await app.HeldCaseAsync("株式会社交代", (Track.Mic, away));
        await app.SqlAsync($"update cases set email = 'change@firm.example' where id = '{id}'; update experts set active = false where email not in ('away@expert.example', 'heir@expert.example')");
        var booked = await app.Send(Visit(id, At(12, 1, 10)));
        await app.Send(new AddAbsence(away, At(12, 1, 9), At(12, 1, 17), "休暇"), await app.ExpertAsync(away));
        var absence = ExpertAbsenceId.Parse((string)(await app.SqlAsync($"select id::text from expert_absences where expert_id = '{away}'"))!, null);
        var supervisor = await app.SupervisorAsync();
        var plan = await app.Send(new ProposeHandover(away), supervisor);
        await app.Send(new ApproveHandover(plan.Id, "電話で了解"), supervisor);

        var (client, leaver, heir) = (await ToAsync("change@firm.example", id), await ToAsync("away@expert.example", id), await ToAsync("heir@expert.example", id));
        Assert.Equal([("REQUEST", 0), ("REQUEST", 1)], client.Select(t => (t.Method!, t.Events[0].Sequence)));
        Assert.Equal([("REQUEST", 0), ("CANCEL", 1)], leaver.Select(t => (t.Method!, t.Events[0].Sequence)));
        Assert.Equal([("REQUEST", 1)], heir.Select(t => (t.Method!, t.Events[0].Sequence)));
        Assert.All(client.Concat(leaver).Concat(heir), t => Assert.Equal(booked.Id.ToString(), t.Events[0].Uid));
        // Only the one is taken off; the visit stands.
        Assert.Null(leaver[1].Events[0].Status);
        Assert.Equal("mailto:away@expert.example", Assert.Single(leaver[1].Events[0].Attendees).Address);
        Assert.DoesNotContain(client[1].Events[0].Attendees, a => a.Address == "mailto:away@expert.example");
        Assert.Contains(client[1].Events[0].Attendees, a => a.Address == "mailto:heir@expert.example");

        await app.Send(new RemoveAbsence(away, absence), await app.ExpertAsync(away));
        await app.Send(new UndoHandover(plan.Id), supervisor);
        Assert.Equal(("CANCEL", 2), (await ToAsync("heir@expert.example", id)).Select(t => (t.Method!, t.Events[0].Sequence)).Last());
        Assert.Equal(("REQUEST", 2), (await ToAsync("away@expert.example", id)).Select(t => (t.Method!, t.Events[0].Sequence)).Last());
    }

    [Fact]
    public async Task What_people_typed_forges_no_line_and_is_read_back_as_typed()
    {
        var name = "鬼 \"瓦\"; 権,左衛門:mailto:x@y.example";
        var place = "https://meet.example/a";
        var happening = new CalendarEvent(
            "uid-1", 3, At(11, 24, 9), At(11, 26, 10), At(11, 26, 11), "題, と; と \\ と\nEND:VEVENT\r\nBEGIN:VEVENT", string.Concat(Enumerable.Repeat("𠮷野家髙﨑葛󠄀👩‍💻", 30)), new(place), "一\r\n二\n三\u0000\u0007", "CONFIRMED",
            new("窓口\r\nATTENDEE:mailto:z@y.example", "desk@y.example"), [new(name, "client@firm.example")]);
        var text = CalendarObject.Of(CalendarMethod.Request, [happening]);
        ReadCalendar.DemandWellFolded(text);
        var read = Assert.Single(Assert.Single(await ReadCalendar.ManyAsync(text)).Events);
        Assert.Equal("題, と; と \\ と\nEND:VEVENT\nBEGIN:VEVENT", read.Summary);
        Assert.Equal(happening.Location, read.Location);
        Assert.Equal("一\n二\n三", read.Description);
        Assert.Equal((place, 3), (read.Url, read.Sequence));
        Assert.Equal(name.Replace('"', '”'), Assert.Single(read.Attendees).Name);
        Assert.Equal("desk@y.example", Assert.Single(read.Organizer).Address.Replace("mailto:", "", StringComparison.Ordinal));
    }

    [Fact]
    public void Several_calendars_of_one_mail_are_parted_where_they_begin_and_not_within_what_people_typed()
    {
        var happening = new CalendarEvent("uid-2", 0, At(11, 24, 9), At(11, 26, 10), At(11, 26, 11), "BEGIN:VCALENDAR", "BEGIN:VCALENDAR\r\nBEGIN:VCALENDAR", null, null, "CONFIRMED", null, []);
        var text = CalendarObject.Of(CalendarMethod.Request, [happening]);
        Assert.Equal(new[] { text, text }, CalendarObject.Split(text + text));
        Assert.Empty(CalendarObject.Split(null));
    }

    /// <summary>Everything about one case that a reader's calendar was told over SMTP, in order.</summary>
    private async Task<IReadOnlyList<ReadCalendar>> ToAsync(string recipient, CaseId id)
    {
        await using var peer = new SmtpPeer();
        await using var node = await MailNode.StartAsync(app, peer);
        await node.SqlAsync($"update outgoing_mail set state = 'waiting', attempts = 0, sent_at = null where reference = '{id}'");
        await node.Send(new DispatchMail());
        var order = ((string?)await app.SqlAsync($"select string_agg(message_id, ' ' order by created_at, id) from outgoing_mail where reference = '{id}' and recipient = '{recipient}'") ?? "").Split(' ').ToList();
        var texts = peer.Kept.Where(m => m.Recipient == recipient && order.Contains(m.MessageId)).OrderBy(m => order.IndexOf(m.MessageId))
            .SelectMany(m => MailPart.Of(m.Raw).Where(p => p.Within.Length > 0 && p.Type.StartsWith("text/calendar", StringComparison.Ordinal))).Select(p => (p.Type, p.Text)).ToList();
        texts.ForEach(t => ReadCalendar.DemandWellFolded(t.Text));
        var read = await ReadCalendar.ManyAsync(texts.Select(t => t.Text));
        Assert.All(texts.Zip(read), pair => Assert.Contains($"method={pair.Second.Method}", pair.First.Type, StringComparison.Ordinal));
        return read;
    }
}
