using Consultation.Handover;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Routing;
using Consultation.Web.Pages.Expert;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Experts;

/// <summary>One expert for those who keep the list: card, working hours, leave.</summary>
public sealed class CardModel(Dispatcher dispatcher, DeskClock clock) : AvailabilityPage(dispatcher, clock)
{
    public Lead Lead { get; private set; }

    public StateView Load { get; private set; } = null!;

    public string Topics { get; private set; } = "";

    public bool MayHandOver => Absences.Count > 0 && Actor.Can(Permission.ReassignCase);

    public IReadOnlyList<HandoverLine> Handovers { get; private set; } = [];

    public bool SeesDiary => Actor.Can(Permission.BookVisit);

    [BindProperty(SupportsGet = true)]
    public string Id { get; set; } = "";

    protected override ExpertId Whose => ExpertId.TryParse(Id, null, out var id) ? id : throw new NotFound();

    protected override async Task LookAsync()
    {
        var load = (await AskAsync(new CountOpenCases())).GetValueOrDefault(Whose);
        await base.LookAsync();
        Handovers = Actor.Can(Permission.ReassignCase) ? await AskAsync(new ListHandovers(Whose)) : [];
        Lead = ExpertWords.LeadOf(Card.Affiliation);
        Load = new($"担当 {load} / {Card.Capacity}", load >= Card.Capacity ? Tone.Warn : Tone.Plain, load >= Card.Capacity ? Shape.Accepted : Shape.Asked);
        Topics = string.Join("、", Card.Topics.OrderByDescending(topic => topic.Level).Select(topic => $"{TopicCatalogue.Find(topic.Code)?.NameJa}({ExpertWords.Level(topic.Level)})"));
    }
}
