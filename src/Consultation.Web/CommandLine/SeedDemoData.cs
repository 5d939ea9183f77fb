using Consultation.Demo;
using Consultation.Web.Host;
using Consultation.Web.SignIn;

namespace Consultation.Web.CommandLine;

/// <summary><c>seed-demo</c>: fills an empty database with the demo; a second time it changes nothing. Prints who can sign in.</summary>
internal static class SeedDemoData
{
    /// <summary>The same for everybody of the demo and printed at every start; it opens nothing but invented people.</summary>
    private const string Password = "telework-soudan-demo";

    public static readonly Verb Verb = new("seed-demo", "seed-demo", "空のデータベースにデモの人・企業・案件を入れる（時計は 2026年11月24日(火) 9:20）", RunAsync);

    /// <returns>How to sign in, for people to read.</returns>
    public static async Task<string> ApplyAsync(Product product, CancellationToken cancellationToken)
    {
        var people = await product.SendAsync(new SeedDemo(), cancellationToken);
        await using var scope = product.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<Accounts>()
            .OpenAllAsync(people.Select(person => (person.Id, person.Email)), Password, cancellationToken);
        return $"デモのサインイン（パスワードは全員 {Password}）\n"
            + string.Join('\n', people.GroupBy(person => person.Role).SelectMany(role => role.Take(3)).Select(person => $"  {person.Email,-32} {person.Name}"))
            + $"\n  ほか、全 {people.Count}名";
    }

    private static async Task<int> RunAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        var folder = arguments.Option("--data");
        arguments.Done();
        await using var data = await ProductData.OpenAsync(folder, cancellationToken);
        await using var product = await Product.OnAsync(data, services => services.AddSignIn(), cancellationToken);
        Console.WriteLine(await ApplyAsync(product, cancellationToken));
        return 0;
    }
}
