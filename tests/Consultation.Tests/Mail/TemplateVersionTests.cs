using Consultation.CaseFile;
using Consultation.Cases;
using Consultation.Mail;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Tests.Visits;
using Consultation.Topics;
using Consultation.Visits;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using static Consultation.Tests.Visits.Scene;

namespace Consultation.Tests.Mail;

/// <summary>The words of letters: edited as a draft, published as a version, read back, given back.</summary>
public sealed class TemplateVersionTests(TestApp app) : IClassFixture<TestApp>
{
    private static readonly Dictionary<string, string> Examples = [];

    [Fact]
    public async Task P08_a_published_version_is_what_every_process_writes_with_at_once_and_each_letter_keeps_its_version()
    {
        var admin = await app.OfAsync(Role.Administrator);
        await using var other = await MailNode.StartAsync(app.ConnectionString, new());
        await other.WriteAsync("before-v1");
        var saved = await app.Send(new EditMailTemplate("offer-made", "【新】{{number}} のお願い", Body("版の一"), 0, 0), admin);
        await other.WriteAsync("draft-only");
        Assert.Equal(1, await app.Send(new PublishMailTemplate("offer-made", saved, "言い回しを改めた"), admin));
        await other.WriteAsync("after-v1");

        Assert.Equal(0, (await other.MailAsync("before-v1")).TemplateVersion);
        Assert.Equal(0, (await other.MailAsync("draft-only")).TemplateVersion);
        var mail = await other.MailAsync("after-v1");
        Assert.Equal((1, "【新】R08-000123 のお願い"), (mail.TemplateVersion, mail.Subject));
        Assert.StartsWith("版の一\n", mail.Body);

        // A call in place of a letter has the same words.
        var logged = await app.Send(new LogInquiry(Channel.Phone, "相談", Contact: new("山田", Phone: "022-221-0000")), await app.DeskAsync("tohoku"));
        await other.Send(new WriteLetter(logged.Id, "call-v1"));
        Assert.Contains("版の一", Assert.Single(await other.CallsAsync(logged.Id)).Reason, StringComparison.Ordinal);

        Assert.Equal(2, await app.Send(new RestoreMailTemplate("offer-made", 0, "元がよい"), admin));
        await other.WriteAsync("back");
        Assert.Equal(2, (await other.MailAsync("back")).TemplateVersion);
        Assert.Equal((await other.MailAsync("before-v1")).Body, (await other.MailAsync("back")).Body);
        Assert.Equal("mail_template.nothing_changed", (await Assert.ThrowsAsync<RuleViolation>(() => app.Send(new RestoreMailTemplate("offer-made", 0, "もう一度"), admin))).Code);

        var view = await app.Send(new GetMailTemplate("offer-made", Examples), admin);
        Assert.Equal([2, 1, 0], view.Versions.Select(v => v.Version));
        Assert.Equal("言い回しを改めた", view.Versions[1].Note);
        Assert.Contains(new LineChange(LineChangeKind.Added, "版の一"), view.Versions[1].Changes);
        Assert.Contains(new LineChange(LineChangeKind.Gone, "版の一"), view.Versions[0].Changes);
        Assert.Equal(2L, await app.SqlAsync("select count(*) from audit_entry where action in ('mail_template.published', 'mail_template.restored') and details like 'offer-made:%'"));
    }

