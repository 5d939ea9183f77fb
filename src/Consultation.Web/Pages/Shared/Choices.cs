using Consultation.Cases;
using Consultation.Experts;

namespace Consultation.Web.Pages.Shared;

/// <summary>Codes as things to choose: the value is the name of the code, the text the word people know it by.</summary>
public static class Choices
{
    public static Choice Of<TCode>(TCode code, string text) where TCode : struct, Enum => new(code.ToString(), text);

    public static Choice Of(Channel channel) => Of(channel, CaseWords.Of(channel));

    public static Choice Of(TeleworkStatus status) => Of(status, CaseWords.Of(status));

    public static Choice Of(VisitMode mode) => Of(mode, CaseWords.Of(mode));

    public static Choice Of(CaseOutcome outcome) => Of(outcome, CaseWords.Of(outcome));

    /// <summary>The code that was chosen; null for nothing and for what is no code.</summary>
    public static TCode? Read<TCode>(string? value) where TCode : struct, Enum =>
        Enum.TryParse<TCode>(value, out var code) && Enum.IsDefined(code) ? code : null;
}
