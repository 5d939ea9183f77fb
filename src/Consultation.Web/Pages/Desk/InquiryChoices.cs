using Consultation.Cases;
using Consultation.Experts;
using Consultation.Reference;
using Consultation.Web.Pages.Shared;

namespace Consultation.Web.Pages.Desk;

/// <summary>What is chosen from while an inquiry is written down.</summary>
public static class InquiryChoices
{
    public static readonly IReadOnlyList<Choice> Channels = [.. new[] { Channel.Phone, Channel.Email, Channel.Visit, Channel.Event, Channel.Web }.Select(Choices.Of)];

    public static readonly IReadOnlyList<Choice> TeleworkStatuses =
        [.. new[] { TeleworkStatus.None, TeleworkStatus.Planned, TeleworkStatus.Trial, TeleworkStatus.Introduced, TeleworkStatus.Stopped, TeleworkStatus.Unknown }.Select(Choices.Of)];

    public static readonly IReadOnlyList<Choice> Modes = [.. new[] { VisitMode.Visit, VisitMode.Web, VisitMode.Phone }.Select(Choices.Of)];

    public static readonly IReadOnlyList<Choice> Consent = [new("yes", "担当の専門家に内容と連絡先を伝えることに、口頭で同意を得た")];

    // The divisions of the Japan Standard Industrial Classification, 14th revision (domain.md §9.4).
    public static readonly IReadOnlyList<Choice> Industries =
        [new("", "未確認"), .. Reference.Industries.All.Select(industry => new Choice(industry.Letter, industry.Name))];
}
