using System.Text.Json;
using Consultation.Messaging;
using FluentValidation;
using MediatR;

namespace Consultation.Pipeline;

/// <summary>Runs the request's validator, shape only; what needs the database is the handler's business.</summary>
internal sealed class Validate<TRequest, TResult>(IEnumerable<IValidator<TRequest>> validators, Execution execution) : IPipelineBehavior<TRequest, TResult>
{
    public Task<TResult> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResult> next)
    {
        var errors = execution.ReadingFaults.Count == 0 ? null : new List<InputError>(execution.ReadingFaults);
        foreach (var validator in validators)
        {
            foreach (var fault in validator.Validate(request).Errors)
            {
                // A field that could not be read is missing here too; its first fault says more.
                var field = Field(fault.PropertyName);
                if (execution.ReadingFaults.All(f => f.Field != field))
                {
                    (errors ??= []).Add(new(field, fault.ErrorCode, fault.CustomState as object?[] ?? []));
                }
            }
        }

        return errors is null ? next() : throw new InvalidInput(errors);
    }

    private static string Field(string path) => string.Join('.', path.Split('.').Select(JsonNamingPolicy.CamelCase.ConvertName));
}
