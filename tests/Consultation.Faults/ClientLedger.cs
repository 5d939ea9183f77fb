using System.Globalization;
using System.Text.Json;

namespace Consultation.Faults;

/// <summary>A write as a client knows it: what was wanted, and what was answered in the end.</summary>
internal sealed record Entry(string Key, string Act, string Path, string Body, int Status, JsonElement? Answer, int? Version)
{
    public bool IsAcknowledged => Status is >= 200 and < 300;
}

/// <summary>
/// The clients' own book of intents and acknowledgements, on the disk before anybody acts on it (reliability.md). What stands here as acknowledged
/// must be in the database at the end.
/// </summary>
internal sealed class ClientLedger(string file) : IDisposable
{
    private readonly FileStream kept = new(file, FileMode.Create, FileAccess.Write, FileShare.Read);
    private readonly List<Entry> entries = [];
    private readonly Lock gate = new();

    public IReadOnlyList<Entry> Entries
    {
        get
        {
            lock (gate)
            {
                return [.. entries];
            }
        }
    }

    public void Intend(string key, string act, string path) => Write($"intent\t{key}\t{act}\t{path}");

    public void Resolve(Entry entry)
    {
        lock (gate)
        {
            entries.Add(entry);
        }

        Write(string.Create(CultureInfo.InvariantCulture, $"answer\t{entry.Key}\t{entry.Status}\t{entry.Version}"));
    }

    public void Dispose() => kept.Dispose();

    private void Write(string line)
    {
        lock (gate)
        {
            kept.Write(System.Text.Encoding.UTF8.GetBytes(line + "\n"));
            kept.Flush(flushToDisk: true);
        }
    }
}
