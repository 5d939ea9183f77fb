using System.Diagnostics;
using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Topics;
using Microsoft.Extensions.DependencyInjection;

namespace Consultation.Tests.Topics;

public sealed class RuleDraftTests(TestApp app) : IClassFixture<TestApp>
{
    private const string Text = "ゾルトラークについて。";

    private static Task<RulesView> RulesAsync(TestApp app, Actor actor) => app.Send(new GetRules(), actor);

    [Fact]
    public async Task A_draft_changes_nothing_until_it_is_saved_and_then_every_process_uses_it()
    {
        await using var other = TestApp.Services(app.ConnectionString);
        var elsewhere = other.GetRequiredService<Dispatcher>();
        var administrator = await app.OfAsync(Role.Administrator);
        var clerk = await app.DeskAsync("tohoku");
        Assert.Equal(Outcome.Unsure, (await app.Send(new PreviewInquiry(Text), clerk)).Suggestion!.Outcome);
        var version = (await elsewhere.Send(new PreviewInquiry(Text), clerk)).Suggestion!.RuleVersion;
        var logged = await app.Send(new LogInquiry(Channel.Phone, Text), clerk);

        await app.Send(new EditRules(new AddPhrase("net", " ゾルトラーク ")), administrator);
        var tried = await app.Send(new TryRules(Text), administrator);
        Assert.Equal((Outcome.Unsure, Outcome.Route), (tried.InUse.Outcome, tried.Draft!.Outcome));
        Assert.Equal("ゾルトラーク", tried.Draft.Topics.Single().Evidence.Single().Word);
        var compared = await app.Send(new CompareRules(), administrator);
        Assert.Equal(new RuleShift("聞き足してから判断", "総務省", 1), Assert.Single(compared.Shifts));
        var found = Assert.Single(compared.Cases);
        Assert.Equal((logged.Number, null, true), (found.Number, found.Id, found.GoesAnotherWay));
        Assert.Equal(("聞き足してから判断", "総務省"), (found.From.Way, found.To.Way));
        Assert.Equal((0, "ICT-NET"), (found.From.Topics.Count, Assert.Single(found.To.Topics)));
        Assert.Equal(("ゾルトラーク", 0, 0), (Assert.Single(found.Gained), found.Lost.Count, found.Kept.Count));
        Assert.Equal(Outcome.Unsure, (await app.Send(new PreviewInquiry(Text), clerk)).Suggestion!.Outcome);
        Assert.Equal("「ゾルトラーク」を追加（重み1）", Assert.Single((await RulesAsync(app, administrator)).Changes).Words);

        var saved = await app.Send(new PublishRules("新しい設備の名前"), administrator);
        Assert.Equal(version + 1, saved);
        Assert.Equal(saved, (await app.Send(new PreviewInquiry(Text), clerk)).Suggestion!.RuleVersion);
        var waited = Stopwatch.StartNew();
        while ((await elsewhere.Send(new PreviewInquiry(Text), clerk)).Suggestion!.RuleVersion != saved)
        {
            Assert.True(waited.Elapsed < TimeSpan.FromSeconds(10), "The other process still uses the old version.");
            await Task.Delay(200);
        }

        var after = await RulesAsync(app, administrator);
        Assert.False(after.HasDraft);
        Assert.Equal(("新しい設備の名前", administrator.Name), (after.Versions[0].Note, after.Versions[0].By));
        Assert.Contains("「ゾルトラーク」を追加", (string)(await app.SqlAsync("select details from audit_entry where action = 'rules.published' order by id desc limit 1"))!);
    }

