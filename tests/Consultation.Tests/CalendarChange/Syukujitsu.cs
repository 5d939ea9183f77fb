using System.Text;
using Consultation.Calendar;

namespace Consultation.Tests.CalendarChange;

/// <summary>A file like the one of 内閣府, made from what the product knows; years after the official ones as forecast.</summary>
internal static class Syukujitsu
{
    public const string Header = "国民の祝日・休日月日,国民の祝日・休日名称";

    public static byte[] File(int last = 2027, IEnumerable<(DateOnly Day, string Name)>? added = null, Func<DateOnly, bool>? without = null, Encoding? encoding = null)
    {
        var rows = Enumerable.Range(2019, last - 2018).SelectMany(NationalCalendar.Shipped.HolidaysOf).Select(h => (h.On, Name: Named(h)))
            .Where(h => without?.Invoke(h.On) != true)
            .Concat(added ?? []).OrderBy(h => h.Item1).Select(h => $"{h.Item1.Year}/{h.Item1.Month}/{h.Item1.Day},{h.Item2}");
        return Bytes(string.Join("\r\n", rows.Prepend("1955/1/15,成人の日").Prepend("1955/1/1,元日").Prepend(Header)) + "\r\n", encoding);
    }

    public static byte[] Bytes(string text, Encoding? encoding = null)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        return (encoding ?? Encoding.GetEncoding(932)).GetBytes(text);
    }

    // The published file names both substitutes by one word, and the days of the accession by their effect.
    private static string Named(Holiday holiday) => holiday.Kind switch
    {
        DayKind.Substitute or DayKind.Citizens => "休日",
        DayKind.Special => "休日（祝日扱い）",
        _ when holiday.Name == "体育の日" => "体育の日（スポーツの日）",
        _ => holiday.Name,
    };
}
