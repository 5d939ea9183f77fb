using System.Text.RegularExpressions;
using Consultation.Cases;
using Consultation.Check;
using Consultation.Experts;
using Consultation.Mail;
using Consultation.Messaging;
using Consultation.Organisations;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Tests.Mail;
using Consultation.Topics;
using Consultation.Visits;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using static Consultation.Tests.Visits.Scene;

namespace Consultation.Tests.Visits;

/// <summary>What a client may do by the link of a letter, with no more than that (issue 6, part 3).</summary>
public sealed partial class ClientLinkTests(TestApp app) : IClassFixture<TestApp>, IAsyncLifetime
{
    private MailNode node = null!;

    public async ValueTask InitializeAsync()
    {
        await app.MoveClockAsync(TestApp.Start);
        node = await MailNode.StartAsync(app.ConnectionString, new(LinkBase: new("https://desk.example/soudan/")));
    }

    public ValueTask DisposeAsync() => node.DisposeAsync();

    [Fact]
    public async Task The_clients_letter_carries_the_link_and_the_database_only_its_hash()
    {
        var (id, visit, secret) = await BookedAsync("株式会社鍵");
        var letters = (string)(await app.SqlAsync($"select string_agg(recipient || ' ' || body, E'\\n' order by recipient) from outgoing_mail where event_key = 'visit-confirmed/{visit}/0'"))!;
        Assert.Single(LinkIn().Matches(letters));
        Assert.Equal(Convert.ToHexStringLower(SecretText.HashOf(secret)), await app.SqlAsync($"select encode(secret_hash, 'hex') from visit_links where visit_id = '{visit}'"));
        await Send(new SeeVisitByLink(secret));
        await Send(new ConfirmByLink(secret));
        foreach (var rows in new[] { "audit_entry", "case_history", "visit_links", "visits", "call_backs", "idempotency" })
        {
            Assert.Equal(0L, await app.SqlAsync($"select count(*) from {rows} r where position('{secret}' in r::text) > 0"));
        }

        Assert.Equal("public public", await app.SqlAsync($"select string_agg(role, ' ') from audit_entry where subject_id = '{visit}' and action in ('visit.link_opened', 'visit.client_confirmed')"));
        Assert.NotEqual(CaseStatus.Closed, await app.StatusAsync(id));
    }

    [Fact]
    public async Task Reading_changes_nothing_however_often_a_scanner_does_it()
    {
        var (id, visit, secret) = await BookedAsync("株式会社走査");
        var before = await SnapshotAsync(id, visit);
        for (var i = 0; i < 3; i++)
        {
            var seen = await Send(new SeeVisitByLink(secret));
            await Send(new ListSlotsByLink(secret));
            Assert.Equal((LinkedState.ToCome, At(11, 26, 10), null), (seen.State, seen.Start, seen.ConfirmedAt));
        }

        Assert.Equal(before, await SnapshotAsync(id, visit));
    }

    [Fact]
    public async Task A_confirmed_date_is_told_once_and_a_new_date_is_to_be_confirmed_anew()
    {
        var (id, visit, secret) = await BookedAsync("株式会社確認");
        Assert.True(await Send(new ConfirmByLink(secret)));
        Assert.False(await Send(new ConfirmByLink(secret)));
        Assert.NotNull((await Send(new SeeVisitByLink(secret))).ConfirmedAt);
        Assert.Equal(1L, await app.SqlAsync($"select count(*) from case_history where case_id = '{id}' and kind = 'visit_client_confirmed'"));
        await Send(new RescheduleVisit(visit, At(11, 27, 10), At(11, 27, 11), "都合"), Actor.System("test"));
        Assert.Null((await Send(new SeeVisitByLink(secret))).ConfirmedAt);
    }