    [Fact]
    public async Task Of_two_who_change_at_once_the_second_keeps_the_draft_and_brings_it_up_to_date()
    {
        var (first, second) = (await app.OfAsync(Role.Administrator), await app.OfAsync(Role.Administrator));
        var rule = (await RulesAsync(app, first)).InUse.Rules.Single(r => r.Code == "net");
        var (gone, kept) = (rule.Phrases[0], rule.Phrases[1]);
        await app.Send(new EditRules(new AddPhrase("net", "量子回線")), first);
        await app.Send(new EditRules(new RemovePhrases([new("net", gone)])), second);
        await app.Send(new EditRules(new WeighRule("net.mid", 0.8m)), second);
        await app.Send(new PublishRules("一人目"), first);

        Assert.Equal("rules.overtaken", (await Assert.ThrowsAsync<Conflict>(() => app.Send(new PublishRules("二人目"), second))).Code);
        var stale = await RulesAsync(app, second);
        Assert.True(stale.IsStale);
        Assert.Equal(2, stale.Changes.Count);
        Assert.True(await app.Send(new RenewDraft(), second));
        await app.Send(new PublishRules("二人目"), second);

        var net = (await RulesAsync(app, second)).InUse.Rules.Single(r => r.Code == "net");
        Assert.Contains("量子回線", net.Phrases);
        Assert.Contains(kept, net.Phrases);
        Assert.DoesNotContain(gone, net.Phrases);
        Assert.Equal(0.8m, (await RulesAsync(app, second)).InUse.Rules.Single(r => r.Code == "net.mid").Weight);
    }

    [Fact]
    public async Task Every_kind_of_edit_that_cannot_work_is_refused_at_its_field_and_the_draft_stays()
    {
        var administrator = await app.OfAsync(Role.Administrator);
        var rules = (await RulesAsync(app, administrator)).InUse;
        var answer = rules.Answers[0];
        Assert.Equal("phrase phrase.matches_everything", await RefusedAsync(new AddPhrase("net", "の")));
        Assert.Equal("phrase phrase.unreadable", await RefusedAsync(new AddPhrase("net", "回線…&遅い")));
        Assert.Equal("phrase field.required", await RefusedAsync(new AddPhrase("net", "　")));
        Assert.Equal("weight rule.weight", await RefusedAsync(new WeighRule("net", 11)));
        Assert.Equal("weight rule.weight_unreadable", await RefusedAsync(new WeighRule("net", null)));
        Assert.Equal("phrases rule.none_chosen", await RefusedAsync(new RemovePhrases([])));
        Assert.Equal("phrases rule.phrases", await RefusedAsync(new RemovePhrases([.. rules.Rules.Single(r => r.Code == "net").Phrases.Select(p => new PhraseIn("net", p))])));
        Assert.Equal("text answer.text", await RefusedAsync(new RewordAnswer(answer.Code, answer.Title, new string('長', 401))));
        Assert.Equal("title answer.title", await RefusedAsync(new RewordAnswer(answer.Code, new string('長', 41), answer.Text)));
        Assert.Equal("json rules.unreadable", await RefusedAsync(new ReplaceRules("{")));
        Assert.Equal("json rules.empty", await RefusedAsync(new ReplaceRules((rules with { Rules = [] }).ToJson())));
        Assert.Equal("rules.no_draft", (await Assert.ThrowsAsync<RuleViolation>(() => app.Send(new PublishRules("なし"), administrator))).Code);

        const string moved = "量子中継器";
        await app.Send(new EditRules(new AddPhrase("net", moved)), administrator);
        await app.Send(new EditRules(new MovePhrases([new("net", moved)], "net.weak")), administrator);
        Assert.Contains(moved, (await RulesAsync(app, administrator)).Rules.Rules.Single(r => r.Code == "net.weak").Phrases);
        await app.Send(new EditRules(new MovePhrases([new("net.weak", moved)], "net")), administrator);
        await app.Send(new EditRules(new RemovePhrases([new("net", moved)])), administrator);
        Assert.Equal("rules.nothing_changed", (await Assert.ThrowsAsync<RuleViolation>(() => app.Send(new PublishRules("なし"), administrator))).Code);
        Assert.True(await app.Send(new DiscardRules(), administrator));
        Assert.False((await RulesAsync(app, administrator)).HasDraft);
        await Assert.ThrowsAsync<Forbidden>(async () => await app.Send(new GetRules(), await app.SupervisorAsync()));

        async Task<string> RefusedAsync(RuleEdit edit)
        {
            var error = (await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new EditRules(edit), administrator))).Errors[0];
            return $"{error.Field} {error.Code}";
        }
    }

    [Fact]
    public async Task Edits_of_one_person_in_several_windows_all_stay()
    {
        var administrator = await app.OfAsync(Role.Administrator);
        await Task.WhenAll(Enumerable.Range(1, 6).Select(n => app.Send(new EditRules(new AddPhrase("net", $"ゼーリエ{n}号")), administrator)));
        Assert.Equal(6, (await RulesAsync(app, administrator)).Changes.Count);
        await app.Send(new DiscardRules(), administrator);
    }
}
