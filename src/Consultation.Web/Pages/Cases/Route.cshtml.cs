using System.ComponentModel.DataAnnotations;
using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Topics;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Cases;

/// <summary>Decides which ministries a case goes to; the suggestion stands beside and is taken over to begin with.</summary>
public sealed class RouteModel(Dispatcher dispatcher, DeskClock clock) : CaseActPage(dispatcher)
{
    public static readonly IReadOnlyList<Choice> Ministries =
    [
        new(nameof(Track.Mic), "総務省", "ICT・セキュリティ・導入計画(テレワークマネージャー)"), new(nameof(Track.Mhlw), "厚生労働省", "就業規則・労働時間・評価(労務管理の専門家)"),
    ];

    public static readonly IReadOnlyList<Choice> Starts =
    [
        new(nameof(StartMode.Lead), "主担当から始める", "主担当の専門家が第1回を1人で行い、必要になったらもう一方が加わります。"),
        new(nameof(StartMode.Together), "両省を同時に始める", "2人とも受諾してから日程を決めます。"),
    ];

    public static readonly IReadOnlyList<Choice> AllTopics = [.. TopicCatalogue.All.Select(topic => new Choice(topic.Code, topic.NameJa))];

    public SuggestionView Suggestion { get; private set; } = null!;

    [BindProperty, Display(Name = "振り分け先")]
    public List<string> Tracks { get; set; } = [];

    [BindProperty, Display(Name = "始め方")]
    public string? Start { get; set; } = nameof(StartMode.Lead);

    [BindProperty, Display(Name = "理由")]
    public string? Reason { get; set; }

    [BindProperty, Display(Name = "相談の分野")]
    public List<string> Topics { get; set; } = [];

    public async Task<IActionResult> OnGetAsync()
    {
        await LookAsync();
        var wanted = Full.Tracks.Where(track => track.State != TrackState.Dropped).Select(track => track.Track).ToList();
        Tracks = [.. (wanted.Count > 0 ? wanted : Full.Suggestion.Tracks).Select(track => track.ToString())];
        Topics = [.. Full.Topics];
        return Page();
    }

    public Task<IActionResult> OnPostAsync()
    {
        var tracks = Tracks.Select(Choices.Read<Track>).OfType<Track>().ToList();
        var route = new RouteCase(Case, tracks, Choices.Read<StartMode>(Start), Topics, Reason);
        return DoAsync(route, field => field switch { "tracks" => "Tracks", "topics" => "Topics", _ => "Reason" }, "振り分けを決めました。");
    }

    protected override async Task LookAsync()
    {
        await base.LookAsync();
        Suggestion = SuggestionWords.Of(Full.Suggestion, Full.Text, JapanTime.DateOf(clock.Now)) with { ReplyLink = CaseDoings.ReplyLink(Case, Actor) };
    }

    protected override string? FieldOfRule(RuleViolation refused) => refused.Code switch
    {
        "route.reason_needed" => "Reason",
        "route.no_tracks" or "route.track_in_use" => "Tracks",
        _ => null,
    };
}