    [Fact]
    public async Task The_client_moves_to_an_offered_time_and_the_old_link_shows_the_new_one()
    {
        var (id, visit, secret) = await BookedAsync("株式会社移動");
        var slots = await Send(new ListSlotsByLink(secret));
        Assert.InRange(slots.Count, 3, 15);
        Assert.All(slots, s => Assert.Equal((TimeSpan.FromHours(1), true), (s.End - s.Start, s.Start >= At(11, 25, 0))));
        Assert.True(slots.Select(s => JapanTime.DateOf(s.Start)).Distinct().Count() >= 3);
        var wanted = slots[^1].Start;
        Assert.True(await Send(new MoveByLink(secret, wanted)));
        Assert.False(await Send(new MoveByLink(secret, wanted)));

        var seen = await Send(new SeeVisitByLink(secret));
        Assert.Equal((wanted, LinkedState.ToCome), (seen.Start, seen.State));
        Assert.NotNull(seen.ConfirmedAt);
        Assert.Equal(2L, await app.SqlAsync($"select count(*) from outgoing_mail where event_key = 'visit-moved/{visit}/1'"));
        var newer = Secret(await LetterAsync(visit, "visit-moved"));
        Assert.NotEqual(secret, newer);
        Assert.Equal(wanted, (await Send(new SeeVisitByLink(newer))).Start);
        Assert.Equal("1,0", await app.QuotaAsync(id));
        Assert.Empty((await app.Send(new RunCheck())).Broken);
    }

    [Fact]
    public async Task The_client_is_offered_tomorrow_while_the_expert_is_on_the_road_for_today()
    {
        // For a visit in Okinawa one leaves on the afternoon before.
        var id = await app.HeldCaseAsync("株式会社島", (Track.Mic, await app.ExpertNamedAsync("専門 島", prefecture: "13")));
        await app.Send(new EditCase(id, Organisation: new(Prefecture: "沖縄県")));
        var visit = (await app.Send(Visit(id, At(12, 8, 16), mode: VisitMode.Visit))).Id;
        await MoveClockAsync(At(12, 8, 10));
        await Send(new RescheduleVisit(visit, At(12, 14, 10), At(12, 14, 11), "都合"), Actor.System("test"));
        var secret = Secret(await LetterAsync(visit, "visit-moved"));
        await MoveClockAsync(At(12, 8, 15, 30));
        var tomorrow = (await Send(new ListSlotsByLink(secret)))[0].Start;
        Assert.Equal(new DateOnly(2026, 12, 9), JapanTime.DateOf(tomorrow));
        Assert.True(await Send(new MoveByLink(secret, tomorrow)));
        Assert.Empty((await app.Send(new RunCheck())).Broken);
    }

    [Fact]
    public async Task A_time_that_is_taken_today_or_forbidden_is_refused_and_nothing_changes()
    {
        var expert = await app.ExpertNamedAsync("満員 一");
        var (id, visit, secret) = await BookedAsync("株式会社満員", expert);
        await app.Send(Visit(await app.HeldCaseAsync("株式会社先約", (Track.Mic, expert)), At(11, 27, 13)));
        var before = await SnapshotAsync(id, visit);
        Assert.Equal("visit.taken", await RefusedAsync(new MoveByLink(secret, At(11, 27, 13, 30))));
        Assert.Equal("link.too_soon", await RefusedAsync(new MoveByLink(secret, At(11, 24, 15))));
        Assert.Equal("visit.closed_day", await RefusedAsync(new MoveByLink(secret, At(11, 28, 10))));
        Assert.Equal("programme.no_year", await RefusedAsync(new MoveByLink(secret, At(11, 29, 10, year: 2028))));
        await Assert.ThrowsAsync<InvalidInput>(() => Send(new MoveByLink(secret, null)));
        Assert.Equal("visit.not_to_the_minute", (await Assert.ThrowsAsync<InvalidInput>(() => Send(new MoveByLink(secret, At(11, 27, 10).AddSeconds(30))))).Errors[0].Code);
        Assert.Equal(before, await SnapshotAsync(id, visit));
    }

