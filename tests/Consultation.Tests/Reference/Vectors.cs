using Consultation.Reference;

namespace Consultation.Tests.Reference;

internal static class Vectors
{
    /// <summary>The records of a vector file without its header.</summary>
    public static IEnumerable<CsvRow> Rows(string file) =>
        CsvText.Read(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Vectors", file))).Skip(1);
}
