using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Html;
using QRCoder;

namespace Consultation.Web.Pages.Shared;

/// <summary>An address as a QR code, drawn as SVG on the server; a quiet zone of four modules belongs to it.</summary>
/// <param name="Address">What a phone opens.</param>
/// <param name="Label">What it is, for who cannot see it.</param>
public sealed record QrView(string Address, string Label) : IHtmlContent
{
    public void WriteTo(TextWriter writer, HtmlEncoder encoder)
    {
        using var code = QRCodeGenerator.GenerateQrCode(Address, QRCodeGenerator.ECCLevel.M);
        var size = code.ModuleMatrix.Count;
        var dark = new StringBuilder();
        for (var y = 0; y < size; y++)
        {
            Line(code.ModuleMatrix[y], y, dark);
        }

        var box = size.ToString(CultureInfo.InvariantCulture);
        Markup.Write(writer, encoder, $"<svg class=\"qr\" viewBox=\"0 0 {box} {box}\" role=\"img\" aria-label=\"{Label}\" shape-rendering=\"crispEdges\"><rect class=\"qr__ground\" width=\"{box}\" height=\"{box}\"/><path d=\"{dark.ToString()}\"/></svg>");
    }

    /// <summary>Each run of dark modules is one rectangle.</summary>
    private static void Line(BitArray row, int y, StringBuilder dark)
    {
        for (var x = 0; x < row.Count; x++)
        {
            var from = x;
            while (x < row.Count && row[x])
            {
                x++;
            }

            if (x > from)
            {
                dark.Append(CultureInfo.InvariantCulture, $"M{from} {y}h{x - from}v1h-{x - from}z");
            }
        }
    }
}
