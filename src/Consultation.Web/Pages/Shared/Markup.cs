using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Html;

namespace Consultation.Web.Pages.Shared;

/// <summary>
/// HTML of the small signs that stand hundreds of times on one page (states, deadlines, topics, tracks). They write themselves, because a partial
/// view for each of them made two thirds of the queue's cost. Everything else stays Razor.
/// </summary>
internal static class Markup
{
    /// <summary>Writes what stands in the string as it is, and what is filled in encoded, unless it is HTML itself.</summary>
    public static void Write(TextWriter writer, HtmlEncoder encoder, [InterpolatedStringHandlerArgument(nameof(writer), nameof(encoder))] Handler html) => _ = html;

    /// <summary>HTML of several pieces.</summary>
    public sealed class Piece(Action<TextWriter, HtmlEncoder> write) : IHtmlContent
    {
        public void WriteTo(TextWriter writer, HtmlEncoder encoder) => write(writer, encoder);
    }

    [InterpolatedStringHandler]
#pragma warning disable CS9113, IDE0060 // The compiler passes the two lengths to every handler.
    public readonly struct Handler(int literals, int gaps, TextWriter writer, HtmlEncoder encoder)
#pragma warning restore CS9113, IDE0060
    {
        public void AppendLiteral(string html) => writer.Write(html);

        public void AppendFormatted(string? text)
        {
            if (!string.IsNullOrEmpty(text))
            {
                encoder.Encode(writer, text);
            }
        }

        public void AppendFormatted(int number) => writer.Write(number.ToString(CultureInfo.InvariantCulture));

        public void AppendFormatted(DateTimeOffset at) => encoder.Encode(writer, at.ToString("yyyy-MM-ddTHH:mmzzz", CultureInfo.InvariantCulture));

        public void AppendFormatted(Tone tone) => AppendFormatted(tone.Word);

        public void AppendFormatted(Lead lead) => AppendFormatted(lead.Word);

        public void AppendFormatted(IHtmlContent? html) => html?.WriteTo(writer, encoder);
    }
}
