using Consultation.Reference;

namespace Consultation.Tests.Reference;

public sealed class IndustryTests
{
    [Fact]
    public void There_are_20_divisions_and_five_need_more_than_the_letter()
    {
        Assert.Equal("ABCDEFGHIJKLMNOPQRST", string.Concat(Industries.All.Select(industry => industry.Letter)));
        Assert.Equal("GIKMN", string.Concat(Industries.All.Where(industry => industry.NeedsCodeForSme)));
        Assert.Equal("K", string.Concat(Industries.All.Where(industry => industry.NeedsCodeForSurvey)));
        Assert.Equal("S", string.Concat(Industries.All.Where(industry => !industry.IsInSurvey)));
    }

    [Theory]
    [InlineData("A", "A")]
    [InlineData("ｔ", "T")]
    [InlineData("農業・林業", "A")]
    [InlineData("農業,林業", "A")]
    [InlineData("電気・ガス・熱供給・水道業", "F")]
    [InlineData("建設業", "D")]
    [InlineData("分類なし", "T")]
    [InlineData("運輸業・郵便業", "H")]
    [InlineData("運輸・郵便業", "H")]
    [InlineData("卸売・小売業", "I")]
    [InlineData("サービス業", "R")]
    [InlineData("サービス業（他に分類されないもの）", "R")]
    [InlineData("鉱業、採石業、砂利採取業", "C")]
    [InlineData("宇宙産業", null)]
    [InlineData("U", null)]
    [InlineData("業", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void A_division_is_found_by_letter_or_name(string? key, string? letter) => Assert.Equal(letter, Industries.Find(key)?.Letter);

    [Theory]
    [InlineData("E", null, "Other")]
    [InlineData("S", null, "NotApplicable")]
    [InlineData("T", null, "Other")]
    [InlineData("O", "82", "Service")]
    [InlineData("G", null, "Service,Other")]
    [InlineData("G", "39", "Service")]
    [InlineData("G", "391", "Service")]
    [InlineData("G", "40", "Other")]
    [InlineData("G", "411", "Service")]
    [InlineData("G", "413", "Other")]
    [InlineData("G", "41", "Service,Other")]
    [InlineData("I", null, "Wholesale,Retail")]
    [InlineData("I", "50", "Wholesale")]
    [InlineData("I", "55", "Wholesale")]
    [InlineData("I", "56", "Retail")]
    [InlineData("I", "61", "Retail")]
    [InlineData("I", "99", "Wholesale,Retail")]
    [InlineData("K", "693", "Service")]
    [InlineData("K", "691", "Other")]
    [InlineData("K", "69", "Service,Other")]
    [InlineData("K", "70", "Service")]
    [InlineData("M", "75", "Service")]
    [InlineData("M", "77", "Retail")]
    [InlineData("N", "791", "Other")]
    [InlineData("N", "７９２", "Service")]
    [InlineData("N", "x", "Other,Service")]
    public void The_class_of_the_act_follows_letter_and_code(string letter, string? code, string classes) =>
        Assert.Equal(classes, string.Join(',', Industries.Find(letter)!.SmeClasses(code)));

    [Theory]
    [InlineData("K", null, null)]
    [InlineData("K", "70", "サービス業、その他")]
    [InlineData("K", "68", "不動産業")]
    [InlineData("A", null, "サービス業、その他")]
    [InlineData("S", null, null)]
    public void The_class_of_the_survey_follows_letter_and_code(string letter, string? code, string? survey) =>
        Assert.Equal(survey, Industries.Find(letter)!.SurveyClass(code));

    [Theory]
    [InlineData(SmeClass.Retail, BusinessForm.Company, 50, 60_000_000L, SmeHint.Yes)]
    [InlineData(SmeClass.Retail, BusinessForm.Company, 51, 50_000_000L, SmeHint.Yes)]
    [InlineData(SmeClass.Retail, BusinessForm.Company, 51, 50_000_001L, SmeHint.No)]
    [InlineData(SmeClass.Wholesale, BusinessForm.Company, 101, 100_000_000L, SmeHint.Yes)]
    [InlineData(SmeClass.Wholesale, BusinessForm.Company, 101, 100_000_001L, SmeHint.No)]
    [InlineData(SmeClass.Service, BusinessForm.Company, 101, 50_000_000L, SmeHint.Yes)]
    [InlineData(SmeClass.Service, BusinessForm.Company, 101, 50_000_001L, SmeHint.No)]
    [InlineData(SmeClass.Service, BusinessForm.Company, 100, 50_000_001L, SmeHint.Yes)]
    [InlineData(SmeClass.Other, BusinessForm.Company, 300, 300_000_001L, SmeHint.Yes)]
    [InlineData(SmeClass.Other, BusinessForm.Company, 301, 300_000_000L, SmeHint.Yes)]
    [InlineData(SmeClass.Other, BusinessForm.Company, 301, 300_000_001L, SmeHint.No)]
    [InlineData(SmeClass.Retail, BusinessForm.SoleProprietor, 51, 1L, SmeHint.No)]
    [InlineData(SmeClass.Retail, BusinessForm.SoleProprietor, 50, null, SmeHint.Yes)]
    [InlineData(SmeClass.Retail, BusinessForm.SoleProprietor, null, 1L, SmeHint.Unknown)]
    [InlineData(SmeClass.Retail, BusinessForm.Company, 50, null, SmeHint.Yes)]
    [InlineData(SmeClass.Retail, BusinessForm.Company, null, 50_000_000L, SmeHint.Yes)]
    [InlineData(SmeClass.Retail, BusinessForm.Company, 51, null, SmeHint.Unknown)]
    [InlineData(SmeClass.Retail, BusinessForm.Company, null, 50_000_001L, SmeHint.Unknown)]
    [InlineData(SmeClass.Retail, BusinessForm.Company, null, null, SmeHint.Unknown)]
    [InlineData(SmeClass.Service, BusinessForm.NotABusiness, 10, 1L, SmeHint.NotApplicable)]
    [InlineData(SmeClass.NotApplicable, BusinessForm.Company, 10, 1L, SmeHint.NotApplicable)]
    public void The_hint_follows_the_act_at_its_limits(SmeClass sme, BusinessForm form, int? employees, long? capital, SmeHint hint) =>
        Assert.Equal(hint, SmeRules.Medium([sme], form, employees, capital));

    [Fact]
    public void What_the_letter_leaves_open_matters_only_where_the_limits_differ()
    {
        var trade = Industries.Find("I")!.SmeClasses();
        Assert.Equal(SmeHint.Yes, SmeRules.Medium(trade, BusinessForm.Company, 50, null));
        Assert.Equal(SmeHint.Unknown, SmeRules.Medium(trade, BusinessForm.Company, 80, 80_000_000_000));
        Assert.Equal(SmeHint.No, SmeRules.Medium(trade, BusinessForm.Company, 140, 200_000_000));
        Assert.Equal(SmeHint.Unknown, SmeRules.Medium(trade, null, 140, 200_000_000));
        Assert.Equal(SmeHint.Unknown, SmeRules.Medium([], BusinessForm.Company, 10, 1));
    }

    [Theory]
    [InlineData(SmeClass.Other, 20, SmeHint.Yes)]
    [InlineData(SmeClass.Other, 21, SmeHint.No)]
    [InlineData(SmeClass.Wholesale, 5, SmeHint.Yes)]
    [InlineData(SmeClass.Wholesale, 6, SmeHint.No)]
    [InlineData(SmeClass.Service, 6, SmeHint.No)]
    [InlineData(SmeClass.Retail, 5, SmeHint.Yes)]
    [InlineData(SmeClass.Retail, null, SmeHint.Unknown)]
    [InlineData(SmeClass.NotApplicable, 5, SmeHint.NotApplicable)]
    public void A_small_enterprise_is_judged_by_employees_alone(SmeClass sme, int? employees, SmeHint hint) =>
        Assert.Equal(hint, SmeRules.Small([sme], BusinessForm.Company, employees));
}
