using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Consultation.Web.Pages.Shared;

/// <summary><c>&lt;choices for="Input.Mode" options="…" /&gt;</c>: radio buttons, or check boxes for several, in a group with its legend.</summary>
[HtmlTargetElement("choices")]
public sealed class ChoicesTagHelper : TagHelper
{
    public required ModelExpression For { get; set; }
    public required IReadOnlyList<Choice> Options { get; set; }
    public string? Label { get; set; }
    public Need Need { get; set; }
    public string? Support { get; set; }
    public bool Several { get; set; }
    /// <summary>One below the other, for long texts.</summary>
    public bool Stacked { get; set; }

    [ViewContext, HtmlAttributeNotBound]
    public required ViewContext ViewContext { get; set; }

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        var field = FieldState.Of(ViewContext, For);
        var below = await output.GetChildContentAsync();
        output.TagName = "fieldset";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "field");
        var described = new TagBuilder("fieldset");
        FieldParts.Describe(described, field, Support);
        if (described.Attributes.TryGetValue("aria-describedby", out var by)) output.Attributes.SetAttribute("aria-describedby", by);

        var legend = new TagBuilder("legend");
        legend.InnerHtml.Append(Label ?? field.Label);
        legend.InnerHtml.AppendHtml(FieldParts.Sign(Need));
        output.Content.AppendHtml(legend);
        output.Content.AppendHtml(FieldParts.Support(field, Support));

        var list = new TagBuilder("div");
        if (!Stacked) list.AddCssClass("choices");
        for (var i = 0; i < Options.Count; i++) list.InnerHtml.AppendHtml(Line(field, Options[i], i));
        output.Content.AppendHtml(list);
        output.Content.AppendHtml(FieldParts.Error(field));
        output.Content.AppendHtml(below);
    }

    private TagBuilder Line(FieldState field, Choice choice, int index)
    {
        var line = new TagBuilder("label");
        line.AddCssClass("choice");
        var input = new TagBuilder("input") { TagRenderMode = TagRenderMode.SelfClosing };
        input.Attributes["type"] = Several ? "checkbox" : "radio";
        // The error summary leads to the first one.
        input.Attributes["id"] = index == 0 ? field.Id : $"{field.Id}-{index}";
        input.Attributes["name"] = field.Name;
        input.Attributes["value"] = choice.Value;
        if (field.Typed.Contains(choice.Value)) input.Attributes["checked"] = "checked";
        if (field.Error is not null && Several) input.Attributes["aria-invalid"] = "true";
        line.InnerHtml.AppendHtml(input);

        var text = new TagBuilder("span");
        text.InnerHtml.Append(choice.Text);
        line.InnerHtml.AppendHtml(text);
        if (choice.Note is not null)
        {
            var note = new TagBuilder("span");
            note.AddCssClass("small soft");
            note.InnerHtml.Append(choice.Note);
            line.InnerHtml.AppendHtml(note);
        }

        return line;
    }
}
