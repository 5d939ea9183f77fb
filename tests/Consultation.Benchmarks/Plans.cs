namespace Consultation.Benchmarks;

internal static class Plans
{
    public static Task<IReadOnlyList<HeavyStatement>> TakeAsync(Scene scene, Product product, string work, Options options) =>
        Task.FromResult<IReadOnlyList<HeavyStatement>>([]);
}
