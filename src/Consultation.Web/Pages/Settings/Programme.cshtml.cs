using Consultation.Messaging;
using Consultation.Organisations;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Settings;

/// <summary>Dates, quota and clocks of one programme year. A colleague's change in between is not overwritten.</summary>
public sealed class ProgrammeModel(Dispatcher dispatcher) : SendingPage(dispatcher)
{
    public ProgrammeYearRow Year { get; private set; } = null!;

    public IReadOnlyList<Difference> Differences { get; private set; } = [];

    [BindProperty(SupportsGet = true)]
    public string Id { get; set; } = "";

    [BindProperty]
    public ProgrammeInput Input { get; set; } = new();

    /// <summary>The version the form was filled from.</summary>
    [BindProperty]
    public int? Version { get; set; }

    /// <summary>What the page said a lower limit does, and what is confirmed by saving again.</summary>
    [BindProperty]
    public int? ConfirmedLimit { get; set; }

    [BindProperty]
    public int? ConfirmedAbove { get; set; }

    public LoweredLimit? Lowered { get; private set; }

    public async Task OnGetAsync()
    {
        await LookAsync();
        Input = ProgrammeInput.Of(Year.Settings);
        Version = Year.Version;
    }

    public async Task<IActionResult> OnPostAsync()
    {
        await LookAsync();
        var change = Input.Read(Year.Id, ModelState) with { Confirmed = ConfirmedLimit is { } limit && ConfirmedAbove is { } above ? new(limit, above) : null };
        ChangedProgrammeYear? changed = null;
        if (ModelState.IsValid && await TryAsync(change, ProgrammeInput.FieldOf, done => changed = done, version: Version))
        {
            Say($"{Year.Year.Label}の設定を保存しました。" + (changed!.Accounts, changed.Above) switch
            {
                (0, _) => "",
                (var accounts, 0) => $"{accounts}者の上限を変えました。",
                (var accounts, var more) => $"{accounts}者の上限を変えました。うち{more}者はすでに多く使っているため、その回数が上限です。",
            });
            return Redirect("/settings/programmes");
        }

        if (WasStale)
        {
            await ShowBothAsync();
        }

        return Page();
    }

    protected override string? FieldOfRule(RuleViolation refused)
    {
        Lowered = refused.Extra.TryGetValue("lowered", out var lowered) ? lowered as LoweredLimit : null;
        return Lowered is null ? null : "Input.QuotaLimit";
    }

    private async Task LookAsync()
    {
        var id = ProgrammeYearId.TryParse(Id, null, out var known) ? known : throw new NotFound();
        Year = (await AskAsync(new ListProgrammeYears())).FirstOrDefault(year => year.Id == id) ?? throw new NotFound();
    }

    private async Task ShowBothAsync()
    {
        ModelState.Clear();
        await LookAsync();
        Version = Year.Version;
        var stored = ProgrammeInput.Of(Year.Settings);
        Differences = [.. MetadataProvider.GetMetadataForType(typeof(ProgrammeInput)).Properties
            .Select(field => new Difference(field.DisplayName ?? "", ProgrammeInput.Said(field.PropertyGetter?.Invoke(stored)), ProgrammeInput.Said(field.PropertyGetter?.Invoke(Input))))
            .Where(both => both.Stored != both.Typed)];
    }

    /// <summary>What a colleague saved in between, and what was typed here.</summary>
    public sealed record Difference(string Field, string Stored, string Typed);
}
