using Consultation.Faults;

RunOptions options;
try
{
    options = RunOptions.Read(args);
}
catch (Exception wrong) when (wrong is ArgumentException or FormatException or OverflowException)
{
    await Console.Error.WriteLineAsync($"{wrong.Message}\n\n{RunOptions.Usage}");
    return 2;
}

try
{
    var isGood = options.Run == "visits" ? await VisitsRun.GoAsync(options) : await RunAsync(options);
    return isGood ? 0 : 1;
}
catch (Exception failure)
{
    await Console.Error.WriteLineAsync(failure.ToString());
    return 1;
}

static async Task<bool> RunAsync(RunOptions options)
{
    List<Scenario> wanted = [.. Scenarios.All.Where(s => options.Run is "all" or "slice" || s.Name == options.Run)];
    IReadOnlyList<Verdict> verdicts;
    string cluster;
    TimeSpan took;
    try
    {
        await using var rig = await Rig.OpenAsync(options);
        cluster = rig.Postgres.Location;
        verdicts = await Scenarios.RunAsync(rig, wanted, options.AtOnce);
        took = rig.Elapsed;
    }
    catch (Exception failure) when (options.Results is not null)
    {
        // Whoever counts results must not take a run that broke down for one without scenarios.
        ResultFile.Write(options.Results, [.. wanted.Select(s => new Verdict(s, TimeSpan.Zero, [failure.Message]))]);
        throw;
    }

    Console.WriteLine();
    foreach (var verdict in verdicts)
    {
        Console.WriteLine($"{(verdict.IsGood ? "passed" : "FAILED")} {verdict.Scenario.Name} {verdict.Took.TotalSeconds:0} s");
        foreach (var found in verdict.Found)
        {
            Console.WriteLine($"    {found}");
        }
    }

    var failed = verdicts.Count(v => !v.IsGood);
    Console.WriteLine($"{verdicts.Count - failed} scenarios passed, {failed} failed; {took.TotalMinutes:0.0} minutes, seed {options.Seed}, {(options.IsWhole ? "in full" : "in short")}");
    if (options.Results is { } file)
    {
        ResultFile.Write(file, verdicts);
    }

    if (failed == 0 && !options.KeepsFolder)
    {
        // The server's files may stand elsewhere than in the folder.
        foreach (var folder in new[] { cluster, options.Folder }.Where(Directory.Exists))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
    else
    {
        Console.WriteLine($"Data, logs and ledgers stand in {options.Folder}.");
    }

    return failed == 0;
}
