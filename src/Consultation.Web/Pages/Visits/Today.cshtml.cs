using System.ComponentModel.DataAnnotations;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Visits;
using Consultation.Web.Pages.Cases;
using Consultation.Web.Pages.Shared;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Visits;

/// <summary>遅れる・Webに変更・延期 on the day itself, from a phone in the snow (journey J58).</summary>
public sealed class TodayModel(Dispatcher dispatcher, DeskClock clock) : VisitPage(dispatcher)
{
    public const string Late = "late";
    public const string Web = "web";
    public const string Off = "off";

    public static readonly IReadOnlyList<Choice> Acts = [new(Late, "遅れる"), new(Web, "Webに変更"), new(Off, "延期")];

    /// <summary>A web meeting needs no change into one.</summary>
    public static IEnumerable<Choice> ActsFor(VisitMode mode) => Acts.Where(act => act.Value != Web || mode != VisitMode.Web);

    public static readonly IReadOnlyList<Choice> Delays = [.. new[] { 15, 30, 45, 60, 90, 120 }.Select(minutes => new Choice($"{minutes}", $"{minutes}分"))];

    public static readonly IReadOnlyList<Choice> Calls = [new("true", "話せた"), new("false", "つながらなかった")];

    public static readonly IReadOnlyList<Choice> Causes =
        [new(nameof(CancelledBy.Disaster), "雪・災害・交通"), new(nameof(CancelledBy.Expert), "専門家の都合"), new(nameof(CancelledBy.Client), "相談者の都合")];

    public string Title => Act switch { Late => "相談に遅れる", Web => "Web会議に変える", _ => "相談を延期する" };

    public string Button => Act switch { Late => "遅れることを記録する", Web => "Web会議に変える", _ => "延期する" };

    public string? Phone => Full.Contact.Phone;

    public string Person => string.Join("・", new[] { Full.Contact.Name, Full.Contact.Role }.OfType<string>());

    public bool Consented => Full.Consented;

    /// <summary>Who else comes.</summary>
    public string? Joint => Line.Experts.Where(expert => expert.Id != Actor.Expert).Select(expert => expert.Name).Distinct().ToList() is { Count: > 0 } others && Line.Experts.Select(e => e.Id).Distinct().Count() > 1
        ? string.Join("、", others) : null;

    [BindProperty(SupportsGet = true)]
    public string Act { get; set; } = Late;

    /// <summary>Makes a double tap one act.</summary>
    [BindProperty]
    public string? Key { get; set; }

    [BindProperty, Display(Name = "遅れる時間")]
    public string? Minutes { get; set; } = "30";

    [BindProperty, Display(Name = "会議の接続先")]
    public string? Place { get; set; }

    [BindProperty, Display(Name = "事由")]
    public string? By { get; set; } = nameof(CancelledBy.Disaster);

    [BindProperty, Display(Name = "新しい日")]
    public DayInput NewDay { get; set; } = new();

    [BindProperty, Display(Name = "新しい時刻")]
    public string? NewTime { get; set; }

    [BindProperty, Display(Name = "相談者への電話")]
    public string? Reached { get; set; }

    [BindProperty, Display(Name = "話したこと")]
    public string? Said { get; set; }

    private bool? WasReached => bool.TryParse(Reached, out var reached) ? reached : null;

    public string LinkTo(string act) => $"{QueueRows.LinkTo(Case)}/visits/{VisitId}/today?act={act}";

    public async Task<IActionResult> OnGetAsync()
    {
        await LookAsync();
        return Page();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var done = Act switch
        {
            Late => await SendAsync(new TellLateness(VisitId, (int?)Typed.Number(Minutes), WasReached, Said), "遅れることを記録しました。"),
            Web => await SendAsync(new SwitchToWeb(VisitId, WasReached, Place, Said), "Web会議で行うことを記録しました。"),
            _ => await SendAsync(new PutOffVisit(VisitId, Choices.Read<CancelledBy>(By), WasReached, NewStart(), Said), "延期しました。"),
        };
        if (done)
        {
            return Redirect(IsOwn ? "/my-cases" : QueueRows.LinkTo(Case));
        }

        await LookAsync();
        return Page();
    }

    protected override async Task LookAsync()
    {
        Act = Acts.Any(act => act.Value == Act) ? Act : throw new NotFound();
        Key ??= NewFormKey();
        await base.LookAsync();
    }

    protected override string? FieldOfRule(RuleViolation refused) => Act switch { Late => "Minutes", Off => "NewDay", _ => null };

    private async Task<bool> SendAsync(IRequest<ChangedVisit> act, string done) =>
        ModelState.IsValid && await TryAsync(act, FieldOf, _ => Say($"{done}窓口には電話の予定ができました。"), Key);

    private DateTimeOffset? NewStart()
    {
        if (NewDay.IsEmpty && string.IsNullOrWhiteSpace(NewTime))
        {
            return null;
        }

        return PromiseInput.Read(NewDay, NewTime, "NewDay", "NewTime", clock.Now, ModelState);
    }

    private static string? FieldOf(string field) => field switch
    {
        "minutes" => "Minutes", "place" => "Place", "by" => "By", "start" => "NewDay", "reached" => "Reached", "said" => "Said", _ => null,
    };
}
