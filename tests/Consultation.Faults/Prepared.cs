namespace Consultation.Faults;

/// <summary>How an installation is made, by the verbs that an operator uses.</summary>
internal static class Prepared
{
    /// <summary>The working day on which the demo begins.</summary>
    public const string Begin = "2026-11-24 09:20+09";

    /// <summary>Desks and programme of that day's fiscal year, whatever the machine's own date is.</summary>
    /// <returns>A token of somebody who may do everything at the desks.</returns>
    public static async Task<string> AsEmptyAsync(Build build, string data, Postgres postgres, string log, int port)
    {
        await Demand(build.DoAsync(data, "migrate"));
        await postgres.Main.SetClockAsync(Begin);
        using (var server = new Server(build, ["--role", "web", "--prepare", "empty", "--data", data], new Dictionary<string, string>(), log, port))
        {
            server.Start();
            await server.ReadyAsync();
        }

        return (await Demand(build.DoAsync(data, "token", "create", "--role", "supervisor"))).Split('\n')[^1];
    }

    /// <exception cref="InvalidOperationException">The verb ended with a failure.</exception>
    public static async Task<string> Demand(Task<(int Code, string Output)> verb) =>
        await verb is (0, var said) ? said : throw new InvalidOperationException((await verb).Output);
}
