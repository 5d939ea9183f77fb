using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Visits;

namespace Consultation.FollowUps;

public readonly record struct SurveyId(Guid Value) : IStrongId<SurveyId>
{
    public static SurveyId New() => new(Guid.CreateVersion7());
    public static SurveyId From(Guid value) => new(value);
    public static SurveyId Parse(string s, IFormatProvider? provider) => StrongId.Parse<SurveyId>(s);
    public static bool TryParse(string? s, IFormatProvider? provider, out SurveyId result) => StrongId.TryParse(s, out result);
    public override string ToString() => Value.ToString();
}

/// <summary>予定 · 送付済み · 回答あり · 送らない（no address, the contract ended, the case was given up).</summary>
public enum SurveyState { Planned, Sent, Answered, Unsent }

/// <summary>満足度. The first two count as satisfied (domain.md §8).</summary>
public enum Satisfaction { VerySatisfied, Satisfied, Neither, Dissatisfied, VeryDissatisfied }

/// <summary>問い合わせの目的が達成できたか. Only the first counts (domain.md §8).</summary>
public enum Achievement { Achieved, Partly, NotAchieved }

/// <summary>テレワークの導入を積極的に検討するか; whoever has introduced it already means to widen it. Only the first counts (domain.md §8).</summary>
public enum Intent { Actively, SomeDay, NotNow }

/// <summary>
/// The satisfaction survey of one visit that took place: sent once to the client with a link of its own, answered once and without sign-in, by the day that
/// the letter names. It changes only while its case's row is locked.
/// </summary>
public sealed class Survey
{
    private Survey()
    {
    }

    internal Survey(VisitId visit, CaseId caseId, DateOnly visitedOn, DateOnly askOn)
    {
        Id = SurveyId.New();
        VisitId = visit;
        CaseId = caseId;
        VisitedOn = visitedOn;
        AskOn = askOn;
        State = SurveyState.Planned;
    }

    public SurveyId Id { get; private set; }
    public VisitId VisitId { get; private set; }
    public CaseId CaseId { get; private set; }
    public DateOnly VisitedOn { get; private set; }

    /// <summary>Sent in the opening hours of this day or later.</summary>
    public DateOnly AskOn { get; private set; }
    public SurveyState State { get; private set; }

    /// <summary>Of the link's secret (<see cref="SecretText"/>); null until it is sent.</summary>
    public string? SecretHash { get; private set; }
    public DateTimeOffset? SentAt { get; private set; }
    public DateTimeOffset? ExpiresAt { get; private set; }
    public DateTimeOffset? AnsweredAt { get; private set; }
    public Satisfaction? Satisfaction { get; private set; }
    public Achievement? Achievement { get; private set; }
    public Intent? Intent { get; private set; }
    public int Version { get; private set; } = 1;

    /// <summary>What is kept and looked for in place of the secret, in hexadecimal; null for what cannot be one.</summary>
    internal static string? HashOf(string? secret) => SecretText.CouldBe(secret) ? Convert.ToHexStringLower(SecretText.HashOf(secret!)) : null;

    internal void Send(string secretHash, DateTimeOffset now, DateTimeOffset expiresAt)
    {
        State = SurveyState.Sent;
        SecretHash = secretHash;
        SentAt = now.ToUniversalTime();
        ExpiresAt = expiresAt.ToUniversalTime();
        Version++;
    }

    internal void LeaveOut()
    {
        State = SurveyState.Unsent;
        Version++;
    }

    /// <exception cref="RuleViolation"><c>survey.answered</c>: there is an answer already; <c>survey.expired</c>: its time is over.</exception>
    internal void Answer(Satisfaction satisfaction, Achievement achievement, Intent intent, DateTimeOffset now)
    {
        if (State == SurveyState.Answered)
        {
            throw new RuleViolation("survey.answered");
        }

        if (State != SurveyState.Sent || now >= ExpiresAt)
        {
            throw new RuleViolation("survey.expired");
        }

        (Satisfaction, Achievement, Intent) = (satisfaction, achievement, intent);
        AnsweredAt = now.ToUniversalTime();
        State = SurveyState.Answered;
        Version++;
    }
}

/// <summary>The Japanese words of the three questions' answers; the same on the page, in the story and in the month's table.</summary>
public static class SurveyWords
{
    public static string Of(Satisfaction answer) => answer switch
    {
        Satisfaction.VerySatisfied => "満足",
        Satisfaction.Satisfied => "やや満足",
        Satisfaction.Neither => "どちらともいえない",
        Satisfaction.Dissatisfied => "やや不満",
        Satisfaction.VeryDissatisfied => "不満",
        _ => throw new ArgumentOutOfRangeException(nameof(answer)),
    };

    public static string Of(Achievement answer) => answer switch
    {
        Achievement.Achieved => "達成できた",
        Achievement.Partly => "一部達成できた",
        Achievement.NotAchieved => "達成できなかった",
        _ => throw new ArgumentOutOfRangeException(nameof(answer)),
    };

    public static string Of(Intent answer) => answer switch
    {
        Intent.Actively => "積極的に検討する",
        Intent.SomeDay => "いずれ検討する",
        Intent.NotNow => "当面は検討しない",
        _ => throw new ArgumentOutOfRangeException(nameof(answer)),
    };
}
