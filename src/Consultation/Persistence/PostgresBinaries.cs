namespace Consultation.Persistence;

/// <summary>Where the PostgreSQL server programs (<c>initdb</c>, <c>pg_ctl</c>, <c>postgres</c>) of this machine stand.</summary>
/// <param name="Folder">The folder that holds the three programs.</param>
public sealed record PostgresBinaries(string Folder)
{
    private const string DebianRoot = "/usr/lib/postgresql";

    public string Initdb => Path.Combine(Folder, "initdb");

    public string PgCtl => Path.Combine(Folder, "pg_ctl");

    /// <summary>
    /// Looks in <c>PG_BIN</c>, then in the folders where Debian and Ubuntu install the server (newest first), then along <c>PATH</c>.
    /// </summary>
    /// <exception cref="ClusterUnavailable">None was found; the message names the line that mends it.</exception>
    public static PostgresBinaries Find() =>
        Find(Environment.GetEnvironmentVariable("PG_BIN"), DebianRoot, Environment.GetEnvironmentVariable("PATH"));

    internal static PostgresBinaries Find(string? configured, string debianRoot, string? path)
    {
        if (!string.IsNullOrWhiteSpace(configured))
        {
            return IsComplete(configured)
                ? new PostgresBinaries(configured)
                : throw new ClusterUnavailable($"PG_BIN が指すフォルダー {configured} に initdb・pg_ctl・postgres がそろっていません。");
        }

        var installed = Directory.Exists(debianRoot)
            ? Directory.GetDirectories(debianRoot).OrderByDescending(MajorVersion).Select(folder => Path.Combine(folder, "bin"))
            : [];
        var found = installed.Concat((path ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)).FirstOrDefault(IsComplete);
        return found is null
            ? throw new ClusterUnavailable(
                "PostgreSQL のサーバープログラムが見つかりません。Debian・Ubuntu では「apt-get install postgresql」で入ります。"
                + "別の場所にあるときは環境変数 PG_BIN にそのフォルダーを、動いているサーバーを使うときは ConnectionStrings__Consultation に接続文字列を指定してください。")
            : new PostgresBinaries(found);
    }

    private static double MajorVersion(string folder) =>
        double.TryParse(Path.GetFileName(folder), System.Globalization.CultureInfo.InvariantCulture, out var version) ? version : -1;

    private static bool IsComplete(string folder) =>
        File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "pg_ctl")) && File.Exists(Path.Combine(folder, "postgres"));
}
