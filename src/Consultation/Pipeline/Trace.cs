using System.Diagnostics;
using Consultation.Messaging;
using MediatR;
using Microsoft.Extensions.Logging;

namespace Consultation.Pipeline;

/// <summary>One activity and one log line for each request: name, who (id and role), outcome, milliseconds. Never the payload.</summary>
internal sealed partial class Trace<TRequest, TResult>(Execution execution, ILogger<Dispatcher> log) : IPipelineBehavior<TRequest, TResult>
{
    private static readonly string Name = typeof(TRequest).Name;

    public async Task<TResult> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResult> next)
    {
        using var activity = Telemetry.Source.StartActivity(Name);
        var started = Stopwatch.GetTimestamp();
        var outcome = "ok";
        try
        {
            return await next();
        }
        catch (Failure failure)
        {
            outcome = failure.Code;
            throw;
        }
        catch (Exception failure)
        {
            outcome = failure.GetType().Name;
            activity?.SetStatus(ActivityStatusCode.Error, outcome);
            throw;
        }
        finally
        {
            activity?.SetTag("consultation.outcome", outcome);
            Line(log, Name, execution.Actor.Staff?.Value, execution.Actor.Role, outcome, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Request} by {Staff} ({Role}): {Outcome} in {Milliseconds:F1} ms")]
    private static partial void Line(ILogger log, string request, Guid? staff, Role role, string outcome, double milliseconds);
}

/// <summary>The product's own source of activities.</summary>
public static class Telemetry
{
    public static readonly ActivitySource Source = new("Consultation");
}