    [Fact]
    public async Task A_cancellation_frees_time_and_quota_tells_everybody_once_and_a_replayed_link_says_so()
    {
        var (id, visit, secret) = await BookedAsync("株式会社取消");
        Assert.True(await Send(new CancelByLink(secret, "  ")));
        Assert.False(await Send(new CancelByLink(secret, "もう一度")));
        Assert.Equal("cancelled client", await app.SqlAsync($"select state || ' ' || cancelled_by from visits where id = '{visit}'"));
        Assert.Equal(0L, await app.SqlAsync($"select count(*) from expert_diary where visit = '{visit}' and state in ('held', 'confirmed')"));
        Assert.Equal(2L, await app.SqlAsync($"select count(*) from outgoing_mail where event_key = 'visit-cancelled/{visit}/1'"));
        Assert.DoesNotContain("/visit/", await LetterAsync(visit, "visit-cancelled"), StringComparison.Ordinal);
        Assert.Equal(1L, await app.SqlAsync($"select count(*) from call_backs where case_id = '{id}' and event_key = 'client-cancelled/{visit}' and state = 'open'"));
        var seen = await Send(new SeeVisitByLink(secret));
        Assert.Equal((LinkedState.Cancelled, null, 0), (seen.State, seen.Place, seen.Experts.Count));
        Assert.Equal("visit.not_open", await RefusedAsync(new ConfirmByLink(secret)));
        Assert.Equal("visit.not_open", await RefusedAsync(new MoveByLink(secret, At(11, 27, 10))));
        Assert.Empty((await app.Send(new RunCheck())).Broken);
    }

    [Fact]
    public async Task J21_the_page_says_beforehand_whether_a_cancellation_counts_and_the_ledger_follows_it()
    {
        await app.SqlAsync("update programme_years set late_cancel_counts = true, late_cancel_days = 1 where fiscal_year = 2026");
        app.Provider.GetRequiredService<ProgrammeBook>().Drop();
        node.Services.GetRequiredService<ProgrammeBook>().Drop();
        var (early, _, first) = await BookedAsync("株式会社早めの取消");
        var (late, _, second) = await BookedAsync("株式会社遅い取消");
        Assert.False((await Send(new SeeVisitByLink(first))).CancellingCounts);
        await Send(new CancelByLink(first, null));
        await MoveClockAsync(At(11, 26, 8));
        Assert.True((await Send(new SeeVisitByLink(second))).CancellingCounts);
        await Send(new CancelByLink(second, null));
        Assert.Equal(("0,0", "0,1"), (await app.QuotaAsync(early), await app.QuotaAsync(late)));
        await app.SqlAsync("update programme_years set late_cancel_counts = false where fiscal_year = 2026");
        app.Provider.GetRequiredService<ProgrammeBook>().Drop();
    }

    [Fact]
    public async Task Once_it_has_begun_nothing_is_changed_and_once_it_is_over_the_link_tells_nothing_more()
    {
        var (id, visit, secret) = await BookedAsync("株式会社期限");
        await MoveClockAsync(At(11, 26, 10));
        var before = await SnapshotAsync(id, visit);
        Assert.Equal(LinkedState.Running, (await Send(new SeeVisitByLink(secret))).State);
        foreach (var act in new IRequest<bool>[] { new ConfirmByLink(secret), new CancelByLink(secret, null), new MoveByLink(secret, At(11, 30, 10)), new WishByLink(secret, "来週") })
        {
            Assert.Equal("link.too_late", (await Assert.ThrowsAsync<RuleViolation>(() => Send(act))).Code);
        }

        Assert.Equal(before, await SnapshotAsync(id, visit));
        await MoveClockAsync(At(11, 26, 11));
        var over = await Send(new SeeVisitByLink(secret));
        Assert.Equal((LinkedState.Over, null, 0), (over.State, over.Place, over.Experts.Count));
    }