    [Theory]
    [InlineData("件名", "{{number}} {{ministry}} {{respondBy}} {{desk}} {{left}}", "body", "mail_template.unknown_gap", "{{left}}")]
    [InlineData("件名", "{{number}} {{ministry}}", "body", "mail_template.gap_needed", "{{respondBy}}（回答期限）、{{desk}}（窓口の署名）")]
    [InlineData("件名\r\nBcc: x@y.example", "{{number}} {{ministry}} {{respondBy}} {{desk}}", "subject", "mail_template.line_break", "1行")]
    [InlineData("件名\nX", "{{number}} {{ministry}} {{respondBy}} {{desk}}", "subject", "mail_template.line_break", "1行")]
    [InlineData("件名 {{number", "{{number}} {{ministry}} {{respondBy}} {{desk}}", "subject", "mail_template.broken_gap", "{{")]
    [InlineData("件名", "{{number}} {{ministry}} {{respondBy}} {{desk}} }}", "body", "mail_template.broken_gap", "}}")]
    [InlineData("  ", "{{number}} {{ministry}} {{respondBy}} {{desk}}", "subject", "field.required", "入力")]
    [InlineData("件名", "{{number}} {{ministry}} {{respondBy}} {{desk}} 番号は 1234 5678 9018", "body", "inquiry.my_number", "")]
    public async Task Words_that_cannot_be_letters_are_refused_at_their_field(string subject, string body, string field, string code, string said)
    {
        var admin = await app.OfAsync(Role.Administrator);
        var refused = await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new EditMailTemplate("offer-made", subject, body, 0, 0), admin));
        var error = Assert.Single(refused.Errors);
        Assert.Equal((field, code), (error.Field, error.Code));
        Assert.Contains(said, error.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Overlong_words_are_refused()
    {
        var admin = await app.OfAsync(Role.Administrator);
        var refused = await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new EditMailTemplate("offer-made", new('長', 151), new string('\n', 200) + Body("x"), 0, 0), admin));
        Assert.Equal(["field.too_long", "mail_template.too_many_lines"], refused.Errors.Select(e => e.Code));
        refused = await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new EditMailTemplate("offer-made", "件名", new('長', 5_001), 0, 0), admin));
        Assert.Equal("field.too_long", Assert.Single(refused.Errors).Code);
    }

    [Fact]
    public async Task The_secret_of_a_link_stands_in_no_subject()
    {
        var template = MailTemplate.Find("visit-survey");
        var faults = template.FaultsOf("アンケート {{surveyLink}}", template.Written.Body);
        Assert.Equal("mail_template.not_in_subject", Assert.Single(faults).Code);
        await Task.CompletedTask;
    }

    [Fact]
    public async Task A_colleague_neither_overwrites_a_draft_nor_publishes_what_was_not_looked_at()
    {
        var (one, two) = (await app.OfAsync(Role.Administrator), await app.OfAsync(Role.Administrator));
        const string Name = "offer-withdrawn";
        var body = MailTemplate.Find(Name).Written.Body;
        var first = await app.Send(new EditMailTemplate(Name, "甲 {{number}}", body, 0, 0), one);
        await ChangedAsync(() => app.Send(new EditMailTemplate(Name, "乙 {{number}}", body, 0, 0), two));
        var second = await app.Send(new EditMailTemplate(Name, "乙 {{number}}", body, 0, first), two);
        await ChangedAsync(() => app.Send(new PublishMailTemplate(Name, first, "甲の案"), one));
        await app.Send(new PublishMailTemplate(Name, second, "乙の案"), two);

        var third = await app.Send(new EditMailTemplate(Name, "丙 {{number}}", body, 0, 0), one);
        Assert.Equal("mail_template.overtaken", (await Assert.ThrowsAsync<Conflict>(() => app.Send(new PublishMailTemplate(Name, third, "古い版から"), one))).Code);
        // One who throws it away and writes another: what was seen before is neither published nor thrown away.
        Assert.True(await app.Send(new DiscardTemplateDraft(Name, third), two));
        var fourth = await app.Send(new EditMailTemplate(Name, "丁 {{number}}", body, 1, 0), two);
        await ChangedAsync(() => app.Send(new PublishMailTemplate(Name, third, "見たのは丙"), one));
        await ChangedAsync(() => app.Send(new DiscardTemplateDraft(Name, third), one));
        await ChangedAsync(() => app.Send(new EditMailTemplate(Name, "戊 {{number}}", body, 1, third), one));
        Assert.True(await app.Send(new DiscardTemplateDraft(Name, fourth), one));
        Assert.False(await app.Send(new DiscardTemplateDraft(Name, fourth), one));
        Assert.Equal("mail_template.no_draft", (await Assert.ThrowsAsync<RuleViolation>(() => app.Send(new PublishMailTemplate(Name, fourth, "ない"), one))).Code);
        await Assert.ThrowsAsync<NotFound>(() => app.Send(new EditMailTemplate("nobody", "件名", "本文", 0, 0), one));
        await Assert.ThrowsAsync<NotFound>(() => app.Send(new RestoreMailTemplate(Name, 99, "ない版"), one));
        await Assert.ThrowsAsync<Forbidden>(async () => await app.Send(new GetMailTemplate(Name, Examples), await app.SupervisorAsync()));

        static async Task ChangedAsync(Func<Task> act) => Assert.Equal("mail_template.draft_changed", (await Assert.ThrowsAsync<Conflict>(act)).Code);
    }

    [Fact]
    public async Task Two_who_publish_at_once_make_two_versions_or_one_refusal()
    {
        var admin = await app.OfAsync(Role.Administrator);
        const string Name = "report-late";
        var saved = await app.Send(new EditMailTemplate(Name, "催促 {{number}}", MailTemplate.Find(Name).Written.Body, 0, 0), admin);
        var ends = await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ =>
        {
            try
            {
                return $"{await app.Send(new PublishMailTemplate(Name, saved, "同時に"), admin)}";
            }
            catch (Failure refused)
            {
                return refused.Code;
            }
        }));
        Assert.Equal(["1", .. Enumerable.Repeat("mail_template.no_draft", 5)], ends.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_published_version_stays_as_it_is()
    {
        var admin = await app.OfAsync(Role.Administrator);
        const string Name = "report-dictated";
        var saved = await app.Send(new EditMailTemplate(Name, "確認 {{number}}", MailTemplate.Find(Name).Written.Body, 0, 0), admin);
        await app.Send(new PublishMailTemplate(Name, saved, "試験"), admin);
        await Assert.ThrowsAsync<PostgresException>(() => app.SqlAsync($"update mail_template_versions set body = 'x' where template = '{Name}'"));
        await Assert.ThrowsAsync<PostgresException>(() => app.SqlAsync($"delete from mail_template_versions where template = '{Name}'"));
    }

    [Fact]
    public async Task What_the_product_no_longer_fills_gives_way_to_its_own_words_and_says_so()
    {
        await using var node = await MailNode.StartAsync(app.ConnectionString, new());
        await app.SqlAsync("insert into mail_template_versions (id, template, version, subject, body, note, created_at, created_by) values (gen_random_uuid(), 'slot-offered', 1, '{{gone}}', 'x', 'x', now(), 'x')");
        await node.WriteAsync("unusable");
        Assert.Equal(MailTemplate.Find("slot-offered").Written, node.Services.GetRequiredService<TemplateBook>().Find("slot-offered").Written);
        Assert.Equal(1, (await app.Send(new GetMailTemplate("slot-offered", Examples), await app.OfAsync(Role.Administrator))).Unusable);
    }

    [Fact]
    public void What_may_be_empty_stays_optional_in_words_that_forget_the_mark()
    {
        var own = MailTemplate.Find("visit-confirmed");
        var reworded = own.Reworded(1, own.Written.Subject, own.Written.Body.Replace("{{link?}}", "{{link}}", StringComparison.Ordinal));
        Assert.Empty(own.FaultsOf(reworded.Written.Subject, reworded.Written.Body));
        var values = own.Gaps.ToDictionary(g => g, g => g == "link" ? "" : "値");
        Assert.Equal(own.Render(values), reworded.Render(values));
    }

    [Fact]
    public void Every_shipped_text_keeps_to_its_own_rules_and_has_signature_and_number()
    {
        Assert.All(MailTemplate.Names, name =>
        {
            var template = MailTemplate.Find(name);
            Assert.Empty(template.FaultsOf(template.Written.Subject, template.Written.Body));
            Assert.Contains(template.Allowed, g => g is { Name: "desk", Needed: true });
            Assert.Contains("today", template.Gaps);
        });
    }

    [Fact]
    public void Changes_are_told_line_by_line()
    {
        var changes = LineChanges.Between("a\nb\nc\n", "a\nx\nc\nd\n");
        Assert.Equal(
            [new(LineChangeKind.Same, "a"), new(LineChangeKind.Gone, "b"), new(LineChangeKind.Added, "x"), new(LineChangeKind.Same, "c"), new(LineChangeKind.Added, "d")], changes);
        Assert.Empty(LineChanges.Between("a\n", "a\n"));
    }

    [Fact]
    public async Task P08_a_draft_is_looked_at_with_a_real_case_by_whoever_may_see_it_and_that_is_audited()
    {
        var (admin, desk) = (await app.OfAsync(Role.Administrator), await app.DeskAsync("tohoku"));
        var expert = await app.ExpertNamedAsync("下見 一郎");
        var id = await app.HeldCaseAsync("株式会社下見", (Track.Mic, expert));
        var booked = await app.Send(Visit(id, At(11, 26, 15)));
        const string Name = "visit-reminder";
        var own = MailTemplate.Find(Name).Written;
        await app.Send(new EditMailTemplate(Name, own.Subject, own.Body.Replace("念のため", "あらためて", StringComparison.Ordinal), 0, 0), admin);

        var draft = await app.Send(new PreviewLetter(id, Name, Draft: true, Examples), desk);
        Assert.True(draft.FromDraft);
        Assert.Contains("あらためてお知らせいたします", draft.Body, StringComparison.Ordinal);
        Assert.Contains("株式会社下見", draft.Body, StringComparison.Ordinal);
        Assert.Contains("令和8年11月26日", draft.Body, StringComparison.Ordinal);
        Assert.Contains("残り2回／3回（令和8年度）", draft.Body, StringComparison.Ordinal);
        Assert.Equal(["相談者のページのアドレス"], draft.Invented);
        Assert.Contains("念のため", (await app.Send(new PreviewLetter(id, Name, Draft: false, Examples), desk)).Body, StringComparison.Ordinal);
        Assert.Equal(2L, await app.SqlAsync($"select count(*) from audit_entry where action = 'case.letter_previewed' and subject_id = '{id}'"));

        // The derivation of a date is the one it has: of the answer to the offer, of the report.
        var answer = (string)(await app.SqlAsync($"select why from deadlines where case_id = '{id}' and kind = 'acceptance'"))!;
        var asked = await app.Send(new PreviewLetter(id, "offer-made", Draft: false, Examples), desk);
        Assert.Contains($"期限の根拠　{answer}", asked.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("期限の根拠", asked.Invented);
        Assert.Contains("期限の根拠", (await app.Send(new PreviewLetter(id, "report-late", Draft: false, Examples), desk)).Invented);
        await app.MoveClockAsync(At(11, 26, 17));
        await app.Send(new CompleteVisit(booked.Id, VisitOutcome.TookPlace, Source: "電話"));
        var report = (string)(await app.SqlAsync($"select why from deadlines where case_id = '{id}' and kind = 'report'"))!;
        var late = await app.Send(new PreviewLetter(id, "report-late", Draft: false, Examples), desk);
        Assert.Contains($"期限の根拠　{report}", late.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("期限", late.Invented);
        await app.MoveClockAsync(TestApp.Start);

        Assert.Equal(["中止の事由", "今後のご案内"], (await app.Send(new PreviewLetter(id, "visit-cancelled", Draft: true, Examples), desk)).Invented);
        await Assert.ThrowsAsync<NotFound>(async () => await app.Send(new PreviewLetter(id, Name, true, Examples), await app.DeskAsync("kinki")));
        await Assert.ThrowsAsync<Forbidden>(() => app.Send(new PreviewLetter(id, Name, true, Examples), admin));
        await Assert.ThrowsAsync<Forbidden>(async () => await app.Send(new PreviewLetter(id, Name, true, Examples), await app.ExpertAsync(expert)));
        await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new PreviewLetter(id, "nobody", true, Examples), desk));
    }

    private static string Body(string first) => $"{first}\n{{{{number}}}} {{{{ministry}}}} {{{{respondBy}}}}\n--\n{{{{desk}}}}";
}
