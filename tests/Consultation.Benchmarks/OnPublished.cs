namespace Consultation.Benchmarks;

/// <summary>A section of its own on the published product: a scene in a folder that is gone afterwards.</summary>
internal static class OnPublished
{
    /// <param name="told"><c>--product DIR</c> takes one that is published.</param>
    /// <param name="act">Gets the product, the scene and the folder.</param>
    public static async Task DoAsync(string[] told, string name, int cases, int clients, Func<Product, Scene, string, Task> act)
    {
        var product = told is ["--product", var folder] ? Product.At(folder) : await Product.PublishAsync();
        var work = Path.Combine(Path.GetTempPath(), $"consultation-{name}-{Environment.ProcessId}");
        Directory.CreateDirectory(work);
        try
        {
            var scene = await Scene.OpenAsync(product, Path.Combine(work, "data"), cases, clients);
            await using var database = scene.Database;
            await act(product, scene, work);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }
}
