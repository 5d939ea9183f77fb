using System.Text.Encodings.Web;
using Consultation.Reference;
using Microsoft.AspNetCore.Html;

namespace Consultation.Web.Pages.Shared;

/// <summary>
/// A deadline as people read it. <paramref name="Left"/> says the time left in words (hours only for first response and call-backs,
/// days for all others), <paramref name="Why"/> is the derivation that a tap shows.
/// </summary>
public sealed record DeadlineView(string Kind, DateTimeOffset Due, string Left, string Until, Tone Tone, Shape Shape, string? Why) : IHtmlContent
{
    /// <summary>Who has been told that it passed.</summary>
    public string? Told { get; init; }

    private static readonly TimeSpan Near = TimeSpan.FromHours(4);

    /// <param name="byHours">True for first response and call-backs, which count business hours; all others count days.</param>
    /// <param name="workLeft">Business time until <paramref name="due"/>, negative when it has passed.</param>
    /// <param name="daysLeft">Business days until <paramref name="due"/>; 0 is today, negative when it has passed.</param>
    public static DeadlineView Of(string kind, DateTimeOffset due, bool byHours, TimeSpan workLeft, int daysLeft, DateTimeOffset now, string? why)
    {
        var today = JapanTime.DateOf(due) == JapanTime.DateOf(now);
        var (tone, shape) = now > due ? (Tone.Alert, Shape.Overdue)
            : workLeft <= Near && today ? (Tone.Warn, Shape.Near)
            : byHours && workLeft <= Near ? (Tone.Warn, Shape.Near)
            : today ? (Tone.Info, Shape.Time)
            : (Tone.Plain, Shape.Time);
        var left = (now > due, byHours) switch
        {
            (true, _) when daysLeft < 0 => $"{-daysLeft}営業日 超過",
            (true, true) when workLeft <= -TimeSpan.FromMinutes(1) => $"{Words(-workLeft)} 超過",
            (true, _) => "期限を過ぎました",
            (false, true) => $"あと{Words(workLeft, "営業")}",
            (false, false) => today ? "きょうまで" : $"あと{daysLeft}営業日",
        };
        return new(kind, due, left, UntilWords(due, byHours, today), tone, shape, why);
    }

    /// <summary>Stands in a page as itself (<see cref="Markup"/>).</summary>
    public void WriteTo(TextWriter writer, HtmlEncoder encoder)
    {
        var told = Told is null ? null : new Markup.Piece((w, e) => Markup.Write(w, e, $" <span>{Told}</span>"));
        var line = new Markup.Piece((w, e) => Markup.Write(w, e, $"{Shape}<span class=\"deadline__left\">{Left}</span><span>{Kind} <time datetime=\"{Due}\">{Until}</time></span>{told}"));
        if (Why is null)
        {
            Markup.Write(writer, encoder, $"<div class=\"deadline\" data-tone=\"{Tone}\"><p class=\"deadline__line\">{line}</p></div>");
        }
        else
        {
            Markup.Write(writer, encoder, $"<details class=\"deadline\" data-tone=\"{Tone}\"><summary class=\"deadline__line\">{line}</summary>{DerivationView.Of(Why)}</details>");
        }
    }

    /// <summary>The same on a clock that stands still while the client is asked.</summary>
    /// <param name="left">残り3時間: what runs on from the resumption.</param>
    public DeadlineView Stopped(string? left) => this with { Left = left is null ? "停止中" : $"停止中（{left}）", Until = "再開したときから数え直し", Tone = Tone.Quiet, Shape = Shape.Paused };

    private static string UntilWords(DateTimeOffset due, bool byHours, bool today)
    {
        if (today) return $"きょう {JapanTime.ToJapan(due):H:mm}";
        return byHours ? JapaneseDate.ShortTime(due) : JapaneseDate.Short(JapanTime.DateOf(due));
    }

    private static string Words(TimeSpan span, string kind = "")
    {
        var minutes = (int)Math.Ceiling(span.TotalMinutes);
        return (minutes / 60, minutes % 60) switch
        {
            (0, var rest) => $"{rest}分",
            (var hours, 0) => $"{hours}{kind}時間",
            var (hours, rest) => $"{hours}{kind}時間{rest}分",
        };
    }
}

/// <summary>The way to a deadline, step by step, taken apart from its words.</summary>
public sealed record DerivationView(IReadOnlyList<string> Steps, string? Note) : IHtmlContent
{
    public void WriteTo(TextWriter writer, HtmlEncoder encoder)
    {
        writer.Write("<div class=\"why\"><p class=\"soft\">期限の根拠</p><ol class=\"why__steps\" role=\"list\">");
        foreach (var step in Steps)
        {
            Markup.Write(writer, encoder, $"<li>{step}</li>");
        }

        writer.Write("</ol>");
        if (Note is not null)
        {
            Markup.Write(writer, encoder, $"<p class=\"soft\">{Note}</p>");
        }

        writer.Write("</div>");
    }


    /// <summary>Splits at the arrows of <c>DueInstant.Why</c>; the closed days stand in the brackets at its end.</summary>
    public static DerivationView Of(string why)
    {
        var bracket = why.LastIndexOf('（');
        var note = bracket > 0 && why.EndsWith('）') ? why[(bracket + 1)..^1] : null;
        var way = note is null ? why : why[..bracket];
        return new(way.Split('→', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), note);
    }
}
