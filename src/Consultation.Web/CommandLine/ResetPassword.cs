using Consultation.Web.Host;
using Consultation.Web.SignIn;

namespace Consultation.Web.CommandLine;

/// <summary><c>password USER</c>: gives a person a new random password, printed this once, and ends all their sessions.</summary>
internal static class ResetPassword
{
    public static readonly Verb Verb = new("password", "password USER", "利用者に新しいパスワードを与えて一度だけ表示し、サインイン中の画面をすべて終わらせる", RunAsync);

    private static async Task<int> RunAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        var user = arguments.Needed(arguments.Word(), "USER");
        var folder = arguments.Option("--data");
        arguments.Done();
        await using var data = await ProductData.OpenAsync(folder, cancellationToken);
        await using var product = await Product.OnAsync(data, services => services.AddSignIn(), cancellationToken);
        await using var scope = product.Services.CreateAsyncScope();
        var password = Accounts.NewPassword();
        await scope.ServiceProvider.GetRequiredService<Accounts>().ResetAsync(user, password, cancellationToken);
        Console.WriteLine(password);
        return 0;
    }
}
