using Consultation.Reference;

namespace Consultation.Tests.Reference;

public sealed class NumberAndNameTests
{
    [Theory]
    [InlineData("番号は123456789018です", true)]
    [InlineData("番号は１２３４５６７８９０１８です", true)]
    [InlineData("1234-5678-9018", true)]
    [InlineData("1234 5678 9018", true)]
    [InlineData("1234－5678−9018", true)]
    [InlineData("１２３４　５６７８　９０１８", true)]
    [InlineData("電話 090 1234 5678 9018", true)]
    [InlineData("1234\u200B56789018", true)]
    [InlineData("123456789012", false)]
    [InlineData("1234567890180", false)]
    [InlineData("0123456789018", false)]
    [InlineData("12345678901", false)]
    [InlineData("7-1234-5678-9018", false)]
    [InlineData("1234-5678-9018-0000", false)]
    [InlineData("0000-1234-5678-9018", false)]
    [InlineData("123-45678-9018", false)]
    [InlineData("1234--5678-9018", false)]
    [InlineData("相談です", false)]
    [InlineData("", false)]
    public void A_my_number_is_found_in_text(string text, bool found) => Assert.Equal(found, MyNumber.FindIn(text));

    [Fact]
    public void A_telephone_number_with_country_code_is_no_my_number()
    {
        var phone = Enumerable.Range(0, 100).Select(i => $"8190123456{i:00}").First(digits => MyNumber.HasValidCheckDigit(digits));
        Assert.True(MyNumber.FindIn(phone));
        Assert.False(MyNumber.FindIn($"+{phone}"));
    }

    [Fact]
    public void Every_last_digit_but_one_fails_the_check() =>
        Assert.Equal(8, Assert.Single(Enumerable.Range(0, 10), digit => MyNumber.HasValidCheckDigit($"12345678901{digit}")));

    [Fact]
    public void A_rest_of_zero_or_one_gives_the_check_digit_zero()
    {
        // The weights from the right are 2, 3, 4 …: a single 6 gives 12, whose rest is 1; a single 1 gives 2.
        Assert.True(MyNumber.HasValidCheckDigit("000000000060"));
        Assert.True(MyNumber.HasValidCheckDigit("000000000000"));
        Assert.True(MyNumber.HasValidCheckDigit("000000000019"));
    }

    [Theory]
    [InlineData("011-000-0001", "0110000001", PhoneKind.Landline, false)]
    [InlineData("（03）1234ー5678", "0312345678", PhoneKind.Landline, false)]
    [InlineData("０３　１２３４　５６７８", "0312345678", PhoneKind.Landline, false)]
    [InlineData("+81-3-1234-5678", "0312345678", PhoneKind.Landline, false)]
    [InlineData("+81 (0)3-1234-5678", "0312345678", PhoneKind.Landline, false)]
    [InlineData("090-1234-5678", "09012345678", PhoneKind.Mobile, false)]
    [InlineData("060−1234‐5678", "06012345678", PhoneKind.Mobile, false)]
    [InlineData("+819012345678", "09012345678", PhoneKind.Mobile, false)]
    [InlineData("050-1234-5678", "05012345678", PhoneKind.Ip, false)]
    [InlineData("050-000-0040", "0500000040", PhoneKind.Unknown, true)]
    [InlineData("0120-123-456", "0120123456", PhoneKind.TollFree, false)]
    [InlineData("0800-123-4567", "08001234567", PhoneKind.TollFree, false)]
    [InlineData("0570-012-345", "0570012345", PhoneKind.Unified, false)]
    [InlineData("03-1234-5678 内線12", "0312345678", PhoneKind.Landline, false)]
    [InlineData("03-1234-567", "031234567", PhoneKind.Unknown, true)]
    [InlineData("1234567890", "1234567890", PhoneKind.Unknown, true)]
    [InlineData("03-1234-5678(山田)", "0312345678", PhoneKind.Landline, true)]
    [InlineData("なし", null, PhoneKind.Unknown, true)]
    [InlineData("", null, PhoneKind.Absent, false)]
    [InlineData(null, null, PhoneKind.Absent, false)]
    public void A_telephone_number_is_judged_by_length_and_prefix(string? typed, string? digits, PhoneKind kind, bool doubtful) =>
        Assert.Equal(new PhoneCheck(digits, kind, doubtful), Phone.Check(typed));

