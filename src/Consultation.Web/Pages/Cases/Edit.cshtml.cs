using System.Text.Json;
using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Staff;
using Consultation.Web.Pages.Desk;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Cases;

/// <summary>
/// Corrects what is known of the organisation and the person, and who holds the case. Where a colleague saved in between, what only one of
/// the two changed stands, and what both changed is shown side by side (journey J35).
/// </summary>
public sealed class EditModel(Dispatcher dispatcher) : CaseActPage(dispatcher)
{
    [BindProperty]
    public EditInput Input { get; set; } = new();

    /// <summary>The version the form was filled from.</summary>
    [BindProperty]
    public int? Version { get; set; }

    /// <summary>What the form was filled with, so that a conflict can tell what was changed here from what was changed elsewhere.</summary>
    [BindProperty]
    public string? Was { get; set; }

    public IReadOnlyList<Choice> Holders { get; private set; } = [];

    public IReadOnlyList<Difference> Differences { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync()
    {
        await LookAsync();
        Input = Stored();
        Remember();
        return Page();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var edit = Input.ReadAll(Case, Read(Was), ModelState);
        var answer = await DoAsync(edit, FieldOf, "直した内容を保存しました。", Version);
        if (WasStale)
        {
            ShowBoth();
        }

        return answer;
    }

    protected override async Task LookAsync()
    {
        await base.LookAsync();
        var colleagues = await AskAsync(new ListColleagues(Case));
        Holders = [new("", "未定"), .. colleagues.Select(one => new Choice(one.Id.ToString(), one.Name))];
    }

    /// <summary>Saving once more, now from the newest version, says that one's own holds.</summary>
    private void ShowBoth()
    {
        ModelState.Clear();
        var stored = Stored();
        var both = Input.TakeOver(Read(Was) ?? stored, stored);
        Remember();
        Differences = [.. MetadataProvider.GetMetadataForType(typeof(EditInput)).Properties.Where(field => both.Contains(field.PropertyName!))
            .Select(field => new Difference(field.DisplayName ?? "", Said(field.PropertyGetter?.Invoke(stored)), Said(field.PropertyGetter?.Invoke(Input))))];
        Merged = true;
    }

    /// <summary>A colleague saved first; what is shown is both together and not saved yet.</summary>
    public bool Merged { get; private set; }

    private EditInput Stored() => EditInput.Of(Seen, Full);

    private void Remember()
    {
        Version = Full.Version;
        Was = JsonSerializer.Serialize(Stored());
    }

    private static EditInput? Read(string? was)
    {
        try
        {
            return was is null ? null : JsonSerializer.Deserialize<EditInput>(was);
        }
        catch (JsonException)
        {
            // A form that was tampered with says nothing; then every difference is shown.
            return null;
        }
    }

    private string Said(object? value) => value as string is not { Length: > 0 } text ? "空欄" : Holders.FirstOrDefault(one => one.Value == text)?.Text ?? text;

    private static string? FieldOf(string field) => field == "holder" ? "Input.Holder" : NewInquiryModel.FieldOf(field);

    /// <summary>What a colleague saved in between, and what was typed here.</summary>
    public sealed record Difference(string Field, string Stored, string Typed);
}
