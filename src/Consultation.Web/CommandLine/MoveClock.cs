using System.Globalization;
using Consultation.Demo;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Staff;
using Consultation.Work;

namespace Consultation.Web.CommandLine;

/// <summary>
/// <c>clock set WHEN</c> and <c>clock step N(bd|d|h)</c>: move the demo's clock. A step stops at every day or hour on its way and does the
/// work that is due there, so that reminders and follow-ups happen on their day; <c>set</c> jumps and lets the worker catch up.
/// </summary>
internal static class MoveClock
{
    public static readonly Verb Verb = new(
        "clock", "clock set WHEN | clock step N(bd|d|h)", "デモの時計を進める（例: clock set 2026-12-01T09:00、clock step 10bd）", RunAsync);

    private static async Task<int> RunAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        var what = arguments.Word();
        if (what is not ("set" or "step"))
        {
            throw new UsageError("clock の次には set か step を書きます。");
        }

        var how = arguments.Needed(arguments.Word(), what == "set" ? "WHEN" : "N(bd|d|h)");
        var target = what == "set" ? WhenOf(how) : default;
        var step = what == "step" ? ClockStep.Parse(how) : null;
        await using var product = await Product.OpenAsync(arguments, cancellationToken);
        if (step is null)
        {
            Tell(await product.SendAsync(new SetClock(target), cancellationToken));
            return 0;
        }

        var failed = false;
        var from = product.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        foreach (var stop in step.Stops(from, await product.Services.GetRequiredService<DeskBook>().NationalAsync(cancellationToken)))
        {
            Tell(await product.SendAsync(new SetClock(stop), cancellationToken));
            var work = await product.SendAsync(new RunAllDue(), cancellationToken);
            foreach (var (job, code) in work.Failed)
            {
                failed = true;
                await Console.Error.WriteLineAsync($"  {job}: {Texts.Of(code)}");
            }

            if (work.Done.Count > 0)
            {
                Console.WriteLine($"  {string.Join("、", work.Done.Select(done => $"{done.Key} {done.Value}"))}");
            }
        }

        return failed ? 1 : 0;
    }

    /// <summary>Without an offset Japan time is meant (design §6).</summary>
    private static DateTimeOffset WhenOf(string text)
    {
        if (DateTime.TryParseExact(text, ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
        {
            return JapanTime.At(DateOnly.FromDateTime(local), TimeOnly.FromDateTime(local));
        }

        return DateTimeOffset.TryParseExact(
            text, ["yyyy-MM-dd'T'HH:mmzzz", "yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm'Z'", "yyyy-MM-dd'T'HH:mm:ss'Z'"],
            CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)
            ? instant
            : throw new InvalidInput("when", "clock.malformed");
    }

    private static void Tell(DateTimeOffset now) => Console.WriteLine(JapaneseDate.LongTime(now));
}
