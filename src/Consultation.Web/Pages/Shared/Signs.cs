using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Html;

namespace Consultation.Web.Pages.Shared;

/// <summary>How pressing a state, deadline or notice is. Colour is never the only sign: text and shape say the same.</summary>
public readonly record struct Tone(string Word)
{
    public static readonly Tone Plain = new("plain");
    public static readonly Tone Quiet = new("quiet");
    public static readonly Tone Info = new("info");
    public static readonly Tone Ok = new("ok");
    public static readonly Tone Warn = new("warn");
    public static readonly Tone Alert = new("alert");

    public override string ToString() => Word;
}

/// <summary>A symbol of <c>_Shapes.cshtml</c>. One symbol per meaning; decorative, for the text beside it carries the meaning.</summary>
public readonly record struct Shape(string Word) : IHtmlContent
{
    public static readonly Shape Open = new("open");
    public static readonly Shape Asked = new("half");
    public static readonly Shape Accepted = new("full");
    public static readonly Shape Done = new("done");
    public static readonly Shape Declined = new("cross");
    public static readonly Shape Overdue = new("bang");
    public static readonly Shape Near = new("diamond");
    public static readonly Shape Time = new("clock");
    public static readonly Shape Paused = new("pause");
    public static readonly Shape Writing = new("pen");
    public static readonly Shape Day = new("calendar");
    public static readonly Shape Inside = new("lock");
    public static readonly Shape Again = new("turn");
    public static readonly Shape Call = new("phone");
    public static readonly Shape Letter = new("mail");

    public void WriteTo(TextWriter writer, HtmlEncoder encoder) =>
        Markup.Write(writer, encoder, $"<svg class=\"icon\" aria-hidden=\"true\"><use href=\"#i-{Word}\"/></svg>");

    public override string ToString() => Word;
}

/// <summary>Which ministry a topic, track or word belongs to; shown as square, dot or two-coloured frame.</summary>
public readonly record struct Lead(string Word, string Name)
{
    public static readonly Lead Mic = new("mic", "総務省");
    public static readonly Lead Mhlw = new("mhlw", "厚労省");
    public static readonly Lead Both = new("both", "両省");
    public static readonly Lead Desk = new("desk", "窓口");
    public static readonly Lead Referral = new("desk", "紹介");

    public override string ToString() => Word;
}
