using Consultation.Reference;

namespace Consultation.Cases;

public sealed partial class Case
{
    /// <summary>
    /// Takes a deadline that has passed one rung further (督促): first whoever is to act is told – the 窓口担当, or the expert who holds the track where a
    /// visit is to be booked –, then the desk, then the supervisors. Without a 窓口担当 it begins at the desk.
    /// </summary>
    /// <param name="named">Whom the first rung reaches, by name; null where there is nobody.</param>
    /// <returns>Who is told now; null where nobody is: met, moved or paused meanwhile, or not yet.</returns>
    public EscalationStep? Escalate(DeadlineId id, string? named, Occasion occasion)
    {
        if (OnHold || deadlines.FirstOrDefault(d => d.Id == id) is not { State: DeadlineState.Open } late || late.DueAt > occasion.Now || !(late.EscalateAt <= occasion.Now))
        {
            return null;
        }

        var step = late.Escalated switch
        {
            null when named is not null => EscalationStep.Holder,
            null or EscalationStep.Holder => EscalationStep.Desk,
            _ => EscalationStep.Supervisor,
        };
        late.Climb(step, occasion.Now, step switch
        {
            EscalationStep.Holder => occasion.EscalationToDesk(),
            EscalationStep.Desk => occasion.EscalationToSupervisor(),
            _ => null,
        });
        var due = Deadline.IsByDay(late.Kind) ? JapaneseDate.Short(JapanTime.DateOf(late.DueAt)) : JapaneseDate.ShortTime(late.DueAt);
        var what = CaseWords.Of(late.Kind) + (late.Track is { } track ? $"（{CaseWords.Of(track)}）" : "");
        Tell(occasion, "escalated", $"{what}の期限（{due}）を過ぎたため、{(step == EscalationStep.Holder ? named : CaseWords.Of(step))}に知らせました");
        Changed();
        return step;
    }
}
