using System.Globalization;

namespace Consultation.Benchmarks;

/// <summary>Puts the synthetic cases into a new database.</summary>
internal static class Filling
{
    public static Task FillAsync(Product product, Database database, int cases) =>
        cases < 100 ? product.DoAsync(database, "import", Path.Combine(Product.Root, "tests/Consultation.Tests/Vectors/inquiries.csv")) : product.DoAsync(database, "load", "--cases", cases.ToString(CultureInfo.InvariantCulture), "--seed", "1");
}
