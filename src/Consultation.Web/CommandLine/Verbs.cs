using System.Runtime.InteropServices;
using Consultation.Messaging;
using Consultation.Persistence;
using Npgsql;

namespace Consultation.Web.CommandLine;

/// <summary>A verb of the command line; its one line of usage stands with it.</summary>
internal sealed record Verb(string Name, string Usage, string Purpose, Func<Arguments, CancellationToken, Task<int>> RunAsync);

/// <summary>The table of verbs, and what they share: signals, refusals, exit codes (0 done, 1 refused or failed, 2 not understood).</summary>
internal static class Verbs
{
    private static readonly Verb[] All =
        [Serve.Verb, Migrate.Verb, SeedDemoData.Verb, Load.Verb, Import.Verb, Evaluate.Verb, CheckInvariants.Verb, PrintMonth.Verb, MoveClock.Verb, IssueToken.Verb, ResetPassword.Verb, LetMailGo.Verb, HandOver.Verb];

    public static async Task<int> RunAsync(string[] args)
    {
        var verb = All.FirstOrDefault(verb => verb.Name == args.FirstOrDefault());
        if (verb is null)
        {
            var helpWanted = args is ["help" or "--help" or "-h"];
            await (helpWanted ? Console.Out : Console.Error).WriteLineAsync(Usage());
            return helpWanted ? 0 : 2;
        }

        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            return await verb.RunAsync(new Arguments(args.Skip(1)), stop.Token);
        }
        catch (UsageError error)
        {
            await Console.Error.WriteLineAsync($"{error.Message}\n使い方: {verb.Usage}");
            return 2;
        }
        catch (Exception refused) when (refused is Failure or ClusterUnavailable or MigrationChanged or NpgsqlException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(Explain(refused));
            return 1;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 0;
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    private static string Explain(Exception refused) => refused switch
    {
        InvalidInput invalid => string.Join('\n', invalid.Errors.Select(error => $"{error.Field}: {error.Text}").Prepend(invalid.Text)),
        Failure failure => failure.Text,
        PostgresException { SqlState: PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName } =>
            "データベースの準備ができていません。先に migrate を実行してください。",
        NpgsqlException database => $"データベースの処理に失敗しました（{database.SqlState ?? "接続"}）。{(database is PostgresException ? "" : database.Message)}",
        _ => refused.Message,
    };

    private static string Usage() =>
        $"""
        Consultation — テレワーク相談のワンストップ窓口

        使い方: deploy/consultation 動詞 [引数]

        {string.Join('\n', All.Select(verb => $"  {verb.Usage}\n      {verb.Purpose}"))}

        どの動詞にも --data DIR（専用 PostgreSQL のデータ用フォルダー）を付けられます。付けないときは環境変数
        ConnectionStrings__Consultation の接続先、それもなければ deploy/run のデモのデータを使います。
        終了コード: 0 できた / 1 断られた・失敗した / 2 書き方の誤り
        """;
}
