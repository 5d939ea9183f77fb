using System.ComponentModel.DataAnnotations;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Routing;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Experts;

/// <summary>One row of the list.</summary>
public sealed record ExpertLine(string Link, string Name, StateView? State, Lead Lead, StateView Load, string Base, string Cover, string Topics, string Term);

/// <summary>The experts by name, with what they have in hand.</summary>
public sealed class IndexModel(Dispatcher dispatcher, DeskClock clock) : SendingPage(dispatcher)
{
    private const int MostTopics = 3;

    public static readonly IReadOnlyList<Choice> DistrictChoices = [new("", "全国"), .. Districts.All.Select(district => new Choice(district.Slug, district.Name))];

    public IReadOnlyList<ExpertLine> Lines { get; private set; } = [];

    public PagerView Pager { get; private set; } = null!;

    [BindProperty(SupportsGet = true), Display(Name = "地区")]
    public string? District { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? After { get; set; }

    public async Task OnGetAsync()
    {
        var loads = await AskAsync(new CountOpenCases());
        var district = string.IsNullOrWhiteSpace(District) ? null : District;
        ExpertId? after = After is null ? null : ExpertId.TryParse(After, null, out var id) ? id : throw new NotFound();
        var page = await AskAsync(new ListExperts(district, IncludeInactive: true, after));
        Lines = [.. page.Items.Select(expert => Line(expert, loads.GetValueOrDefault(expert.Id)))];
        Pager = new(page.Next is null ? "ここが最後です。" : "続きがあります。", page.Next is { } next ? Url.Page("/Experts/Index", new { district, after = next }) : null, After is null ? null : Url.Page("/Experts/Index", new { district }));
    }

    private ExpertLine Line(ExpertView expert, int load) => new(
        $"/experts/{expert.Id}", expert.Name,
        !expert.Active ? new("休止", Tone.Quiet, Shape.Declined) : expert.Absences.Any(a => a.From <= clock.Now && clock.Now < a.To) ? new("不在中", Tone.Warn, Shape.Paused) : null,
        ExpertWords.LeadOf(expert.Affiliation),
        load >= expert.Capacity ? new($"{load} / {expert.Capacity} 満", Tone.Warn, Shape.Accepted) : new($"{load} / {expert.Capacity}", Tone.Plain, load == 0 ? Shape.Open : Shape.Asked),
        expert.Prefecture, ExpertWords.Cover(expert),
        string.Join("、", expert.Topics.OrderByDescending(topic => topic.Level).Take(MostTopics).Select(topic => TopicCatalogue.Find(topic.Code)?.NameJa)) + (expert.Topics.Count > MostTopics ? $" ほか{expert.Topics.Count - MostTopics}" : ""),
        ExpertWords.Term(expert));
}
