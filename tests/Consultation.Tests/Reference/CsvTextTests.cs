using Consultation.Reference;

namespace Consultation.Tests.Reference;

public sealed class CsvTextTests
{
    [Fact]
    public void Quoted_fields_hold_commas_quotes_and_line_breaks()
    {
        var rows = CsvText.Read("\uFEFFa,b\r\n\"1,\"\"2\"\"\",\"x\r\ny\"\nz,");
        Assert.Equal(3, rows.Count);
        Assert.Equal(["a", "b"], rows[0]);
        Assert.Equal(["1,\"2\"", "x\r\ny"], rows[1]);
        Assert.Equal(["z", ""], rows[2]);
        Assert.Equal([1, 2, 4], rows.Select(row => row.Line));
        Assert.All(rows, row => Assert.False(row.IsMalformed));
    }

    [Fact]
    public void Empty_lines_are_passed_over_and_counted()
    {
        var rows = CsvText.Read("a\n\r\n\rb\r\n\n");
        Assert.Equal([(1, "a"), (4, "b")], rows.Select(row => (row.Line, row[0])));
        Assert.Empty(CsvText.Read(""));
        Assert.Equal(["", ""], Assert.Single(CsvText.Read(",")));
    }

    [Theory]
    [InlineData("\"a\"b,c", "ab")]
    [InlineData("\"a,c", "a,c")]
    public void Broken_quoting_is_marked_not_thrown(string text, string first)
    {
        var row = Assert.Single(CsvText.Read(text));
        Assert.True(row.IsMalformed);
        Assert.Equal(first, row[0]);
    }

    [Fact]
    public void A_quote_inside_a_plain_field_is_a_character() => Assert.Equal(["5\" disk", "x"], Assert.Single(CsvText.Read("5\" disk,x")));

    [Fact]
    public void The_sample_inquiries_are_read_whole()
    {
        var rows = Vectors.Rows("inquiries.csv").ToList();
        Assert.Equal(40, rows.Count);
        Assert.All(rows, row => Assert.Equal(20, row.Count));
    }
}
