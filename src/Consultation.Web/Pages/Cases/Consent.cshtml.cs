using System.ComponentModel.DataAnnotations;
using Consultation.CaseFile;
using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Cases;

/// <summary>The client's consent that personal data go to the experts: read out, recorded, and taken back.</summary>
public sealed class ConsentModel(Dispatcher dispatcher, DeskClock clock) : CaseActPage(dispatcher)
{
    public FileConsent? Standing => Full.Consent;

    public ConsentText Text => ConsentTexts.Find(Standing?.TextVersion) ?? ConsentTexts.Newest;

    [BindProperty, Display(Name = "同意した人")]
    public string? GivenBy { get; set; }

    [BindProperty, Display(Name = "聞いた方法")]
    public string? Channel { get; set; } = nameof(Consultation.Cases.Channel.Phone);

    [BindProperty, Display(Name = "聞いた日")]
    public DayInput On { get; set; } = new();

    [BindProperty, Display(Name = "時刻")]
    public string? At { get; set; }

    [BindProperty, Display(Name = "撤回の理由")]
    public string? Why { get; set; }

    public Task<IActionResult> OnGetAsync() => ShowAsync();

    public Task<IActionResult> OnPostRecordAsync()
    {
        var at = PromiseInput.Read(On, At, "On", "At", clock.Now, ModelState);
        var record = new RecordConsent(Case, Choices.Read<Channel>(Channel), GivenBy, at, ConsentTexts.Newest.Version);
        return DoAsync(record, field => field switch { "channel" => "Channel", "givenBy" => "GivenBy", "at" => "At", _ => null }, "同意を記録しました。専門家への打診に連絡先が載ります。");
    }

    public Task<IActionResult> OnPostWithdrawAsync() =>
        DoAsync(new WithdrawConsent(Case, Why), _ => "Why", "同意の撤回を記録しました。以後の打診に個人情報は載りません。");

    protected override async Task LookAsync()
    {
        await base.LookAsync();
        if (!Actor.Can(Permission.EditCase))
        {
            throw new Forbidden();
        }
    }
}
