using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Staff;

namespace Consultation.Web.CommandLine;

/// <summary><c>token create</c>: issues an API token; standard output carries the token and nothing else.</summary>
internal static class IssueToken
{
    public static readonly Verb Verb = new(
        "token",
        "token create --role desk|centre|expert|supervisor|ministry|auditor|administrator [--desk SLUG] [--expert ID] [--name N] [--days N]",
        "API のアクセストークンを発行し、トークンだけを標準出力に書く（二度と表示しません）",
        RunAsync);

    private static async Task<int> RunAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        if (arguments.Word() != "create")
        {
            throw new UsageError("token の次には create を書きます。");
        }

        var role = arguments.Needed(arguments.Option("--role"), "--role");
        if (!EnumText.TryParse<Role>(role, out var known) || known is Role.System or Role.Public)
        {
            throw new UsageError($"役割「{role}」はありません。");
        }

        var desk = arguments.Option("--desk");
        var name = arguments.Option("--name") ?? $"{role}{(desk is null ? "" : $" {desk}")}";
        ExpertId? expert = arguments.Option("--expert") is not { } text ? null
            : ExpertId.TryParse(text, null, out var id) ? id
            : throw new UsageError("--expert は専門家の ID（UUID）です。");
        var days = arguments.Number("--days", 1, 3650);
        if (known == Role.Desk && desk is null)
        {
            throw new UsageError("役割 desk には --desk SLUG が要ります。");
        }

        if (known == Role.Expert && expert is null)
        {
            throw new UsageError("役割 expert には --expert ID が要ります。");
        }

        await using var product = await Product.OpenAsync(arguments, cancellationToken);
        var created = await product.SendAsync(new CreateToken(known, desk, expert, name, days), cancellationToken);
        Console.WriteLine(created.Token);
        return 0;
    }
}
