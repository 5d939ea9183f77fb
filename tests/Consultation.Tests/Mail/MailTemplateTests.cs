using Consultation.Mail;
using Consultation.Messaging;

namespace Consultation.Tests.Mail;

public sealed class MailTemplateTests
{
    private const string Text = "Subject: {{number}} のお知らせ\n\n{{name}} 様\n\n次回は {{ day }} です。\n";

    [Fact]
    public void Gaps_are_filled_in_subject_and_body()
    {
        var (subject, body) = MailTemplate.Parse("t", Text).Render(new Dictionary<string, string> { ["number"] = "R08-000123", ["name"] = "髙橋", ["day"] = "令和8年11月24日" });
        Assert.Equal("R08-000123 のお知らせ", subject);
        Assert.Equal("髙橋 様\n\n次回は 令和8年11月24日 です。\n", body);
    }

    [Fact]
    public void J39_a_missing_value_is_refused_and_named()
    {
        var template = MailTemplate.Parse("t", "Subject: {{number}}\n\n{{to}} 様 {{period}} {{left}}\n");
        var refused = Assert.Throws<RuleViolation>(() => template.Render(new Dictionary<string, string> { ["number"] = "1", ["to"] = " ", ["left"] = "2回" }));
        Assert.Equal("mail.gap_missing", refused.Code);
        Assert.Equal(["宛名", "日時"], Assert.IsType<List<string>>(refused.Extra["missing"]));
        Assert.Contains("宛名、日時", refused.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_client_typed_is_never_read_as_a_gap()
    {
        var (_, body) = MailTemplate.Parse("t", Text).Render(new Dictionary<string, string> { ["number"] = "1", ["name"] = "{{day}}", ["day"] = "明日" });
        Assert.StartsWith("｛｛day｝｝ 様", body);
    }

    [Fact]
    public void A_line_break_in_a_value_of_the_subject_forges_no_header()
    {
        var (subject, _) = MailTemplate.Parse("t", Text).Render(new Dictionary<string, string> { ["number"] = "1\r\nBcc: x@y.example", ["name"] = "a", ["day"] = "b" });
        Assert.Equal("1 Bcc: x@y.example のお知らせ", subject);
    }

    [Theory]
    [InlineData("件名なし\n\n本文")]
    [InlineData("Subject: 件名\n本文")]
    public void A_file_without_subject_or_blank_line_is_refused(string text) => Assert.Throws<MailTemplateInvalid>(() => MailTemplate.Parse("t", text));

    [Fact]
    public void An_unknown_template_is_refused_by_name() => Assert.Contains("'nobody'", Assert.Throws<MailTemplateInvalid>(() => MailTemplate.Find("nobody")).Message);

    [Fact]
    public void Every_shipped_template_has_gaps_of_plain_names_only()
    {
        Assert.NotEmpty(MailTemplate.Names);
        Assert.All(MailTemplate.Names, name => Assert.All(MailTemplate.Find(name).Gaps, gap =>
        {
            Assert.Matches("^[a-zA-Z]+$", gap);
            // Whoever is told that it is missing must understand what.
            Assert.DoesNotContain("mail.gap", MailTemplate.WordFor(gap), StringComparison.Ordinal);
        }));
    }

    [Fact]
    public void The_patience_of_the_outbox_is_72_hours() => Assert.Equal(TimeSpan.FromHours(72), BackOff.InAll);
}
