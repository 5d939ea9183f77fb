using System.Net.Mail;
using System.Net.Mime;
using System.Text;
using Consultation.Mail;
using Consultation.Web.Mailbox;

namespace Consultation.Web.Tests.Mailbox;

/// <summary>The mails are written by System.Net.Mail itself, as the dispatcher's are, and read back from their raw bytes.</summary>
public sealed class ReceivedMailTests
{
    private const string Long = "訪問のご案内: 2026年11月25日(水) 14:00～16:00、テレワーク導入についての無料相談・コンサルティング第1回（総務省・厚生労働省 共同）";

    [Fact]
    public void A_japanese_mail_is_read_as_it_was_written()
    {
        using var mail = Mail(Long, "株式会社サンプル 御中\n\n明日 14:00 に伺います。\n.\n=20 はそのまま。\n");

        var read = Read(mail);

        Assert.Equal(Long, read.Subject);
        Assert.Equal("株式会社サンプル 御中\n\n明日 14:00 に伺います。\n.\n=20 はそのまま。", read.Body);
        Assert.Contains("東北窓口", read.From);
        Assert.Contains("tohoku@example.jp", read.From);
        Assert.Contains("担当者 髙﨑", read.To);
        Assert.Equal("<1@example.jp>", read.MessageId);
        Assert.Empty(read.Attachments);
    }

    [Theory]
    [InlineData(TransferEncoding.Base64)]
    [InlineData(TransferEncoding.QuotedPrintable)]
    [InlineData(TransferEncoding.EightBit)]
    public void Every_transfer_encoding_gives_the_same_text(TransferEncoding encoding)
    {
        using var mail = Mail("件名", "本文。葛󠄀城市、半角ｶﾅ、50%=半分。\n" + new string('長', 300));
        mail.BodyTransferEncoding = encoding;

        Assert.Equal("本文。葛󠄀城市、半角ｶﾅ、50%=半分。\n" + new string('長', 300), Read(mail).Body);
    }

    [Fact]
    public void Of_several_forms_the_plain_text_is_shown_and_files_are_named()
    {
        using var mail = Mail("件名", "文字の本文");
        mail.AlternateViews.Add(AlternateView.CreateAlternateViewFromString("<p>HTMLの本文</p>", Encoding.UTF8, MediaTypeNames.Text.Html));
        mail.Attachments.Add(new Attachment(new MemoryStream("BEGIN:VCALENDAR"u8.ToArray()), "訪問予定.ics", "text/calendar"));

        var read = Read(mail);

        Assert.Equal("文字の本文", read.Body);
        Assert.Equal(["訪問予定.ics"], read.Attachments);
    }

    [Fact]
    public void What_a_calendar_is_asked_to_do_is_told_once_though_it_came_twice()
    {
        var tokyo = TimeSpan.FromHours(9);
        var calendar = CalendarObject.Of(CalendarMethod.Cancel, [new(
            "uid-7", 3, new(2026, 11, 24, 9, 0, 0, tokyo), new(2026, 11, 26, 10, 0, 0, tokyo), new(2026, 11, 26, 11, 30, 0, tokyo), "テレワーク相談 第1回（Web会議）, 長い題; " + new string('題', 40),
            "https://meet.example/a", new("https://meet.example/a"), null, "CANCELLED", new("窓口: 東北", "desk@example.jp"), [new("髙﨑; 葛", "expert@example.jp")])]);
        using var mail = Mail("件名", "文字の本文");
        mail.AlternateViews.Add(AlternateView.CreateAlternateViewFromString(calendar, new ContentType("text/calendar; charset=utf-8; method=CANCEL")));
        mail.Attachments.Add(new Attachment(new MemoryStream(Encoding.UTF8.GetBytes(calendar)), "invite.ics", "application/ics"));

        var read = Read(mail);

        Assert.Equal("文字の本文", read.Body);
        Assert.Equal(["invite.ics"], read.Attachments);
        var note = Assert.Single(read.Calendars);
        Assert.Equal(("カレンダーから予定を消します", "uid-7", "3"), (note.Act, note.Uid, note.Sequence));
        Assert.Equal("テレワーク相談 第1回（Web会議）, 長い題; " + new string('題', 40), note.Summary);
        Assert.Contains("11月26日(木) 10:00〜11:30", note.Period, StringComparison.Ordinal);
        Assert.Equal(("https://meet.example/a", "https://meet.example/a"), (note.Location, note.Link));
        Assert.Equal("窓口: 東北 <desk@example.jp>", note.Organizer);
        Assert.Equal(["髙﨑; 葛 <expert@example.jp>"], note.Attendees);
    }

    [Fact]
    public void A_mail_of_html_alone_is_shown_without_its_tags()
    {
        using var mail = Mail("件名", "<p>お申込み<br>ありがとうございます &amp; よろしく</p>");
        mail.IsBodyHtml = true;

        Assert.Equal("お申込みありがとうございます & よろしく", Read(mail).Body);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Subject: =?utf-8?B?%%%?=\r\n\r\nbody")]
    [InlineData("Content-Type: multipart/mixed; boundary=x\r\n\r\nno boundary here")]
    [InlineData("Content-Transfer-Encoding: base64\r\n\r\n***")]
    public void A_broken_mail_is_shown_as_it_came(string raw)
    {
        var read = ReceivedMail.Parse(Encoding.UTF8.GetBytes(raw));

        Assert.NotNull(read.Body);
        Assert.Equal(raw.Contains("%%%", StringComparison.Ordinal) ? "=?utf-8?B?%%%?=" : "", read.Subject);
    }

    private static MailMessage Mail(string subject, string body)
    {
        var mail = new MailMessage(new MailAddress("tohoku@example.jp", "東北窓口（テレワーク相談）"), new MailAddress("taro@example.jp", "担当者 髙﨑"))
        {
            Subject = subject,
            SubjectEncoding = Encoding.UTF8,
            Body = body,
            BodyEncoding = Encoding.UTF8,
        };
        mail.Headers.Add("Message-ID", "<1@example.jp>");
        return mail;
    }

    private static ReceivedMail Read(MailMessage mail)
    {
        var folder = Directory.CreateTempSubdirectory("consultation-mail-");
        try
        {
            using var client = new SmtpClient { DeliveryMethod = SmtpDeliveryMethod.SpecifiedPickupDirectory, PickupDirectoryLocation = folder.FullName };
            client.Send(mail);
            return ReceivedMail.Parse(File.ReadAllBytes(folder.GetFiles().Single().FullName));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
