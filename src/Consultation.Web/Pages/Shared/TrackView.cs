using Microsoft.AspNetCore.Html;

namespace Consultation.Web.Pages.Shared;

/// <summary>A consultation topic; <paramref name="Ref"/> is the number that ties it to the words it was read from.</summary>
public sealed record TopicView(string Name, Lead Lead, int? Ref = null)
{
    /// <summary>The topics of a case as a list; nothing where there are none.</summary>
    public static IHtmlContent List(IReadOnlyList<TopicView> topics) => topics.Count == 0 ? HtmlString.Empty : new Markup.Piece((writer, encoder) =>
    {
        Markup.Write(writer, encoder, $"<ul class=\"topics\" role=\"list\">");
        foreach (var topic in topics)
        {
            Markup.Write(writer, encoder, $"<li data-lead=\"{topic.Lead}\">{topic.Name}<span class=\"vh\"> ({topic.Lead.Name})</span>");
            if (topic.Ref is { } number)
            {
                Markup.Write(writer, encoder, $" <span class=\"ref\">{number}</span>");
            }

            writer.Write("</li>");
        }

        writer.Write("</ul>");
    });
}

/// <summary>One ministry's side of a case: who, and how far. <paramref name="Notes"/> are its own clock and report where two sides stand beside each other.</summary>
public sealed record TrackView(Lead Lead, StateView State, string? Expert = null, string? Title = null, IReadOnlyList<string>? Notes = null)
{
    /// <summary>The sides of a case as a list; nothing where there are none.</summary>
    public static IHtmlContent List(IReadOnlyList<TrackView> tracks) => tracks.Count == 0 ? HtmlString.Empty : new Markup.Piece((writer, encoder) =>
    {
        writer.Write(tracks.Any(track => track.Notes is not null) ? "<ul class=\"tracks tracks--sides\" role=\"list\">" : "<ul class=\"tracks\" role=\"list\">");
        foreach (var track in tracks)
        {
            writer.Write(track.Notes is null ? "<li>" : "<li class=\"side\">");
            Markup.Write(writer, encoder, $"<span class=\"lead\" data-lead=\"{track.Lead}\">{track.Lead.Name}</span> {track.State} {track.Expert}{(track.Title is null ? "" : $"({track.Title})")}");
            foreach (var note in track.Notes ?? [])
            {
                Markup.Write(writer, encoder, $"<span class=\"small soft\">{note}</span>");
            }

            writer.Write("</li>");
        }

        writer.Write("</ul>");
    });
}
