using Consultation.Reference;

namespace Consultation.Tests.Reference;

public sealed class CorporateNumberTests
{
    public static TheoryData<string, string> Published()
    {
        var data = new TheoryData<string, string>();
        foreach (var row in Vectors.Rows("corporate-number-vectors.csv"))
        {
            data.Add(row[0], row[1]);
        }

        return data;
    }

    [Fact]
    public void The_vector_file_is_read_whole() => Assert.Equal(30, Published().Count);

    [Theory]
    [MemberData(nameof(Published))]
    public void Published_vectors_hold(string typed, string expected)
    {
        var kind = CorporateNumber.Check(typed).Kind;
        var wanted = typed.Length == 0 ? "absent" : expected == "valid-but-wrong" ? "valid" : expected;
        var got = kind switch
        {
            CorporateNumberKind.Valid => "valid",
            CorporateNumberKind.Absent => "absent",
            _ => "invalid",
        };
        Assert.Equal(wanted, got);
    }

    [Theory]
    [InlineData("４００００１２０９０００１", "4000012090001")]
    [InlineData(" 4-0000-1209-0001　", "4000012090001")]
    [InlineData("4－0000−1209‐0001", "4000012090001")]
    [InlineData("Ｔ７１２３４５６７８９０１２", "7123456789012")]
    public void A_valid_number_is_normalised(string typed, string value) =>
        Assert.Equal(value, CorporateNumber.Check(typed).Value);

    [Theory]
    [InlineData("123456789018")]
    [InlineData("１２３４-５６７８-９０１８")]
    [InlineData("000012090001")]
    public void Twelve_digits_are_a_possible_my_number_and_travel_no_further(string typed)
    {
        var check = CorporateNumber.Check(typed);
        Assert.Equal(CorporateNumberKind.PossibleMyNumber, check.Kind);
        Assert.Null(check.Value);
    }

    [Fact]
    public void The_missing_check_digit_is_offered_unless_it_may_be_a_my_number()
    {
        Assert.Equal(4, CorporateNumber.Check("000012090001").CheckDigit);
        Assert.Null(CorporateNumber.Check("123456789018").CheckDigit);
    }

    [Fact]
    public void Of_all_single_digit_errors_only_zero_and_nine_pass()
    {
        const string right = "7123456789012";
        for (var place = 1; place < right.Length; place++)
        {
            for (var digit = '0'; digit <= '9'; digit++)
            {
                var typed = string.Concat(right.AsSpan(0, place), [digit], right.AsSpan(place + 1));
                var undetectable = digit == right[place] || (digit, right[place]) is ('0', '9') or ('9', '0');
                Assert.Equal(undetectable, CorporateNumber.Check(typed).Kind == CorporateNumberKind.Valid);
            }
        }
    }

    [Fact]
    public void The_check_digit_is_never_zero() =>
        Assert.All(Enumerable.Range(0, 5000), i => Assert.InRange(CorporateNumber.CheckDigitOf($"{i * 7919L:000000000000}"), 1, 9));

    [Fact]
    public void The_printed_form_is_grouped() => Assert.Equal("4-0000-1209-0001", CorporateNumber.Display("4000012090001"));
}
