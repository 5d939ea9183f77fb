using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Consultation.Web.Pages.Shared;

/// <summary>
/// Names the address of a form that posts to its own page. Without one the browser keeps the fragment of an error link (<c>#field</c>) and
/// then does not give the focus to the next summary of errors.
/// </summary>
[HtmlTargetElement("form", Attributes = "method")]
public sealed class PostFormTagHelper : TagHelper
{
    [HtmlAttributeNotBound]
    [ViewContext]
    public ViewContext ViewContext { get; set; } = null!;

    /// <summary>After the framework's own helper, which decides about the antiforgery token by the address it finds.</summary>
    public override int Order => 1000;

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        var isPost = string.Equals(output.Attributes["method"]?.Value?.ToString(), "post", StringComparison.OrdinalIgnoreCase);
        if (isPost && !output.Attributes.ContainsName("action"))
        {
            var request = ViewContext.HttpContext.Request;
            output.Attributes.SetAttribute("action", request.PathBase + request.Path + request.QueryString);
        }
    }
}
