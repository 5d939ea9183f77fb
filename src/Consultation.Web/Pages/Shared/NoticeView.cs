namespace Consultation.Web.Pages.Shared;

/// <summary>A message in its own frame: what happened, what to do, and where to go on.</summary>
public sealed record NoticeView(Tone Tone, Shape Shape, string Title, string? Text = null, string? LinkText = null, string? LinkTo = null)
{
    public static NoticeView Done(string title, string? text = null) => new(Tone.Ok, Shape.Done, title, text);
    public static NoticeView Nothing(string title, string? text = null, string? linkText = null, string? linkTo = null) =>
        new(Tone.Plain, Shape.Open, title, text, linkText, linkTo);
}
