using System.ComponentModel.DataAnnotations;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Consultation.Messaging;
using Consultation.Topics;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Settings;

/// <summary>The whole draft as one text, for who knows its form.</summary>
public sealed class RulesExpertModel(Dispatcher dispatcher) : SendingPage(dispatcher)
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [BindProperty, Display(Name = "基準")]
    public string? Json { get; set; }

    public async Task OnGetAsync() => Json = JsonNode.Parse((await AskAsync(new GetRules())).Rules.ToJson())!.ToJsonString(Readable);

    public async Task<IActionResult> OnPostAsync()
    {
        if (await TryAsync(new EditRules(new ReplaceRules(Json)), _ => "Json"))
        {
            Say("下書きに保存しました。");
            return Redirect("/settings/rules");
        }

        return Page();
    }
}
