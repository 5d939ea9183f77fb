using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Consultation.Web.Pages.Shared;

/// <summary>
/// <c>&lt;error-summary /&gt;</c>: every error of the form in one box that takes the focus; each line leads to its field and says what to do.
/// Renders nothing when nothing is wrong.
/// </summary>
[HtmlTargetElement("error-summary", TagStructure = TagStructure.WithoutEndTag)]
public sealed class ErrorSummaryTagHelper : TagHelper
{
    [ViewContext, HtmlAttributeNotBound]
    public required ViewContext ViewContext { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        var lines = ViewContext.ModelState
            .SelectMany(entry => entry.Value!.Errors.Select(error => (Name: entry.Key, Text: error.ErrorMessage)))
            .Where(line => line.Text.Length > 0)
            .OrderBy(line => PlaceOf(line.Name), StringComparer.Ordinal)
            .ToList();
        if (lines.Count == 0)
        {
            output.SuppressOutput();
            return;
        }

        output.TagName = "section";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "notice notice--strong");
        output.Attributes.SetAttribute("data-tone", "alert");
        output.Attributes.SetAttribute("id", "errors");
        output.Attributes.SetAttribute("tabindex", "-1");
        output.Attributes.SetAttribute("aria-labelledby", "errors-h");
        output.Attributes.SetAttribute("autofocus", "autofocus");

        var fields = lines.Count(line => line.Name.Length > 0);
        output.Content.AppendHtml("<h2 id=\"errors-h\"><svg class=\"icon\" aria-hidden=\"true\"><use href=\"#i-bang\"/></svg>");
        output.Content.Append(fields > 0 ? $"{fields}か所を直してください" : "実行できませんでした");
        output.Content.AppendHtml("</h2><p>");
        output.Content.Append(fields > 0 ? "入力した内容は残っています。項目名を押すと、その欄に移ります。" : "何も変更していません。入力した内容は残っています。");
        output.Content.AppendHtml("</p><ul class=\"bullets\">");
        foreach (var (name, text) in lines) output.Content.AppendHtml(Line(name, text));
        output.Content.AppendHtml("</ul>");
    }

    private TagBuilder Line(string name, string text)
    {
        var line = new TagBuilder("li");
        if (name.Length == 0)
        {
            line.InnerHtml.Append(text);
            return line;
        }

        var link = new TagBuilder("a");
        link.Attributes["href"] = "#" + FieldState.IdOf(name);
        link.InnerHtml.Append(LabelOf(name) is { } label ? $"{label}: {text}" : text);
        line.InnerHtml.AppendHtml(link);
        return line;
    }

    /// <summary>Fields are declared in the order of the page; the model state keeps none.</summary>
    private string PlaceOf(string name)
    {
        var metadata = ViewContext.ViewData.ModelMetadata;
        var place = "";
        foreach (var part in name.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            var index = metadata.Properties.TakeWhile(property => property.PropertyName != part).Count();
            place += $"{index:000}.";
            if (metadata.Properties[part] is not { } inner)
            {
                break;
            }

            metadata = inner;
        }

        return place;
    }

    private string? LabelOf(string name)
    {
        ModelMetadata? metadata = ViewContext.ViewData.ModelMetadata;
        foreach (var part in name.Split('.'))
        {
            metadata = metadata?.Properties[part];
        }

        return metadata?.DisplayName;
    }
}
