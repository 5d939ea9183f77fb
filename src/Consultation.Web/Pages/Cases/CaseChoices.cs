using Consultation.Web.Pages.Shared;

namespace Consultation.Web.Pages.Cases;

/// <summary>The codes of the contract with the words people know them by.</summary>
public static class CaseChoices
{
    public static readonly IReadOnlyList<Choice> Directions = [new("in", "相談者から"), new("out", "こちらから")];

    public static readonly IReadOnlyList<Choice> Channels = [new("phone", "電話"), new("email", "メール"), new("visit", "来訪"), new("event", "催し・相談会"), new("web", "Web")];

    public static readonly IReadOnlyList<Choice> Results = [new("answered", "話せた・届いた"), new("no_answer", "先方不在"), new("message", "伝言を頼んだ・残した")];
}
