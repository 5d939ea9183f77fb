using Consultation.Benchmarks;

if (args is ["baseline", .. var rest])
{
    await BaselineServer.RunAsync(rest);
    return 0;
}

if (args is ["--candidates", .. var told])
{
    await CandidatesSection.RunAsync(told is ["--data", var kept] ? kept : null);
    return 0;
}

if (args is ["--slots", .. var where])
{
    await SlotsSection.RunAsync(where);
    return 0;
}

if (args is ["--mail", .. var letters])
{
    await MailSection.RunAsync(letters);
    return 0;
}

if (args is ["--follow-ups", .. var due])
{
    await FollowUpsSection.RunAsync(due);
    return 0;
}

if (args is ["--deadlines", .. var clocks])
{
    await DeadlinesSection.RunAsync(clocks);
    return 0;
}

if (args is ["--beside", .. var besides])
{
    await BesideSection.RunAsync(besides);
    return 0;
}

if (args is ["--assignment"])
{
    Console.WriteLine(AssignmentTable.Measure());
    return 0;
}

if (args is [ContentionSection.Flag, .. var contested])
{
    return await ContentionSection.RunAsync(contested is ["--product", var folder] ? folder : null) ? 0 : 1;
}

if (args is [SuggestionSpeed.Flag, .. var texts])
{
    return SuggestionSpeed.Run(texts);
}

Options options;
try
{
    options = Options.Read(args);
}
catch (Exception wrong) when (wrong is ArgumentException or FormatException)
{
    await Console.Error.WriteLineAsync($"{wrong.Message}\n\n{Options.Usage}");
    return 2;
}

var work = Path.Combine(Path.GetTempPath(), $"consultation-benchmark-{Environment.ProcessId}");
Directory.CreateDirectory(work);
try
{
    var product = options.Published is { } published ? Product.At(published) : await Product.PublishAsync();
    var results = new List<SizeResult>();
    foreach (var (size, cases) in options.Sizes)
    {
        results.Add(await new Runner(options, product, work).MeasureAsync(size, cases, Path.Combine(options.Data ?? work, size)));
    }

    var report = await Report.MakeAsync(options, results);
    Console.WriteLine(report.Table());
    if (options.Out is { } file)
    {
        await File.WriteAllTextAsync(file, report.Json());
    }

    return 0;
}
catch (Exception failure)
{
    await Console.Error.WriteLineAsync(failure is InvalidOperationException ? failure.Message : failure.ToString());
    return 1;
}
finally
{
    Directory.Delete(work, recursive: true);
}
