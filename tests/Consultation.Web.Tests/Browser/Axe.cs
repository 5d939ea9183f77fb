using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace Consultation.Web.Tests.Browser;

/// <summary>
/// axe with every rule it has switched on by itself, run inside the page. Only violations come back: the package's own call carries every
/// element that passed through three processes and opens a second page for it, which took five times as long as the rules themselves.
/// </summary>
internal static class Axe
{
    private static readonly string Script = new BundledAxeScriptProvider().GetScript();

    public static async Task<Outcome> RunAsync(IPage page)
    {
        if (!await page.EvaluateAsync<bool>("() => 'axe' in window"))
        {
            await page.EvaluateAsync(Script);
        }

        return await page.EvaluateAsync<Outcome>("""
            async () => {
              const result = await axe.run(document, { resultTypes: ['violations'] });
              return {
                passes: result.passes.length,
                violations: result.violations.map(rule => `${rule.id}: ${rule.nodes.slice(0, 3).map(node => node.html).join(' | ')}`),
              };
            }
            """);
    }

    internal sealed class Outcome
    {
        public int Passes { get; set; }

        public string[] Violations { get; set; } = [];
    }
}
