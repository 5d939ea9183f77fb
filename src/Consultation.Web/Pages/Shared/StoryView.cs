namespace Consultation.Web.Pages.Shared;

/// <summary>
/// One thing that happened. <paramref name="Inside"/> marks an internal note, which never leaves the house and is not printed.
/// <paramref name="Quote"/> is somebody's own words; <paramref name="By"/> says who did it, for whom.
/// <paramref name="Folded"/> is a long text that is unfolded to be read.
/// </summary>
public sealed record StoryItemView(
    DateTimeOffset At,
    string Title,
    string? Text = null,
    string? By = null,
    string? Quote = null,
    StateView? State = null,
    bool Inside = false,
    IReadOnlyList<TopicView>? Topics = null,
    IReadOnlyList<EvidencePart>? Evidence = null,
    string? Folded = null);
