using Consultation.Web.Host;

namespace Consultation.Web.CommandLine;

/// <summary>
/// <c>serve</c>: runs until it is asked to stop. <c>--prepare</c> first migrates and seeds, so that one command and one process bring up
/// everything (deploy/run); without it the database must have been migrated before.
/// </summary>
internal static class Serve
{
    private const int DefaultPort = 5080;

    public static readonly Verb Verb = new(
        "serve",
        "serve [--role web|worker|all] [--port N] [--address IP] [--prepare demo|empty]",
        "サーバーを動かす（既定: 画面・API と定期処理の両方、127.0.0.1:5080）",
        RunAsync);

    private static async Task<int> RunAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        var role = (arguments.Option("--role") ?? "all") switch
        {
            "web" => ServerRole.Web,
            "worker" => ServerRole.Worker,
            "all" => ServerRole.All,
            var unknown => throw new UsageError($"--role に「{unknown}」はありません。"),
        };
        var port = arguments.Number("--port", 0, 65535) ?? DefaultPort;
        var address = arguments.Option("--address") ?? "127.0.0.1";
        if (!System.Net.IPAddress.TryParse(address, out _))
        {
            throw new UsageError("--address は IP アドレスです。");
        }

        var prepare = arguments.Option("--prepare");
        if (prepare is not (null or "demo" or "empty"))
        {
            throw new UsageError("--prepare は demo か empty です。");
        }

        var folder = arguments.Option("--data");
        arguments.Done();

        await using var data = await ProductData.OpenAsync(folder, cancellationToken);
        var welcome = prepare is null ? null : await Prepare.RunAsync(data, prepare == "demo", cancellationToken);
        await using var app = ConsultationHost.Build(new(data.RuntimeConnectionString, role, port, address, await data.IsDemoAsync(cancellationToken)));
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException taken) when (taken.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            await Console.Error.WriteLineAsync($"ポート {port} は使われています。--port で別の番号を指定してください。");
            return 1;
        }

        if (welcome is not null)
        {
            Console.WriteLine($"準備ができました: {ConsultationHost.AddressOf(app)}\n{welcome}");
        }

        await using var stopping = cancellationToken.Register(app.Lifetime.StopApplication);
        await app.WaitForShutdownAsync(CancellationToken.None);
        return 0;
    }
}
