using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Consultation.Web.Pages.Shared;

/// <summary>Whether a field must be filled; <see cref="Unknown"/> marks a gap that is asked later and never blocks.</summary>
public enum Need { Unsaid, Must, Optional, Unknown }

/// <summary>
/// <c>&lt;field for="Input.Phone" need="Optional" support="…" /&gt;</c>: label, 必須/任意, support text, input and error text, tied together
/// by aria-describedby. The label comes from <c>[Display]</c>. What was typed comes back even when it could not be read.
/// Child content stands below the input.
/// </summary>
[HtmlTargetElement("field")]
public sealed class FieldTagHelper : TagHelper
{
    public required ModelExpression For { get; set; }
    public string? Label { get; set; }
    public Need Need { get; set; }
    public string? Support { get; set; }
    public string Type { get; set; } = "text";
    /// <summary>Roughly how many characters fit: 4, 8, 16 or 24; full width without it.</summary>
    public int? Width { get; set; }
    /// <summary>More than one row makes it a text area.</summary>
    public int Rows { get; set; } = 1;
    public string? Inputmode { get; set; }
    public string? Autocomplete { get; set; }
    public bool Autofocus { get; set; }
    /// <summary>Given, the field is a list to choose from.</summary>
    public IReadOnlyList<Choice>? Options { get; set; }

    [ViewContext, HtmlAttributeNotBound]
    public required ViewContext ViewContext { get; set; }

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        var field = FieldState.Of(ViewContext, For);
        var below = await output.GetChildContentAsync();
        output.TagName = "div";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "field");

        var label = new TagBuilder("label");
        label.Attributes["for"] = field.Id;
        label.InnerHtml.Append(Label ?? field.Label);
        label.InnerHtml.AppendHtml(FieldParts.Sign(Need));
        output.Content.AppendHtml(label);
        output.Content.AppendHtml(FieldParts.Support(field, Support));
        output.Content.AppendHtml(Input(field));
        output.Content.AppendHtml(FieldParts.Error(field));
        output.Content.AppendHtml(below);
    }

    private TagBuilder Input(FieldState field)
    {
        var input = new TagBuilder(Options is not null ? "select" : Rows > 1 ? "textarea" : "input");
        input.AddCssClass("input");
        input.Attributes["id"] = field.Id;
        input.Attributes["name"] = field.Name;
        if (Width is { } width) input.Attributes["data-width"] = $"{width}";
        if (Inputmode is not null) input.Attributes["inputmode"] = Inputmode;
        if (Autocomplete is not null) input.Attributes["autocomplete"] = Autocomplete;
        if (Autofocus && ViewContext.ModelState.IsValid) input.Attributes["autofocus"] = "autofocus";
        if (Need is Need.Must) input.Attributes["aria-required"] = "true";
        FieldParts.Describe(input, field, Support);

        if (Options is not null)
        {
            foreach (var choice in Options) input.InnerHtml.AppendHtml(FieldParts.Option(choice, field.Value == choice.Value));
        }
        else if (Rows > 1)
        {
            input.Attributes["rows"] = $"{Rows}";
            // A parser drops the first line break of a text area, so that one of ours must stand before what was typed.
            input.InnerHtml.AppendHtml("\n").Append(field.Value);
        }
        else
        {
            input.TagRenderMode = TagRenderMode.SelfClosing;
            input.Attributes["type"] = Type;
            if (Type != "password") input.Attributes["value"] = field.Value;
        }

        return input;
    }
}
