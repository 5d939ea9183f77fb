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
    return await VisitsRun.GoAsync(options) ? 0 : 1;
}
catch (Exception failure)
{
    await Console.Error.WriteLineAsync(failure.ToString());
    return 1;
}