    [Fact]
    public async Task A_page_opened_before_the_visit_changed_does_nothing_and_is_told_the_new_date()
    {
        var (id, visit, secret) = await BookedAsync("株式会社行違い");
        var seen = (await Send(new SeeVisitByLink(secret))).Sequence;
        await Send(new RescheduleVisit(visit, At(11, 27, 10), At(11, 27, 11), "都合"), Actor.System("test"));
        var before = await SnapshotAsync(id, visit);
        foreach (var act in new IRequest<bool>[] { new ConfirmByLink(secret, seen), new CancelByLink(secret, null, seen), new MoveByLink(secret, At(11, 30, 10), seen) })
        {
            var refused = await Assert.ThrowsAsync<RuleViolation>(() => Send(act));
            Assert.Equal("link.changed", refused.Code);
            Assert.Contains("11月27日", refused.Text, StringComparison.Ordinal);
        }

        Assert.Equal(before, await SnapshotAsync(id, visit));
        Assert.True(await Send(new ConfirmByLink(secret, (await Send(new SeeVisitByLink(secret))).Sequence)));
    }

    [Fact]
    public async Task A_wish_is_a_contact_and_a_call_of_the_desk_once()
    {
        var (id, visit, secret) = await BookedAsync("株式会社希望");
        Assert.True(await Send(new WishByLink(secret, "来週の夕方がよい")));
        Assert.False(await Send(new WishByLink(secret, " 来週の夕方がよい ")));
        Assert.Equal(1L, await app.SqlAsync($"select count(*) from call_backs where case_id = '{id}' and state = 'open' and reason like '%来週の夕方がよい%'"));
        Assert.Equal(1L, await app.SqlAsync($"select count(*) from contacts where case_id = '{id}' and channel = 'web' and direction = 'in' and text like '%来週の夕方がよい%'"));
        Assert.Equal("confirmed", await app.SqlAsync($"select state from visits where id = '{visit}'"));
        Assert.Empty((await app.Send(new RunCheck())).Broken);
    }

    [Fact]
    public async Task A_wrong_secret_opens_nothing_nor_does_one_mailed_to_an_address_that_was_corrected()
    {
        var (id, _, secret) = await BookedAsync("株式会社誤配");
        foreach (var wrong in new[] { null, "", secret[..^1], secret + "A", new string('A', 32), secret[..^1] + (secret[^1] == 'A' ? 'B' : 'A'), "' or 1=1 --" + secret[..21] })
        {
            Assert.Equal("link.unknown", (await Assert.ThrowsAsync<NotFound>(() => Send(new SeeVisitByLink(wrong)))).Code);
            await Assert.ThrowsAsync<NotFound>(() => Send(new CancelByLink(wrong, null)));
        }

        await Send(new SeeVisitByLink(secret));
        await app.Send(new EditCase(id, Contact: new(Email: "right@firm.example")));
        await Assert.ThrowsAsync<NotFound>(() => Send(new SeeVisitByLink(secret)));
        await Assert.ThrowsAsync<NotFound>(() => Send(new CancelByLink(secret, null)));
        Assert.Equal(CaseStatus.Booked, await app.StatusAsync(id));
    }

