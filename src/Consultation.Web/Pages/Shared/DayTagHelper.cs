using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Consultation.Web.Pages.Shared;

/// <summary><c>&lt;day for="Input.Due" /&gt;</c> over a <see cref="DayInput"/>: three text inputs 年 月 日 in one group.</summary>
[HtmlTargetElement("day")]
public sealed class DayTagHelper : TagHelper
{
    public required ModelExpression For { get; set; }
    public string? Label { get; set; }
    public Need Need { get; set; }
    public string? Support { get; set; }

    [ViewContext, HtmlAttributeNotBound]
    public required ViewContext ViewContext { get; set; }

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        var field = FieldState.Of(ViewContext, For);
        var below = await output.GetChildContentAsync();
        output.TagName = "fieldset";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "field");
        var legend = new TagBuilder("legend");
        legend.InnerHtml.Append(Label ?? field.Label);
        legend.InnerHtml.AppendHtml(FieldParts.Sign(Need));
        output.Content.AppendHtml(legend);
        output.Content.AppendHtml(FieldParts.Support(field, Support));

        var day = For.Model as DayInput;
        var row = new TagBuilder("div");
        row.AddCssClass("date");
        row.InnerHtml.AppendHtml(Part(field, "Year", day?.Year, "年", field.Id));
        row.InnerHtml.AppendHtml(Part(field, "Month", day?.Month, "月", null));
        row.InnerHtml.AppendHtml(Part(field, "Day", day?.Day, "日", null));
        output.Content.AppendHtml(row);
        output.Content.AppendHtml(FieldParts.Error(field));
        output.Content.AppendHtml(below);
    }

    private TagBuilder Part(FieldState field, string part, string? value, string unit, string? id)
    {
        var name = $"{field.Name}.{part}";
        ViewContext.ModelState.TryGetValue(name, out ModelStateEntry? entry);
        var input = new TagBuilder("input") { TagRenderMode = TagRenderMode.SelfClosing };
        input.AddCssClass("input");
        input.Attributes["id"] = id ?? FieldState.IdOf(name);
        input.Attributes["name"] = name;
        input.Attributes["inputmode"] = "numeric";
        input.Attributes["value"] = entry?.AttemptedValue ?? value ?? "";
        if (part == "Year") input.Attributes["data-width"] = "year";
        FieldParts.Describe(input, field, Support);
        var label = new TagBuilder("label");
        label.InnerHtml.AppendHtml(input).Append(unit);
        return label;
    }
}
