using Consultation.Cases;
using Consultation.Mail;
using Consultation.Messaging;
using Consultation.Reference;

namespace Consultation.FollowUps;

/// <summary>
/// How a client is asked at a follow-up (journey J32): one letter an approach, or a call with the same text where the client cannot be mailed, and at the
/// end one call of the desk. Each has an event of its own, so that none happens twice; with the answer all that is still under way ends.
/// </summary>
public sealed class Approaches(Execution execution, ClientLetter letters, CallTasks calls, Outbox outbox)
{
    private const string First = "follow-up-due";
    private const string Again = "follow-up-again";
    private const string NotNeeded = "フォローアップの取りやめ・延期";

    /// <summary>The day of the next approach, counted from today in the desk's business days.</summary>
    internal static DateOnly NextOn(Occasion occasion) => occasion.Calendar.AddBusinessDays(occasion.Today, occasion.Programme.FollowUpIntervalDays).Due;

    internal async Task AskAsync(Case found, FollowUp followUp, bool first, Occasion occasion, CancellationToken cancellationToken)
    {
        var values = await letters.ValuesAsync(found, occasion, cancellationToken);
        values["visited"] = Wareki.Format(followUp.BaseOn);
        values["months"] = FollowUpWords.Since(followUp);
        values["left"] = await letters.QuotaLeftAsync(found.OrganisationId, FiscalYear.Of(execution.Now), cancellationToken);
        await letters.SendAsync(found, first ? First : Again, EventOf(followUp, first ? 1 : followUp.Asked), values, occasion, cancellationToken);
    }

    /// <summary>Nobody answered: the desk is to call, once for each day on which it was asked.</summary>
    internal Task CallAsync(Case found, FollowUp followUp, Occasion occasion, CancellationToken cancellationToken)
    {
        var kind = FollowUpWords.Of(followUp.Kind);
        return calls.OweAsync(
            found, CallBackKind.Letter, $"follow-up-call/{followUp.Id}/{followUp.DueOn:yyyyMMdd}",
            $"{kind}のおたずねに{followUp.Asked}回お返事がないため、電話で状況を聞き、結果を記録してください。\n\n{Wareki.Format(followUp.BaseOn)}のご相談のその後の状況、いまの導入状況、また相談したいことの有無。",
            found.Phone, $"{kind}に返事がないため、窓口が電話します", $"{kind}の返事がない", occasion, cancellationToken);
    }

    /// <summary>What was asked is answered, or nobody waits for it: no letter leaves any more, and nobody need call.</summary>
    internal async Task EndAsync(Case found, FollowUp followUp, bool answered, Occasion occasion, CancellationToken cancellationToken)
    {
        if (followUp.Asked == 0)
        {
            return;
        }

        for (var approach = followUp.Asked; approach > 0; approach--)
        {
            var (template, happened) = (approach == 1 ? First : Again, EventOf(followUp, approach));
            // Where nobody answered and the plan goes on one day, a letter that never left, or a call that was not made, counts as none.
            if (answered || approach != followUp.Asked)
            {
                await outbox.RecallAsync(template, happened, answered ? "フォローアップの回答" : NotNeeded, cancellationToken);
            }
            else if (await outbox.TakeBackAsync(template, happened, NotNeeded, cancellationToken) || await calls.TakeBackAsync(found, $"{template}/{happened}", occasion, cancellationToken))
            {
                followUp.TakeBackAsking();
            }
        }

        await EndCallsAsync(found, followUp, answered, occasion, cancellationToken);
    }

    /// <summary>Nobody need call about it any more.</summary>
    internal Task EndCallsAsync(Case found, FollowUp followUp, bool answered, Occasion occasion, CancellationToken cancellationToken) =>
        calls.EndAsync(found, key => key.Contains(followUp.Id.ToString(), StringComparison.Ordinal), answered, occasion, cancellationToken);

    /// <summary>Whether a letter or call is one of these questions.</summary>
    internal static bool IsOf(string eventKey) => eventKey.StartsWith(First, StringComparison.Ordinal) || eventKey.StartsWith(Again, StringComparison.Ordinal);

    private static string EventOf(FollowUp followUp, int approach) =>
        approach == 1 ? $"{First}/{followUp.Id}/{followUp.DueOn:yyyyMMdd}" : $"{Again}/{followUp.Id}/{followUp.DueOn:yyyyMMdd}-{approach}";
}
