using System.Globalization;

namespace Consultation.Faults;

/// <summary>Somebody at a desk who writes down one inquiry after the other, each by mail, so that each owes a receipt to an address of its own.</summary>
internal static class LogClient
{
    private static readonly string[] Texts =
    [
        "勤怠管理とVPNについて相談したい。", "在宅勤務の就業規則を見直したい。", "テレワークの費用負担をどう決めるか知りたい。", "持ち帰りPCの情報セキュリティが心配です。",
    ];

    private static int written;

    public static Task<Entry> LogAsync(Caller caller, int text)
    {
        var no = Interlocked.Increment(ref written);
        return caller.PostAsync("log", "/inquiries", new
        {
            channel = "email", desk = "tohoku", text = Texts[text % Texts.Length],
            contact = new { name = "担当", email = string.Create(CultureInfo.InvariantCulture, $"writer@client{no}.example") },
            organisation = new { name = string.Create(CultureInfo.InvariantCulture, $"株式会社相談{no}"), prefecture = "宮城県", city = "仙台市" },
        });
    }

    /// <summary>Several of them, each with a pause after every inquiry, until time is over.</summary>
    public static Task WorkAsync(House house, Func<Caller> caller, int clients, int seed, TimeSpan pause, CancellationToken end) =>
        Task.WhenAll(Enumerable.Range(0, clients).Select(async i =>
        {
            var (own, random) = (caller(), new Random(seed * 1000 + i));
            while (!end.IsCancellationRequested)
            {
                Demand(house, await LogAsync(own, random.Next(Texts.Length)));
                await Task.Delay(pause, CancellationToken.None);
            }
        }));

    /// <summary>So many of them, by several clients.</summary>
    public static Task LogAsync(House house, Caller caller, int many) =>
        Parallel.ForEachAsync(Enumerable.Range(0, many), new ParallelOptions { MaxDegreeOfParallelism = Math.Min(12, many) }, async (i, _) => Demand(house, await LogAsync(caller, i)));

    private static void Demand(House house, Entry logged)
    {
        if (!logged.IsAcknowledged)
        {
            house.Findings.Add($"an inquiry was refused: {logged.Status} {logged.Answer}");
        }
    }
}
