namespace Consultation.Benchmarks;

/// <summary>The operations in the order in which they are measured: what only reads first, so that it meets the database as it was filled.</summary>
internal static class Catalogue
{
    public static IReadOnlyList<Operation> Of(Scene scene) =>
    [
        new ReadCase(page: false), new ReadQueue(page: false), new ReadQueue(page: true), new ReadCase(page: true), new ReadSupervision(), new ReadDistrictDiary(),
        .. scene.Terms.Select(term => new Search(term)),
        new Create(), new Update(), new Book(),
    ];
}
