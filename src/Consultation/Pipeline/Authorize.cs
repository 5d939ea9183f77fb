using System.Reflection;
using Consultation.Messaging;
using MediatR;

namespace Consultation.Pipeline;

/// <summary>Compares the request's mark with the actor's role. Row rights follow in every query (<c>CaseAccess</c>).</summary>
internal sealed class Authorize<TRequest, TResult>(Execution execution) : IPipelineBehavior<TRequest, TResult>
{
    private static readonly Permission Needed = typeof(TRequest).GetCustomAttribute<RequiresAttribute>()!.Permission;

    public Task<TResult> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResult> next) =>
        execution.Actor.Can(Needed) ? next() : throw new Forbidden();
}
