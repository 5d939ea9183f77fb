using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Consultation.Tests.Visits;

public sealed record ReadPerson(string Name, string Address);

public sealed record ReadEvent(
    string Uid, int Sequence, DateTimeOffset Stamp, DateTimeOffset Start, DateTimeOffset End, string Zone, string Summary, string? Location, string? Description, string? Url, string? Status,
    IReadOnlyList<ReadPerson> Organizer, IReadOnlyList<ReadPerson> Attendees);

/// <summary>A calendar as an independent reader (ical.js in a process of its own) understands it.</summary>
public sealed record ReadCalendar(string? Method, IReadOnlyList<string> Zones, IReadOnlyList<ReadEvent> Events)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static async Task<IReadOnlyList<ReadCalendar>> ManyAsync(params IEnumerable<string> calendars)
    {
        var start = new ProcessStartInfo("node", Path.Combine(Folder(), "Visits", "read-calendar.mjs"))
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false), StandardOutputEncoding = Encoding.UTF8,
        };
        using var reader = Process.Start(start)!;
        await reader.StandardInput.WriteAsync(JsonSerializer.Serialize(calendars));
        reader.StandardInput.Close();
        var complaint = reader.StandardError.ReadToEndAsync();
        var told = await reader.StandardOutput.ReadToEndAsync();
        await reader.WaitForExitAsync();
        Assert.True(reader.ExitCode == 0, await complaint);
        return JsonSerializer.Deserialize<List<ReadCalendar>>(told, Json)!;
    }

    /// <summary>What RFC 5545 asks of every line: CRLF, 75 octets, no character cut in two, nothing but text.</summary>
    public static void DemandWellFolded(string calendar)
    {
        Assert.EndsWith("END:VCALENDAR\r\n", calendar, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', calendar.Replace("\r\n", "", StringComparison.Ordinal));
        Assert.DoesNotContain('\uFFFD', calendar);
        Assert.All(calendar.Split("\r\n"), line => Assert.InRange(Encoding.UTF8.GetByteCount(line), 0, 75));
    }

    private static string Folder()
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(here!.FullName, "Consultation.sln")))
        {
            here = here.Parent;
        }

        return Path.Combine(here.FullName, "tests", "Consultation.Tests");
    }
}
