using Consultation.Web.Mailbox;
using Consultation.Web.Pages.Shared;

namespace Consultation.Web.Pages.Mailbox;

/// <summary>One message the demo sent.</summary>
public sealed record MailLineView(string Link, DateTimeOffset At, string To, string Subject, StateView State);

/// <summary>The messages the demo sent, newest first.</summary>
public sealed record MailboxView(IReadOnlyList<MailLineView> Mails, PagerView Pager)
{
    public static StateView StateOf(InboxLine line) => line.Copy == 1
        ? new("届きました", Tone.Quiet, Shape.Letter)
        : new($"同じメールの{line.Copy}通目", Tone.Warn, Shape.Again);
}

/// <summary>One message as it was received.</summary>
public sealed record MailView(DateTimeOffset At, string From, string To, string Subject, string MessageId, StateView State, string Text, IReadOnlyList<string> Attachments, IReadOnlyList<CalendarNote> Calendars);
