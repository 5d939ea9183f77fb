using Consultation.Demo;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Staff;
using Consultation.Web.Host;
using Consultation.Web.SignIn;

namespace Consultation.Web.CommandLine;

/// <summary>What <c>serve --prepare</c> does before it listens: migrate, seed, open accounts. Done twice, it changes nothing the second time.</summary>
internal static class Prepare
{
    private const string Administrator = "administrator";

    /// <returns>What the person who started the server should read: how to sign in.</returns>
    public static async Task<string> RunAsync(ProductData data, bool demo, CancellationToken cancellationToken)
    {
        await Migrate.ApplyAsync(data, cancellationToken);
        await using var product = await Product.OnAsync(data, services => services.AddSignIn(), cancellationToken);
        if (demo)
        {
            return await SeedDemoData.ApplyAsync(product, cancellationToken);
        }

        if (await data.IsDemoAsync(cancellationToken))
        {
            throw new ClusterUnavailable("このデータはデモのものです。--empty では別のフォルダー（--data DIR）を使ってください。");
        }

        await product.SendAsync(new SeedEssentials(), cancellationToken);
        return await EmptyAsync(product, cancellationToken);
    }

    /// <summary>The first person of an empty installation, whose password is shown this once and kept nowhere.</summary>
    private static async Task<string> EmptyAsync(Product product, CancellationToken cancellationToken)
    {
        var people = await product.SendAsync(new ListPeople(), cancellationToken);
        if (people.Any(person => person.Role == Role.Administrator))
        {
            return "登録済みの利用者でサインインしてください。";
        }

        var staff = await product.SendAsync(new AddPerson("管理者", null, Role.Administrator, null, null, "設置者"), cancellationToken);
        var password = Accounts.NewPassword();
        await using var scope = product.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<Accounts>().OpenAsync(staff, Administrator, password, cancellationToken);
        return $"管理者  利用者名: {Administrator}  パスワード: {password}\n（このパスワードは二度と表示しません。書き留めてください）";
    }
}
