using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Web.Pages.Desk;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Cases;

/// <summary>Corrects what is known of the organisation and the person. A colleague's change in between is not overwritten.</summary>
public sealed class EditModel(Dispatcher dispatcher) : CaseActPage(dispatcher)
{
    [BindProperty]
    public InquiryInput Input { get; set; } = new();

    /// <summary>The version the form was filled from.</summary>
    [BindProperty]
    public int? Version { get; set; }

    public IReadOnlyList<Difference> Differences { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync()
    {
        await LookAsync();
        Input = InquiryInput.Of(Full);
        Version = Full.Version;
        return Page();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var edit = Input.Read(Case, ModelState);
        var answer = await DoAsync(edit, NewInquiryModel.FieldOf, "直した内容を保存しました。", Version);
        if (WasStale)
        {
            ShowBoth();
        }

        return answer;
    }

    /// <summary>Both versions side by side; saving once more, now from the newest version, says that one's own holds.</summary>
    private void ShowBoth()
    {
        ModelState.Clear();
        Version = Full.Version;
        var stored = InquiryInput.Of(Full);
        Differences = [.. MetadataProvider.GetMetadataForType(typeof(InquiryInput)).Properties
            .Select(field => new Difference(field.DisplayName ?? "", Said(field.PropertyGetter?.Invoke(stored)), Said(field.PropertyGetter?.Invoke(Input))))
            .Where(both => both.Stored != both.Typed)];
    }

    private static string Said(object? value) => value as string is { Length: > 0 } text ? text : "空欄";

    /// <summary>What a colleague saved in between, and what was typed here.</summary>
    public sealed record Difference(string Field, string Stored, string Typed);
}
