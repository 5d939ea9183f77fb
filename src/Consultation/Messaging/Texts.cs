using System.Collections.Frozen;
using System.Globalization;

namespace Consultation.Messaging;

/// <summary>
/// The Japanese texts of failures by code. Every room keeps its own in a file <c>texts.ja.txt</c>: a line per code, <c>code = text</c>,
/// with gaps as {0}. A test proves that every code thrown has a text.
/// </summary>
public static class Texts
{
    private static readonly FrozenDictionary<string, string> ByCode = Load();

    public static bool Has(string code) => ByCode.ContainsKey(code);

    public static string Of(string code, params object?[] args) =>
        ByCode.TryGetValue(code, out var text)
            ? args.Length == 0 ? text : string.Format(CultureInfo.InvariantCulture, text, args)
            : code;

    private static FrozenDictionary<string, string> Load()
    {
        var assembly = typeof(Texts).Assembly;
        var texts = new Dictionary<string, string>();
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.StartsWith("texts/", StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            while (reader.ReadLine() is { } line)
            {
                var split = line.IndexOf(" = ", StringComparison.Ordinal);
                if (split > 0)
                {
                    texts.Add(line[..split].Trim(), line[(split + 3)..].Trim());
                }
            }
        }

        return texts.ToFrozenDictionary();
    }
}
