namespace Consultation.Tests.Mail;

/// <summary>
/// Texts that somebody has read and approved, one file each under <c>Mail/Approved</c>. With <c>CONSULTATION_APPROVE=1</c> a run writes what
/// it got instead; whoever commits that has read it.
/// </summary>
internal static class Approved
{
    public static void Matches(string name, string text)
    {
        var file = Path.Combine(Folder(), name + ".txt");
        if (Environment.GetEnvironmentVariable("CONSULTATION_APPROVE") == "1")
        {
            File.WriteAllText(file, text.TrimEnd('\n') + "\n");
        }

        Assert.True(File.Exists(file), $"Nobody has approved '{name}' yet.");
        Assert.Equal(File.ReadAllText(file).TrimEnd('\n'), text.TrimEnd('\n'));
    }

    private static string Folder()
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(here!.FullName, "Consultation.sln")))
        {
            here = here.Parent;
        }

        return Path.Combine(here.FullName, "tests", "Consultation.Tests", "Mail", "Approved");
    }
}
