using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using Consultation.Web.Host;
using Consultation.Web.Tests.Api;

namespace Consultation.Web.Tests.CommandLine;

/// <summary>The verbs as people and scripts meet them: a process, its exit code, its two streams. A server runs on the same data meanwhile.</summary>
public sealed class CommandLineTests(ApiApp app) : IClassFixture<ApiApp>
{
    private const string Typed = "ひみつの目印";

    [Fact]
    public async Task A_token_is_printed_alone_and_opens_the_API()
    {
        var issued = await RunAsync("token", "create", "--role", "desk", "--desk", "kanto", "--name", Typed);

        Assert.Equal((0, ""), (issued.Code, issued.Error));
        Assert.Matches(@"\Acst_[A-Za-z0-9_-]{43}\n\z", issued.Output);
        (await app.CallAsync(HttpMethod.Get, "/api/v1/queue", null, null, ("Authorization", $"Bearer {issued.Output.Trim()}"))).Is(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(2, "token", "create", "--role", "wizard")]
    [InlineData(2, "token", "create", "--role", "desk")]
    [InlineData(2, "token", "create", "--role", "expert", "--expert", "1")]
    [InlineData(1, "token", "create", "--role", "desk", "--desk", "atlantis")]
    [InlineData(2, "check", "--jsno")]
    [InlineData(2, "clock", "step")]
    [InlineData(1, "clock", "step", "soon")]
    [InlineData(1, "import", "nowhere-ひみつの目印.csv")]
    [InlineData(1, "evaluate", "nowhere-ひみつの目印.csv")]
    [InlineData(2, "evaluate")]
    [InlineData(2, "hand-over")]
    [InlineData(2, "hand-over", "export")]
    [InlineData(1, "hand-over", "load", "nowhere-ひみつの目印.json")]
    [InlineData(2, "load")]
    [InlineData(2, "load", "--cases", "many")]
    [InlineData(2, "load", "--cases", "10", "--casse", "1")]
    [InlineData(2, "conjure")]
    public async Task What_is_refused_says_so_in_Japanese_on_the_error_stream_alone(int code, params string[] words)
    {
        var refused = await RunAsync(words);

        Assert.Equal((code, ""), (refused.Code, refused.Output));
        Assert.Matches("[ぁ-ん]", refused.Error);
        Assert.DoesNotContain(Typed, refused.Error);
        Assert.DoesNotContain("   at ", refused.Error);
    }

    [Fact]
    public async Task J62_the_hand_over_file_is_its_owners_alone_and_goes_neither_over_another_nor_into_a_house_with_cases()
    {
        // Whichever test comes first finds a house without any case.
        await app.LogAsync("就業規則");
        var file = Path.Combine(Path.GetTempPath(), $"hand-over-{Guid.NewGuid():N}.json");
        try
        {
            var exported = await RunAsync("hand-over", "export", file);
            Assert.Equal((0, ""), (exported.Code, exported.Error));
            Assert.Contains("案件", exported.Output);
            Assert.Contains("個人情報", exported.Output);
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, new FileInfo(file).UnixFileMode);
            Assert.StartsWith("{\"head\":{\"format\":\"consultation-hand-over\",\"version\":1", await File.ReadAllTextAsync(file));

            var again = await RunAsync("hand-over", "export", file);
            Assert.Equal((1, ""), (again.Code, again.Output));
            Assert.Contains("同じ名前のファイル", again.Error);
            var loaded = await RunAsync("hand-over", "load", file);
            Assert.Equal((1, ""), (loaded.Code, loaded.Output));
            Assert.Contains("空の環境", loaded.Error);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task A_file_is_first_tried_then_taken_once_and_bad_rows_are_named()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, $"channel,text,prefecture,contact_name\nemail,VPNのセキュリティ {Typed},東京都,{Typed}\nphone,就業規則を整えたい,大阪府,\nfax,{Typed},東京都,\n");

            var tried = await RunAsync("import", file, "--dry-run", "--json");
            var countAfterTrial = await app.SqlAsync("select count(*) from cases where import_key is not null");
            var taken = await RunAsync("import", file, "--json");
            var again = await RunAsync("import", file, "--json");
            var told = await RunAsync("import", file);

            Assert.All([tried, taken, again, told], run => Assert.Equal((1, ""), (run.Code, run.Error)));
            Assert.Equal(["read", "imported", "skipped", "rejected", "cases", "matched"], tried.Json.EnumerateObject().Select(m => m.Name));
            Assert.Equal(0L, countAfterTrial);
            Assert.Equal((3, 2, 0), Counts(taken.Json));
            Assert.Equal((3, 0, 2), Counts(again.Json));
            var rejected = Assert.Single(taken.Json.GetProperty("rejected").EnumerateArray());
            Assert.Equal((4, "field.unknown_code"), (rejected.GetProperty("line").GetInt32(), rejected.GetProperty("code").GetString()));
            Assert.Matches("[ぁ-ん]", rejected.GetProperty("message").GetString()!);
            var first = taken.Json.GetProperty("cases")[0];
            Assert.Equal(2, first.GetProperty("line").GetInt32());
            Assert.StartsWith("R08-", first.GetProperty("number").GetString());
            (await app.GetAsync($"/api/v1/cases/{first.GetProperty("id").GetString()}")).Is(HttpStatusCode.OK);
            Assert.Equal("route", first.GetProperty("suggestion").GetProperty("outcome").GetString());
            Assert.Contains("4行目", told.Output);
            Assert.DoesNotContain(Typed, told.Output);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task The_rules_are_measured_on_a_labelled_file_by_figures_and_lines_without_a_word_of_the_texts()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, $"text,expected_track,expected_topics\nVPNが遅い {Typed},ict,ICT-NET\n就業規則の相談 {Typed},ict,ICT-SEC\n");
            var told = await RunAsync("evaluate", file);
            var json = await RunAsync("evaluate", file, "--json");
            await File.AppendAllTextAsync(file, $"{Typed},somewhere,\n");
            var faulty = await RunAsync("evaluate", file);
            await File.WriteAllTextAsync(file, "text\nVPN\n");
            var refused = await RunAsync("evaluate", file);

