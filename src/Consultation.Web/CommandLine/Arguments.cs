namespace Consultation.Web.CommandLine;

/// <summary>The command line was not understood; the usage is shown and the exit code is 2.</summary>
internal sealed class UsageError(string message) : Exception(message);

/// <summary>
/// What follows the verb: words, options with a value (<c>--port 5080</c>, <c>--port=5080</c>) and flags (<c>--json</c>). A verb takes what it
/// knows and then calls <see cref="Done"/>, which refuses the rest: a mistyped option must not pass unnoticed.
/// </summary>
internal sealed class Arguments(IEnumerable<string> given)
{
    private readonly List<string> rest = [.. given];

    public string? Option(string name)
    {
        var at = rest.FindIndex(word => word == name || word.StartsWith(name + "=", StringComparison.Ordinal));
        if (at < 0)
        {
            return null;
        }

        if (rest[at] != name)
        {
            var joined = rest[at][(name.Length + 1)..];
            rest.RemoveAt(at);
            return joined;
        }

        if (at + 1 >= rest.Count || rest[at + 1].StartsWith("--", StringComparison.Ordinal))
        {
            throw new UsageError($"{name} には値が要ります。");
        }

        var value = rest[at + 1];
        rest.RemoveRange(at, 2);
        return value;
    }

    public int? Number(string name, int least, int most) =>
        Option(name) is not { } text ? null
        : int.TryParse(text, out var number) && number >= least && number <= most ? number
        : throw new UsageError($"{name} は {least} から {most} までの数です。");

    public bool Flag(string name) => rest.Remove(name);

    /// <summary>The next word; options are taken before.</summary>
    public string? Word()
    {
        if (rest.Count == 0 || rest[0].StartsWith("--", StringComparison.Ordinal))
        {
            return null;
        }

        var word = rest[0];
        rest.RemoveAt(0);
        return word;
    }

    public string Needed(string? value, string name) => value ?? throw new UsageError($"{name} がありません。");

    public void Done()
    {
        if (rest.Count > 0)
        {
            throw new UsageError($"「{rest[0]}」はわかりません。");
        }
    }
}
