using Consultation.Web.Pages.Shared;

namespace Consultation.Web.Pages.Desk;

/// <summary>The codes of the contract with the words people know them by.</summary>
public static class InquiryChoices
{
    public static readonly IReadOnlyList<Choice> Channels =
    [
        new("phone", "電話"), new("email", "メール"), new("visit", "来訪"), new("event", "催し・相談会"), new("web", "Web"),
    ];

    public static readonly IReadOnlyList<Choice> TeleworkStatuses =
    [
        new("none", "していない"), new("planned", "予定あり"), new("trial", "試行中"), new("introduced", "導入済み"), new("stopped", "やめた"), new("unknown", "不明"),
    ];

    public static readonly IReadOnlyList<Choice> Modes = [new("visit", "訪問"), new("web", "Web会議"), new("phone", "電話")];

    // The division letters and names of the Japan Standard Industrial Classification, 14th revision (domain.md §9.4).
    public static readonly IReadOnlyList<Choice> Industries = [new("", "未確認"), .. Consultation.Reference.Industries.All.Select(industry => new Choice(industry.Letter, industry.Name))];

    public static string WordOf(IReadOnlyList<Choice> choices, string? code) => choices.FirstOrDefault(choice => choice.Value == code)?.Text ?? "未確認";
}