    [Fact]
    public async Task A_letter_that_bounced_is_told_by_telephone_without_its_secret()
    {
        var (id, visit, secret) = await BookedAsync("株式会社不達");
        var mail = MailId.Parse((await app.SqlAsync($"""
            update outgoing_mail set state = 'attempting', attempts = 1
            where event_key = 'visit-confirmed/{visit}/0' and recipient = (select email from cases where id = '{id}') returning id
            """))!.ToString()!, null);
        var fence = (int)(await app.SqlAsync($"select fence from outgoing_mail where id = '{mail}'"))!;
        Assert.True(await app.Send(new MarkMail(mail, fence, new(DeliveryEnd.Refused, "smtp.550", BlamesRecipient: true))));
        Assert.True(await app.Send(new TellLostMail(mail)));
        var reason = (string)(await app.SqlAsync($"select reason from call_backs where case_id = '{id}' and event_key like '%/{mail}'"))!;
        Assert.DoesNotContain(secret, reason, StringComparison.Ordinal);
        Assert.Contains("電話ではお伝えできません", reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task J22_the_old_address_of_a_meeting_is_shown_no_more()
    {
        var (_, visit, secret) = await BookedAsync("株式会社往復");
        await Send(new RescheduleVisit(visit, At(11, 26, 10), At(11, 26, 11), "接続先", VisitMode.Web, "https://meet.example/old"), Actor.System("test"));
        Assert.Equal("https://meet.example/old", (await Send(new SeeVisitByLink(secret))).Place);
        await Send(new RescheduleVisit(visit, At(11, 26, 10), At(11, 26, 11), "訪問に", VisitMode.Visit), Actor.System("test"));
        Assert.DoesNotContain("meet.example", (await Send(new SeeVisitByLink(secret))).Place, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_else_follows_links_and_a_client_by_link_may_nothing_else()
    {
        var (id, visit, secret) = await BookedAsync("株式会社権限");
        await Assert.ThrowsAsync<Forbidden>(async () => await Send(new SeeVisitByLink(secret), await app.DeskAsync("tohoku")));
        await Assert.ThrowsAsync<Forbidden>(() => Send(new CancelVisit(visit, CancelledBy.Client, "x")));
        await Assert.ThrowsAsync<Forbidden>(() => Send(new ListSlots(id)));
        Assert.Equal([Permission.FollowLink], Permissions.Of(Role.Public));
    }

    [Fact]
    public async Task Who_has_no_page_of_ours_or_no_mail_gets_the_letter_without_a_link()
    {
        var id = await app.HeldCaseAsync("株式会社無縁", (Track.Mic, await app.ExpertNamedAsync("無縁 一")));
        var booked = await app.Send(Visit(id, At(11, 26, 10)));
        Assert.DoesNotContain("/visit/", await LetterAsync(booked.Id, "visit-confirmed"), StringComparison.Ordinal);
        Assert.Equal(0L, await app.SqlAsync($"select count(*) from visit_links where visit_id = '{booked.Id}'"));
    }

    private Task<TResult> Send<TResult>(IRequest<TResult> request, Actor? actor = null) => node.Services.GetRequiredService<Dispatcher>().Send(request, actor ?? Actor.ClientByLink);

    private async Task MoveClockAsync(DateTimeOffset to)
    {
        await app.MoveClockAsync(to);
        await node.Services.GetRequiredService<AppClock>().RefreshAsync(node.Services.GetRequiredService<NpgsqlDataSource>(), CancellationToken.None);
    }

    private async Task<string> RefusedAsync(IRequest<bool> act) => (await Assert.ThrowsAsync<RuleViolation>(() => Send(act))).Code;

    private async Task<(CaseId Case, VisitId Visit, string Secret)> BookedAsync(string organisation, ExpertId? expert = null)
    {
        var id = await app.HeldCaseAsync(organisation, (Track.Mic, expert ?? await app.ExpertNamedAsync($"専門 {organisation}")));
        var booked = await Send(Visit(id, At(11, 26, 10)), Actor.System("test"));
        return (id, booked.Id, Secret(await LetterAsync(booked.Id, "visit-confirmed")));
    }

    private async Task<string> LetterAsync(VisitId visit, string template) =>
        (string)(await app.SqlAsync($"select m.body from outgoing_mail m join visits v on m.event_key = '{template}/' || v.id || '/' || v.sequence join cases c on c.id = v.case_id and c.email = m.recipient where v.id = '{visit}'"))!;

    private static string Secret(string letter) => Assert.Single(LinkIn().Matches(letter)).Groups[1].Value;

    private async Task<string> SnapshotAsync(CaseId id, VisitId visit) =>
        (string)(await app.SqlAsync($"""
            select (select v::text from visits v where v.id = '{visit}') || (select c::text from cases c where c.id = '{id}') || (select count(*) from outgoing_mail where reference = '{id}')
              || (select count(*) from case_history where case_id = '{id}') || (select count(*) from call_backs where case_id = '{id}') || (select count(*) from visit_links where visit_id = '{visit}')
            """))!;

    [GeneratedRegex("https://desk\\.example/soudan/visit/([A-Za-z0-9_-]{32})\n")]
    private static partial Regex LinkIn();
}
