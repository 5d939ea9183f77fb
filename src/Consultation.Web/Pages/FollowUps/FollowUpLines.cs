using Consultation.CaseFile;
using Consultation.Cases;
using Consultation.FollowUps;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Web.Pages.Cases;
using Consultation.Web.Pages.Shared;

namespace Consultation.Web.Pages.FollowUps;

/// <summary>Follow-ups in words.</summary>
public static class FollowUpLines
{
    public static StateView Of(FollowUpState state) => state switch
    {
        FollowUpState.Planned => new(FollowUpWords.Of(state), Tone.Plain, Shape.Time),
        FollowUpState.Suspended => new("中断", Tone.Quiet, Shape.Paused),
        FollowUpState.Due => new(FollowUpWords.Of(state), Tone.Warn, Shape.Near),
        FollowUpState.Done => new(FollowUpWords.Of(state), Tone.Ok, Shape.Done),
        FollowUpState.HandOver => new(FollowUpWords.Of(state), Tone.Quiet, Shape.Again),
        _ => new(FollowUpWords.Of(state), Tone.Quiet, Shape.Declined),
    };

    public static string PathTo(CaseId id, FollowUpId followUp) => $"{QueueRows.LinkTo(id)}/follow-ups/{followUp}";

    public static bool IsOpen(FollowUpState state) => state is FollowUpState.Planned or FollowUpState.Suspended or FollowUpState.Due;

    public static IReadOnlyList<FollowUpView> Of(CaseFileView file, FullCase full, Actor actor, DateOnly today) =>
        [.. full.FollowUps.Select(one => new FollowUpView(
            Of(one.State), FollowUpWords.Of(one.Kind), JapaneseDate.Short(one.Due),
            one.Result is { } result ? FollowUpWords.Of(result) : FollowUpWords.Approaches(one.State, one.Asked, one.NextAskOn, today) is { } asked ? $"{asked}。{one.Why}" : one.Why,
            IsOpen(one.State) && (actor.Role != Role.Expert || one.Expert == actor.Expert) && actor.Can(Permission.WorkFollowUps) && full.AllowedActions.Contains(CaseAction.WorkFollowUp) ? PathTo(file.Id, one.Id) : null))];
}
