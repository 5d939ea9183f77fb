using Consultation.Cases;
using Consultation.Experts;
using Consultation.Mail;
using Consultation.Messaging;
using Consultation.Tests.Visits;
using Consultation.Topics;
using MediatR;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static Consultation.Tests.Visits.Scene;

namespace Consultation.Tests.Mail;

/// <summary>Letters that are not urgent, once a business day and together, for whoever chose it.</summary>
public sealed class MailDigestTests(TestApp app) : IClassFixture<TestApp>, IAsyncLifetime
{
    public async ValueTask InitializeAsync() => await app.MoveClockAsync(TestApp.Start);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task What_is_not_urgent_comes_in_one_letter_and_each_letter_in_one_digest()
    {
        await using var node = await WritingNodeAsync();
        var expert = await app.ExpertNamedAsync("まとめ 一郎", email: "digest1@example.jp");
        var own = await app.ExpertAsync(expert);
        Assert.Equal(0, await app.Send(new ChooseMailDigest(expert, true), own));
        await node.Send(new WriteToExpert(expert, "digest1@example.jp", ["report-late", "report-dictated", "offer-made"]));
        Assert.Equal(["gathered", "gathered", "waiting"], await StatesAsync(expert));

        // Two workers, twice: one digest.
        await GatheredYesterdayAsync();
        await Task.WhenAll(app.Send(new SendMailDigests()), node.Send(new SendMailDigests()));
        Assert.Equal(0, await app.Send(new SendMailDigests()));
        var digest = await app.ReadAsync(db => db.Set<OutgoingMail>().AsNoTracking().SingleAsync(m => m.Template == "mail-digest" && m.Person == Ref.To(expert)));
        Assert.Equal(("digest1@example.jp", MailState.Waiting, "【テレワーク相談】お知らせのまとめ（2件）"), (digest.Recipient, digest.State, digest.Subject));
        Assert.Contains("まとめ 一郎 様", digest.Body, StringComparison.Ordinal);
        Assert.Contains("■ 【テレワーク相談】第1回の実施報告をお願いします（R08-000123）", digest.Body, StringComparison.Ordinal);
        Assert.Contains("■ 【テレワーク相談】窓口が聞き取った第1回の実施報告を確かめてください（R08-000123）", digest.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("担当のお願い", digest.Body, StringComparison.Ordinal);
        Assert.Equal(2L, await app.SqlAsync($"select count(*) from outgoing_mail where digest = '{digest.Id}'"));
        Assert.Equal(1L, await app.SqlAsync($"select count(*) from audit_entry where action = 'expert.mail_digest_sent' and subject_id = '{expert}'"));
        Assert.DoesNotContain(await app.Send(new LeaseMail(100)), m => m.Envelope.Recipient == "digest1@example.jp" && m.Envelope.Subject.Contains("実施報告", StringComparison.Ordinal));

        // What comes afterwards stands in the next one, and not in one that is tried again on the same day.
        await node.Send(new WriteToExpert(expert, "digest1@example.jp", ["report-late"], "later"));
        Assert.Equal(0, await app.Send(new SendMailDigests()));
        Assert.Equal(1, await DigestsAsync());
        Assert.Equal(2L, await app.SqlAsync($"select count(*) from outgoing_mail where template = 'mail-digest' and person = '{expert}'"));
    }

    [Fact]
    public async Task No_digest_goes_out_on_a_closing_day()
    {
        await using var node = await WritingNodeAsync();
        var expert = await app.ExpertNamedAsync("まとめ 休日", email: "digest2@example.jp");
        await app.Send(new ChooseMailDigest(expert, true), await app.ExpertAsync(expert));
        await node.Send(new WriteToExpert(expert, "digest2@example.jp", ["report-late"]));
        await app.MoveClockAsync(At(11, 28, 9));
        Assert.Equal(0, await DigestsAsync());
        await app.MoveClockAsync(At(11, 30, 9));
        Assert.Equal(1, await DigestsAsync());
    }

    [Fact]
    public async Task A_worker_that_comes_up_in_the_night_sends_no_digest_before_its_hour()
    {
        await using var node = await WritingNodeAsync();
        var expert = await app.ExpertNamedAsync("まとめ 夜間", email: "digest8@example.jp");
        await app.Send(new ChooseMailDigest(expert, true), await app.ExpertAsync(expert));
        await node.Send(new WriteToExpert(expert, "digest8@example.jp", ["report-late"]));
        await app.MoveClockAsync(At(11, 26, 2));
        Assert.Equal(0, await DigestsAsync());
        await app.MoveClockAsync(At(11, 26, 8, 30));
        Assert.Equal(1, await app.Send(new SendMailDigests()));
    }

    [Theory]
    [InlineData("update experts set active = false where id = '{0}'")]
    [InlineData("update experts set email = null where id = '{0}'")]
    [InlineData("delete from mail_digest_choices where person = '{0}'")]
    public async Task Who_leaves_or_gives_it_up_meanwhile_gets_each_letter_by_itself(string happened)
    {
        await using var node = await WritingNodeAsync();
        var address = $"{Guid.NewGuid():N}@example.jp";
        var expert = await app.ExpertNamedAsync("まとめ 退任", email: address);
        await app.Send(new ChooseMailDigest(expert, true), await app.ExpertAsync(expert));
        await node.Send(new WriteToExpert(expert, address, ["report-late", "report-dictated"]));
        await app.SqlAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, happened, expert));
        Assert.Equal(1, await DigestsAsync());
        Assert.Equal(["waiting", "waiting"], await StatesAsync(expert));
        Assert.Equal(0, await DigestsAsync());
    }

    [Fact]
    public async Task Going_back_to_at_once_sends_what_was_gathered_and_nobody_chooses_for_another()
    {
        await using var node = await WritingNodeAsync();
        var (expert, other) = (await app.ExpertNamedAsync("まとめ 中止", email: "digest3@example.jp"), await app.ExpertNamedAsync("まとめ 他人"));
        var own = await app.ExpertAsync(expert);
        await app.Send(new ChooseMailDigest(expert, true), own);
        await node.Send(new WriteToExpert(expert, "digest3@example.jp", ["report-late"]));
        Assert.True((await app.Send(new ListExpertMail(expert), own)).Daily);
        Assert.Equal(1, await app.Send(new ChooseMailDigest(expert, false), own));
        Assert.Equal(["waiting"], await StatesAsync(expert));
        await Assert.ThrowsAsync<NotFound>(() => app.Send(new ChooseMailDigest(other, true), own));
        await Assert.ThrowsAsync<Forbidden>(async () => await app.Send(new ChooseMailDigest(other, true), await app.DeskAsync("tohoku")));
        await Assert.ThrowsAsync<NotFound>(() => app.Send(new ChooseMailDigest(new(Guid.NewGuid()), true)));
    }

    [Fact]
    public async Task A_digest_that_bounces_makes_a_call_of_every_letter_in_it()
    {
        await using var peer = new SmtpPeer();
        await using var node = await WritingNodeAsync(peer);
        var expert = await app.ExpertNamedAsync("まとめ 不達", email: "digest4@example.jp");
        var id = await app.HeldCaseAsync("株式会社不達", (Track.Mic, expert));
        await app.Send(new ChooseMailDigest(expert, true), await app.ExpertAsync(expert));
        await node.Send(new WriteToExpert(expert, "digest4@example.jp", ["report-late", "report-dictated"], About: id));
        await node.Send(new DispatchMail());
        peer.Then(new(Recipient: "550 5.1.1 unknown user"));
        Assert.Equal(1, await DigestsAsync());
        await node.Send(new DispatchMail());
        Assert.Equal(1, await node.Send(new TellLostMails()));
        Assert.Equal(2, await node.Send(new TellLostMails()));

        var calls = (await node.CallsAsync(id)).Where(c => c.Reason.Contains("届かなかったため", StringComparison.Ordinal) && c.Reason.Contains("実施報告", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, calls.Count);
        Assert.Equal(2L, await app.SqlAsync($"select count(*) from outgoing_mail where reference = '{id}' and state = 'bounced' and digest is not null"));
    }

    [Fact]
    public async Task One_expert_whose_letters_cannot_be_put_together_keeps_no_other()
    {
        await using var node = await WritingNodeAsync();
        var (poison, good) = (await app.ExpertNamedAsync("まとめ 毒", email: "digest5@example.jp"), await app.ExpertNamedAsync("まとめ 良", email: "digest6@example.jp"));
        foreach (var (expert, address) in new[] { (poison, "digest5@example.jp"), (good, "digest6@example.jp") })
        {
            await app.Send(new ChooseMailDigest(expert, true), await app.ExpertAsync(expert));
            await node.Send(new WriteToExpert(expert, address, ["report-late"]));
        }

        await app.SqlAsync($"update experts set email = 'no address' where id = '{poison}'");
        var partly = await Assert.ThrowsAsync<PartlyDone>(DigestsAsync);
        Assert.Equal((1, poison.ToString()), (partly.Done, Assert.Single(partly.Rows)));
        Assert.Equal(1L, await app.SqlAsync($"select count(*) from outgoing_mail where template = 'mail-digest' and person = '{good}'"));
        await app.SqlAsync($"update experts set email = 'digest5@example.jp' where id = '{poison}'");
        Assert.Equal(1, await DigestsAsync());
    }

    [Fact]
    public async Task A_digest_that_is_taken_out_sets_its_letters_free_for_the_next()
    {
        await using var node = await WritingNodeAsync();
        var expert = await app.ExpertNamedAsync("まとめ 取消", email: "digest7@example.jp");
        await app.Send(new ChooseMailDigest(expert, true), await app.ExpertAsync(expert));
        await node.Send(new WriteToExpert(expert, "digest7@example.jp", ["report-late", "report-dictated"]));
        Assert.Equal(1, await DigestsAsync());
        var first = await DigestAsync();
        Assert.Equal(new MailsDone(1, 0, false), await app.Send(new DiscardMails(new([first.Id]), "宛名の誤り"), await app.OfAsync(Role.Administrator)));
        Assert.Equal(2L, await app.SqlAsync($"select count(*) from outgoing_mail where person = '{expert}' and state = 'gathered' and digest is null"));
        Assert.Equal(2L, await app.SqlAsync($"select count(*) from audit_entry where action = 'mail.left_digest' and details = '{first.Id}'"));

        Assert.Equal(1, await DigestsAsync());
        var second = await DigestAsync();
        Assert.Equal((first.Subject, first.Body), (second.Subject, second.Body));
        Assert.Equal(2L, await app.SqlAsync($"select count(*) from outgoing_mail where digest = '{second.Id}'"));

        // Given up meanwhile: each by itself.
        await app.Send(new DiscardMails(new([second.Id]), "もう一度"), await app.OfAsync(Role.Administrator));
        await app.SqlAsync($"delete from mail_digest_choices where person = '{expert}'");
        Assert.Equal(1, await DigestsAsync());
        Assert.Equal(2L, await app.SqlAsync($"select count(*) from outgoing_mail where person = '{expert}' and state = 'waiting' and template <> 'mail-digest'"));

        Task<OutgoingMail> DigestAsync() => app.ReadAsync(db => db.Set<OutgoingMail>().AsNoTracking().SingleAsync(m => m.Template == "mail-digest" && m.Person == Ref.To(expert) && m.State == MailState.Waiting));
    }

    private async Task<IReadOnlyList<string>> StatesAsync(ExpertId expert) => await app.ReadAsync(async db =>
        (IReadOnlyList<string>)[.. (await db.Set<OutgoingMail>().AsNoTracking().Where(m => m.Person == Ref.To(expert)).ToListAsync()).Select(m => m.State.ToString().ToLowerInvariant()).Order(StringComparer.Ordinal)]);

    /// <summary>The next morning's digests of what has been gathered so far.</summary>
    private async Task<int> DigestsAsync()
    {
        await GatheredYesterdayAsync();
        return await app.Send(new SendMailDigests());
    }

    private Task GatheredYesterdayAsync() => app.SqlAsync("update outgoing_mail set created_at = created_at - interval '1 day' where state = 'gathered' and digest is null");

    private Task<MailNode> WritingNodeAsync(SmtpPeer? peer = null) => MailNode.StartAsync(
        app.ConnectionString, peer is null ? new() : new(Host: "127.0.0.1", Port: peer.Port, Timeout: TimeSpan.FromSeconds(20)),
        services => services.AddTransient<IRequestHandler<WriteToExpert, int>, WriteToExpertHandler>());
}

/// <summary>A business act that writes to one expert.</summary>
[Requires(Permission.Operate)]
public sealed record WriteToExpert(ExpertId Expert, string Address, IReadOnlyList<string> Templates, string Key = "first", CaseId? About = null) : ICommand<int>;

internal sealed class WriteToExpertHandler(Outbox outbox) : IRequestHandler<WriteToExpert, int>
{
    public Task<int> Handle(WriteToExpert request, CancellationToken cancellationToken)
    {
        var about = request.About ?? CaseId.New();
        var values = WriteMailsHandler.Values("R08-000123");
        (values["ordinal"], values["period"], values["due"], values["source"]) = ("第1回", "令和8年11月2日（月）10:00〜11:00", "令和8年11月9日", "電話");
        foreach (var template in request.Templates)
        {
            outbox.Send(template, $"{request.Key}/{request.Expert}/{template}", request.Address, Ref.To(request.Expert), Ref.To(about), values);
        }

        return Task.FromResult(request.Templates.Count);
    }
}
