using Consultation.Mail;

namespace Consultation.Web.CommandLine;

/// <summary><c>mail release</c>: lets an outbox go that was held after a restore.</summary>
internal static class LetMailGo
{
    public static readonly Verb Verb = new("mail", "mail release", "復元のあと止めてある送信待ちのメールを送り始める", RunAsync);

    private static async Task<int> RunAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        if (arguments.Word() != "release")
        {
            throw new UsageError("mail の次には release を書きます。");
        }

        await using var product = await Product.OpenAsync(arguments, cancellationToken);
        Console.WriteLine($"送信待ち {await product.SendAsync(new ReleaseMail(), cancellationToken)}通");
        return 0;
    }
}
