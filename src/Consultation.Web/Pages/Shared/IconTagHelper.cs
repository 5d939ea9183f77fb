using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Consultation.Web.Pages.Shared;

/// <summary><c>&lt;icon shape="…" /&gt;</c>: a decorative symbol of the sprite; the text beside it carries the meaning.</summary>
[HtmlTargetElement("icon", TagStructure = TagStructure.WithoutEndTag)]
public sealed class IconTagHelper : TagHelper
{
    public Shape Shape { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "svg";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "icon");
        output.Attributes.SetAttribute("aria-hidden", "true");
        output.Content.SetHtmlContent($"<use href=\"#i-{Shape.Word}\"/>");
    }
}
