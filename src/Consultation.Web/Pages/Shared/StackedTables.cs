using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Consultation.Web.Pages.Shared;

/// <summary>The heads of one table in their order, and the column a row has come to.</summary>
internal sealed class TableHeads
{
    private readonly List<string> heads = [];
    private int column;

    public static TableHeads? Of(TagHelperContext context) => context.Items.TryGetValue(typeof(TableHeads), out var heads) ? (TableHeads)heads : null;

    public void Add(string head) => heads.Add(head);

    public void BeginRow() => column = 0;

    public string Next() => column++ is var at && at < heads.Count ? heads[at] : "";
}

/// <summary>
/// <c>&lt;table stack="lines"&gt;</c>: where there is no room for columns each row becomes a card whose cells carry their head (<c>flow</c>: figures side
/// by side). The roles say that it is still a table, which browsers forget once its rows are laid out otherwise.
/// </summary>
[HtmlTargetElement("table", Attributes = nameof(Stack))]
public sealed class StackedTableTagHelper : TagHelper
{
    public required string Stack { get; set; }

    public override void Init(TagHelperContext context) => context.Items[typeof(TableHeads)] = new TableHeads();

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.Attributes.SetAttribute("class", $"{context.AllAttributes["class"]?.Value} table--{Stack}");
        output.Attributes.SetAttribute("role", "table");
    }
}

[HtmlTargetElement("thead")]
[HtmlTargetElement("tbody")]
[HtmlTargetElement("tfoot")]
public sealed class StackedGroupTagHelper : TagHelper
{
    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        if (TableHeads.Of(context) is not null)
        {
            output.Attributes.SetAttribute("role", "rowgroup");
        }
    }
}

[HtmlTargetElement("tr")]
public sealed class StackedRowTagHelper : TagHelper
{
    public override void Init(TagHelperContext context) => TableHeads.Of(context)?.BeginRow();

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        if (TableHeads.Of(context) is not null)
        {
            output.Attributes.SetAttribute("role", "row");
        }
    }
}

[HtmlTargetElement("th")]
[HtmlTargetElement("td")]
public sealed class StackedCellTagHelper : TagHelper
{
    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        if (TableHeads.Of(context) is not { } heads)
        {
            return;
        }

        var content = await output.GetChildContentAsync();
        if (context.AllAttributes["scope"]?.Value?.ToString() == "col")
        {
            heads.Add(Words(content.GetContent()));
            output.Attributes.SetAttribute("role", "columnheader");
            return;
        }

        var head = heads.Next();
        if (context.TagName == "th")
        {
            output.Attributes.SetAttribute("role", "rowheader");
            return;
        }

        output.Attributes.SetAttribute("role", "cell");
        output.Attributes.SetAttribute("data-label", head);
        if (content.IsEmptyOrWhiteSpace)
        {
            output.Attributes.SetAttribute("data-empty", "yes");
        }
    }

    /// <summary>What a head says, without what surrounds the words and without drawings.</summary>
    private static string Words(string html) => System.Net.WebUtility.HtmlDecode(
        System.Text.RegularExpressions.Regex.Replace(html, "<svg.*?</svg>|<[^>]*>", "", System.Text.RegularExpressions.RegexOptions.Singleline)).Trim();
}
