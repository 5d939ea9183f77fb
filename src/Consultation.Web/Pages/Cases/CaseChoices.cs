using Consultation.Cases;
using Consultation.Web.Pages.Shared;

namespace Consultation.Web.Pages.Cases;

/// <summary>What is chosen from while a case is worked on.</summary>
public static class CaseChoices
{
    public static readonly IReadOnlyList<Choice> Directions = [Choices.Of(ContactDirection.In, "相談者から"), Choices.Of(ContactDirection.Out, "こちらから")];

    public static readonly IReadOnlyList<Choice> Channels =
        [.. new[] { Channel.Phone, Channel.Email, Channel.Visit, Channel.Event, Channel.Web }.Select(Choices.Of)];

    /// <summary>What a second call at another desk comes to: a word with the client, or a message for the holder.</summary>
    public static readonly IReadOnlyList<Choice> SecondCalls =
        [Choices.Of(ContactResult.Answered, "この場で話して済んだ"), Choices.Of(ContactResult.Message, "担当への伝言を預かった"), Choices.Of(ContactResult.NoAnswer, "つながらなかった")];

    public static readonly IReadOnlyList<Choice> Results =
    [
        Choices.Of(ContactResult.Answered, "話せた・届いた"), Choices.Of(ContactResult.NoAnswer, "先方不在"), Choices.Of(ContactResult.Message, "伝言を頼んだ・残した"),
    ];
}