    [Theory]
    [InlineData("498-0000", "498-0000")]
    [InlineData("〒４９８－００００", "498-0000")]
    [InlineData("4980000", "498-0000")]
    [InlineData("498ー0000", "498-0000")]
    [InlineData("49-80000", null)]
    [InlineData("498000", null)]
    [InlineData("498-000A", null)]
    [InlineData(null, null)]
    public void A_postal_code_is_seven_digits(string? typed, string? code) => Assert.Equal(code, PostalCode.Normalise(typed));

    [Theory]
    [InlineData("contact02@client02.example", true)]
    [InlineData("a.b.@docomo.example.jp", true)]
    [InlineData("a..b@docomo.example.jp", false)]
    [InlineData("first.last+tag@sub.example.co.jp", true)]
    [InlineData("a@b", false)]
    [InlineData("@example.jp", false)]
    [InlineData("a@@example.jp", false)]
    [InlineData("a b@example.jp", false)]
    [InlineData("山田@example.jp", false)]
    [InlineData("a@-example.jp", false)]
    [InlineData("a@example..jp", false)]
    [InlineData("a@127.0.0.1", false)]
    [InlineData("A <a@example.jp>", false)]
    [InlineData("a@example.jp\r\nBcc: b@example.jp", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_mail_address_is_judged_by_form(string? address, bool wellFormed) =>
        Assert.Equal(wellFormed, EmailAddress.IsWellFormed(address));

    [Fact]
    public void An_overlong_local_part_is_refused()
    {
        Assert.True(EmailAddress.IsWellFormed($"{new string('a', 64)}@example.jp"));
        Assert.False(EmailAddress.IsWellFormed($"{new string('a', 65)}@example.jp"));
    }

    [Theory]
    [InlineData("株式会社テスト")]
    [InlineData("(株)ﾃｽﾄ")]
    [InlineData("㈱テスト")]
    [InlineData("テスト㈱")]
    [InlineData("テスト株式会社")]
    [InlineData("株式會社　てすと")]
    [InlineData("（株） テ ス ト")]
    [InlineData("㍿テスト")]
    [InlineData("有限会社テスト")]
    [InlineData("合同会社テスト")]
    [InlineData("医療法人社団テスト")]
    [InlineData("一般社団法人テスト")]
    [InlineData("特定非営利活動法人テスト")]
    [InlineData("カ)テスト")]
    [InlineData("テスト(カ")]
    [InlineData("テスト Co., Ltd.")]
    [InlineData("カブシキガイシャテスト")]
    public void Names_of_one_organisation_share_a_key(string name) => Assert.Equal("テスト", OrganisationName.Key(name));

    [Theory]
    [InlineData("(株)みちのく製作所", "株式会社みちのく製作所")]
    [InlineData("株式会社 富士吉田テキスタイル", "富士吉田テキスタイル(株)")]
    [InlineData("髙橋商店", "高橋商店")]
    [InlineData("(株)澤田・齋藤", "沢田斎藤株式会社")]
    [InlineData("ヱビス－サ－ビス", "エビスーサービス")]
    public void Variants_share_a_key(string one, string other) => Assert.Equal(OrganisationName.Key(one), OrganisationName.Key(other));

    [Theory]
    [InlineData("株式会社", "株式会社")]
    [InlineData("", "")]
    [InlineData("テスト(サンド)", "テスト(サンド)")]
    [InlineData("株式会社テスト 北陸支店", "テスト北陸支店")]
    [InlineData("日本株式会社研究所", "日本株式会社研究所")]
    [InlineData("(個人)", "(個人)")]
    public void Only_a_legal_form_at_an_end_is_dropped(string name, string key) => Assert.Equal(key, OrganisationName.Key(name));

    [Theory]
    [InlineData("(株)みちのく製作所", BusinessForm.Company)]
    [InlineData("テスト合同会社", BusinessForm.Company)]
    [InlineData("医療法人架空あおぞら会", BusinessForm.NotABusiness)]
    [InlineData("伯耆中央広域事務組合", BusinessForm.NotABusiness)]
    [InlineData("一般社団法人会津観光機構", BusinessForm.NotABusiness)]
    [InlineData("有明海苔本舗", null)]
    public void The_form_is_read_from_the_name(string name, BusinessForm? form) => Assert.Equal(form, OrganisationName.FormOf(name));
}
