using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;

namespace Consultation.Web.Pages.Shared;

/// <summary>One thing to choose; <paramref name="Note"/> is a second line.</summary>
public sealed record Choice(string Value, string Text, string? Note = null);

/// <summary>What a field tag helper knows of its field: names, what was typed, and what is wrong with it.</summary>
public sealed record FieldState(string Name, string Id, string Label, IReadOnlyList<string> Typed, string? Error)
{
    public string Value => Typed.Count > 0 ? Typed[0] : "";

    public static FieldState Of(ViewContext view, ModelExpression expression)
    {
        var name = view.ViewData.TemplateInfo.GetFullHtmlFieldName(expression.Name);
        view.ModelState.TryGetValue(name, out var entry);
        return new(name, IdOf(name), expression.Metadata.GetDisplayName(), TypedIn(entry, expression.Model),
            entry?.Errors.Select(error => error.ErrorMessage).FirstOrDefault(text => text.Length > 0));
    }

    public static string IdOf(string name) => TagBuilder.CreateSanitizedId(name, "_");

    private static IReadOnlyList<string> TypedIn(ModelStateEntry? entry, object? model) => entry?.RawValue switch
    {
        string text => [text],
        string[] several => several,
        _ => model switch
        {
            null => [],
            string text => [text],
            IEnumerable<string> several => [.. several],
            var other => [other.ToString() ?? ""],
        },
    };
}

/// <summary>The parts that every kind of field shares.</summary>
internal static class FieldParts
{
    public static IHtmlContent Sign(Need need)
    {
        if (need is Need.Unsaid) return HtmlString.Empty;
        var sign = new TagBuilder("span");
        sign.AddCssClass("need");
        if (need is Need.Must) sign.Attributes["data-need"] = "must";
        if (need is Need.Unknown) sign.Attributes["data-need"] = "open";
        sign.InnerHtml.Append(need switch { Need.Must => "※必須", Need.Optional => "任意", _ => "未確認" });
        return sign;
    }

    public static IHtmlContent Support(FieldState field, string? support)
    {
        if (support is null) return HtmlString.Empty;
        var text = new TagBuilder("p");
        text.AddCssClass("support");
        text.Attributes["id"] = field.Id + "-s";
        text.InnerHtml.Append(support);
        return text;
    }

    public static IHtmlContent Error(FieldState field)
    {
        if (field.Error is null) return HtmlString.Empty;
        var error = new TagBuilder("p");
        error.AddCssClass("error");
        error.Attributes["id"] = field.Id + "-e";
        error.InnerHtml.AppendHtml("<svg class=\"icon\" aria-hidden=\"true\"><use href=\"#i-bang\"/></svg>");
        var text = new TagBuilder("span");
        text.InnerHtml.Append(field.Error);
        error.InnerHtml.AppendHtml(text);
        return error;
    }

    public static void Describe(TagBuilder element, FieldState field, string? support)
    {
        var by = new[] { support is null ? null : field.Id + "-s", field.Error is null ? null : field.Id + "-e" }.OfType<string>().ToArray();
        if (by.Length > 0) element.Attributes["aria-describedby"] = string.Join(' ', by);
        if (field.Error is not null && element.TagName != "fieldset") element.Attributes["aria-invalid"] = "true";
    }

    public static TagBuilder Option(Choice choice, bool selected)
    {
        var option = new TagBuilder("option");
        option.Attributes["value"] = choice.Value;
        if (selected) option.Attributes["selected"] = "selected";
        option.InnerHtml.Append(choice.Text);
        return option;
    }
}
