using System.Globalization;
using System.Text.Encodings.Web;
using Consultation.CaseLoad;
using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Web.Pages.Cases;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Html;

namespace Consultation.Web.Pages.Supervision;

/// <summary>A number that leads to exactly what it counts; without a link where there is nothing or the reader may not see cases. Stands in a page as itself.</summary>
public sealed record CountView(int Count, string? Link, string? Of = null) : IHtmlContent
{
    public void WriteTo(TextWriter writer, HtmlEncoder encoder)
    {
        if (Link is null || Count == 0)
        {
            Markup.Write(writer, encoder, $"{Count}");
        }
        else if (Of is null)
        {
            Markup.Write(writer, encoder, $"<a href=\"{Link}\">{Count}</a>");
        }
        else
        {
            Markup.Write(writer, encoder, $"<a href=\"{Link}\"><span class=\"vh\">{Of} </span>{Count}</a>");
        }
    }
}

/// <summary>One of the figures at the top.</summary>
public sealed record FigureView(string Label, CountView Count, string Note, Tone Tone, Shape? Shape = null);

/// <summary>A bar in a table cell; parts in hundredths of the cell's width. Stands in a page as itself.</summary>
public sealed record BarView(double Room, double Load, double Over, bool Labour = false) : IHtmlContent
{
    public void WriteTo(TextWriter writer, HtmlEncoder encoder)
    {
        Markup.Write(writer, encoder, $"<svg class=\"bar\" aria-hidden=\"true\">");
        if (Room > 0)
        {
            Markup.Write(writer, encoder, $"<rect class=\"room\" x=\"0.5%\" y=\"2\" width=\"{Part(Room)}\" height=\"16\"/>");
        }

        Markup.Write(writer, encoder, $"<rect class=\"{(Labour ? "load load--mhlw" : "load")}\" x=\"0.5%\" y=\"2\" width=\"{Part(Load)}\" height=\"16\"/>");
        if (Over > 0)
        {
            Markup.Write(writer, encoder, $"<rect class=\"over\" x=\"{Part(0.5 + Load)}\" y=\"2\" width=\"{Part(Over)}\" height=\"16\"/>");
        }

        Markup.Write(writer, encoder, $"</svg>");
    }

    private static string Part(double part) => string.Create(CultureInfo.InvariantCulture, $"{part:0.#}%");
}

public sealed record ExpertLoadView(
    string Name, string Path, Lead Lead, BarView Bar, CountView Cases, int Load, int Capacity, StateView? State, string Left, CountView Asked, int Visits, CountView Overdue, string? Stopped);

public sealed record LoadLineView(string Name, BarView Bar, CountView Count);

public sealed record OverdueView(string Link, string Number, string Organisation, string? Place, DeadlineView Deadline, string Turn, ActionView? Next);

public sealed record TileView(string Name, int Column, int Row, bool Urban, int Count, string? Link)
{
    /// <summary>White for none, then four shades.</summary>
    public string Shade => Count switch { 0 => "l0", <= 2 => "l1", <= 4 => "l2", <= 8 => "l3", _ => "l4" };
}

/// <summary>Numbers as this reader may follow them.</summary>
public sealed class LoadLinks(Actor actor)
{
    private readonly bool follows = actor.Can(Permission.ViewCases);

    public CountView To(int count, CaseNarrowing narrowing, string? district = null, CaseStatus? status = null, string? of = null) =>
        new(count, follows && count > 0 ? CaseLists.PathTo(narrowing, district, status) : null, of);

    /// <summary>A figure of a row: the row's own narrowing with one more member.</summary>
    public CountView Of(CaseLoadBy by, CaseLoadRow row, int count, Func<CaseNarrowing, CaseNarrowing> also, string what)
    {
        var (narrowing, district) = CaseLoadLists.Of(by, row.Key);
        return To(count, also(narrowing), district, of: $"{row.Name} {what}");
    }
}

/// <summary>Rows of the case load as bars and tiles.</summary>
public static class LoadWords
{
    private const double Full = 99;

    public static string Share(double part) => $"{Math.Round(100 * part)}%";

    public static IReadOnlyList<ExpertLoadView> Experts(IReadOnlyList<CaseLoadRow> rows, LoadLinks links)
    {
        var most = Math.Max(1, rows.Max(r => (int?)Math.Max(r.Expert!.Load, r.Expert.Capacity)) ?? 1);
        return [.. rows.Select(row => One(row, most, links))];
    }

    private static ExpertLoadView One(CaseLoadRow row, int most, LoadLinks links)
    {
        var own = row.Expert!;
        var over = Math.Max(0, own.Load - own.Capacity);
        var left = own.Capacity - own.Load;
        return new(
            row.Name, $"/supervision/experts/{row.Key}/offers", own.Affiliation switch { Affiliation.Mic => Lead.Mic, Affiliation.Mhlw => Lead.Mhlw, _ => Lead.Both },
            new(Full * own.Capacity / most, Full * Math.Min(own.Load, own.Capacity) / most, Full * over / most, own.Affiliation == Affiliation.Mhlw),
            links.Of(CaseLoadBy.Expert, row, row.Open, n => n, "担当"), own.Load, own.Capacity,
            over > 0 ? new($"{over}件 超過", Tone.Alert, Shape.Overdue) : left == 0 ? new("空きなし", Tone.Warn, Shape.Near) : null, $"あと{left}件",
            links.Of(CaseLoadBy.Expert, row, own.Asked, n => n with { Asked = true }, "打診中"), row.Visits,
            links.Of(CaseLoadBy.Expert, row, row.Overdue, n => n with { Overdue = true }, "期限超過"), own.Stopped);
    }

    public static IReadOnlyList<LoadLineView> Statuses(CaseLoadRow total, LoadLinks links, string? district)
    {
        var most = Math.Max(1, total.ByStatus.Values.Max());
        return [.. total.ByStatus.OrderBy(s => s.Key).Select(s => new LoadLineView(
            CaseWords.Of(s.Key), new(0, Full * s.Value / most, 0), links.To(s.Value, new(Open: true), district, s.Key, CaseWords.Of(s.Key))))];
    }

    public static IReadOnlyList<LoadLineView> Ages(WaitingAgesView ages, LoadLinks links)
    {
        var most = Math.Max(1, ages.Lines.Max(l => l.Count));
        return [.. ages.Lines.Select(l => new LoadLineView(
            CaseLists.Words(l.Age), l.Age >= WaitingAge.UpToTen ? new(0, 0, Full * l.Count / most) : new(0, Full * l.Count / most, 0), links.To(l.Count, new(Age: l.Age), of: CaseLists.Words(l.Age))))];
    }
}