            Assert.Equal((0, "", 0, ""), (told.Code, told.Error, json.Code, json.Error));
            Assert.Contains("混同表", told.Output);
            Assert.Contains("3行目 正解 ict [ICT-SEC] → 提案 labor [LAB-RULE]", told.Output);
            Assert.Contains("読取り 2行、正解 1行、誤り 1行、判断を保留（unsure） 0行、不備 0行", told.Output);
            Assert.Equal((1, 1), (json.Json.GetProperty("right").GetInt32(), json.Json.GetProperty("wrong").GetInt32()));
            Assert.Equal(0.5, json.Json.GetProperty("ways").EnumerateArray().Single(way => way.GetProperty("code").GetString() == "ict").GetProperty("recall").GetDouble());
            Assert.Equal((1, ""), (faulty.Code, faulty.Error));
            Assert.Contains("4行目 evaluate.unknown_way: ", faulty.Output);
            Assert.Equal((1, ""), (refused.Code, refused.Output));
            Assert.Contains("見出し行に text と expected_track の列が一つずつ必要です。", refused.Error);
            Assert.All([told, json, faulty, refused], run => Assert.DoesNotContain(Typed, run.Output + run.Error));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Check_finds_nothing_in_sound_data_and_a_planted_fault_by_its_name()
    {
        var id = await app.LogAsync("就業規則");

        var sound = await RunAsync("check", "--json");
        await app.SqlAsync($"update cases set status = 'waiting' where id = '{id}'");
        var broken = await RunAsync("check", "--json");
        var told = await RunAsync("check");
        await app.SqlAsync($"update cases set status = 'received' where id = '{id}'");

        Assert.True((sound.Code, sound.Json.GetProperty("broken").GetArrayLength()) == (0, 0), sound.Output);
        Assert.Equal((1, 1), (broken.Code, told.Code));
        Assert.StartsWith("I6", Assert.Single(broken.Json.GetProperty("broken").EnumerateArray()).GetProperty("invariant").GetString());
        Assert.Contains("破れた約束ごと 1件", told.Output);
    }

    [Fact]
    public async Task The_clock_of_a_demo_is_moved_and_tells_where_it_stands_and_no_other_clock_moves()
    {
        var stepped = await RunAsync("clock", "step", "2h");
        await app.SqlAsync("update installation set demo = false");
        var refused = await RunAsync("clock", "set", "2026-12-01T09:00");
        await app.SqlAsync("update installation set demo = true");

        Assert.Equal((0, ""), (stepped.Code, stepped.Error));
        Assert.Contains("2026年11月24日(火)", stepped.Output);
        Assert.Equal((1, ""), (refused.Code, refused.Output));
        Assert.Contains("デモ用のデータベースだけ", refused.Error);
    }

    [Fact]
    public async Task Help_names_every_verb_on_standard_output()
    {
        var help = await RunAsync("help");

        Assert.Equal((0, ""), (help.Code, help.Error));
        Assert.All(["serve", "migrate", "seed-demo", "load", "import", "evaluate", "check", "clock", "token"], verb => Assert.Contains($"\n  {verb}", help.Output));
    }

    private static (int Read, int Imported, int Skipped) Counts(JsonElement json) =>
        (json.GetProperty("read").GetInt32(), json.GetProperty("imported").GetInt32(), json.GetProperty("skipped").GetInt32());

    private async Task<Run> RunAsync(params string[] words)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true, RedirectStandardError = true, StandardOutputEncoding = Encoding.UTF8, StandardErrorEncoding = Encoding.UTF8,
            ArgumentList = { typeof(ConsultationHost).Assembly.Location },
            Environment = { ["ConnectionStrings__Consultation"] = app.ConnectionString, ["CONSULTATION_LOG_LEVEL"] = null },
        };
        foreach (var word in words)
        {
            start.ArgumentList.Add(word);
        }

        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return new(process.ExitCode, await output, await error);
    }

    private sealed record Run(int Code, string Output, string Error)
    {
        public JsonElement Json => JsonDocument.Parse(Output).RootElement;
    }
}
