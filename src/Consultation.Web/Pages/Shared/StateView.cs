using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Html;

namespace Consultation.Web.Pages.Shared;

/// <summary>A state as text, colour and shape; stands in a page as itself (<see cref="Markup"/>).</summary>
public sealed record StateView(string Text, Tone Tone, Shape Shape) : IHtmlContent
{
    public void WriteTo(TextWriter writer, HtmlEncoder encoder) =>
        Markup.Write(writer, encoder, $"<span class=\"state\" data-tone=\"{Tone}\">{Shape}{Text}</span>");
}
