using Consultation.Cases;
using Consultation.Web.Pages.Shared;

namespace Consultation.Web.Pages.Desk;

/// <summary>What is counted at the desk without becoming a case.</summary>
public static class HomeChoices
{
    public static readonly IReadOnlyList<Choice> TallyKinds =
    [
        Choices.Of(TallyKind.OpeningHours, "受付時間・所在地"), Choices.Of(TallyKind.HowToApply, "申込みの方法"), Choices.Of(TallyKind.OtherOffice, "ほかの窓口の案内"),
        Choices.Of(TallyKind.WrongNumber, "間違い電話"), Choices.Of(TallyKind.SalesCall, "営業・勧誘"), Choices.Of(TallyKind.Other, "その他"),
    ];

    public static readonly IReadOnlyList<Choice> TallyChannels = [Choices.Of(Channel.Phone), Choices.Of(Channel.Email), Choices.Of(Channel.Visit)];
}
