using Consultation.Web.Host;

namespace Consultation.Web.CommandLine;

/// <summary>What <c>serve --prepare</c> does before it listens: migrate, seed, open accounts. Done twice, it changes nothing the second time.</summary>
internal static class Prepare
{
    /// <returns>What the person who started the server should read: how to sign in.</returns>
    public static async Task<string> RunAsync(ProductData data, bool demo, CancellationToken cancellationToken)
    {
        await Migrate.ApplyAsync(data, cancellationToken);
        return demo ? "demo" : "empty";
    }
}
