using Consultation.Cases;
using Consultation.Reference;
using Consultation.Topics;

namespace Consultation.Web.Pages.Shared;

/// <summary>What a case knows, as text, colour and shape. The words are those of <see cref="CaseWords"/>.</summary>
public static class CaseSigns
{
    public static StateView Of(CaseStatus status, bool onHold = false) => onHold
        ? new("保留", Tone.Quiet, Shape.Paused)
        : status switch
        {
            CaseStatus.Received => new(CaseWords.Of(status), Tone.Plain, Shape.Open),
            CaseStatus.Waiting => new(CaseWords.Of(status), Tone.Warn, Shape.Open),
            CaseStatus.Offered => new(CaseWords.Of(status), Tone.Info, Shape.Asked),
            CaseStatus.Assigned => new(CaseWords.Of(status), Tone.Info, Shape.Accepted),
            CaseStatus.Booked => new(CaseWords.Of(status), Tone.Info, Shape.Day),
            CaseStatus.ReportDue => new(CaseWords.Of(status), Tone.Warn, Shape.Writing),
            CaseStatus.FollowingUp => new(CaseWords.Of(status), Tone.Ok, Shape.Time),
            _ => new(CaseWords.Of(status), Tone.Ok, Shape.Done),
        };

    public static StateView Of(TrackState state) => state switch
    {
        TrackState.Wanted => new("未割当", Tone.Warn, Shape.Open),
        TrackState.Later => new(CaseWords.Of(state), Tone.Quiet, Shape.Open),
        TrackState.Offered => new("打診中", Tone.Info, Shape.Asked),
        TrackState.Held => new("受諾", Tone.Ok, Shape.Accepted),
        TrackState.Done => new(CaseWords.Of(state), Tone.Ok, Shape.Done),
        _ => new(CaseWords.Of(state), Tone.Quiet, Shape.Declined),
    };

    public static Lead Of(Track track) => track == Track.Mic ? Lead.Mic : Lead.Mhlw;

    public static Lead Of(TopicLead lead) => lead switch
    {
        TopicLead.Mic => Lead.Mic,
        TopicLead.Mhlw => Lead.Mhlw,
        TopicLead.Both => Lead.Both,
        TopicLead.Referral => Lead.Referral,
        _ => Lead.Desk,
    };

    public static IReadOnlyList<TopicView> Topics(IEnumerable<string> codes) =>
        [.. codes.Select(TopicCatalogue.Find).OfType<Topic>().Select(topic => new TopicView(topic.NameJa, Of(topic.Lead)))];
}
