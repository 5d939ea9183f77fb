using Microsoft.Extensions.Logging.Console;

namespace Consultation.Web.Host;

/// <summary>One line an event, to standard error, so that standard output stays with the verbs. The framework speaks only of trouble: its
/// request lines would carry addresses with search words in them, which are personal data.</summary>
internal static class Logging
{
    private const string LevelVariable = "CONSULTATION_LOG_LEVEL";

    /// <param name="usual">The least level that is written, unless <c>CONSULTATION_LOG_LEVEL</c> names another.</param>
    public static void Configure(ILoggingBuilder logging, LogLevel usual)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(Enum.TryParse<LogLevel>(Environment.GetEnvironmentVariable(LevelVariable), ignoreCase: true, out var wanted) ? wanted : usual);
        logging.AddFilter("Microsoft", LogLevel.Warning);

        // That the keys lie unencrypted in their table is a decision (SignIn/README.md), not news at every start; a refused token is the
        // caller's affair and has its answer.
        logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        logging.AddFilter("Consultation.Web.SignIn.BearerTokens", LogLevel.Warning);
        logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Error);
        logging.AddFilter("System", LogLevel.Warning);
        logging.AddFilter("Quartz", LogLevel.Warning);
        logging.AddFilter("Npgsql", LogLevel.Warning);
        logging.AddSimpleConsole(line =>
        {
            line.SingleLine = true;
            line.ColorBehavior = LoggerColorBehavior.Disabled;
            line.UseUtcTimestamp = true;
            line.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
        });
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }
}
