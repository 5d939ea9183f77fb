using System.Text.Json;
using Consultation.Messaging;
using FluentValidation;
using MediatR;

namespace Consultation.Pipeline;

/// <summary>Runs the request's validator, shape only; what needs the database is the handler's business.</summary>
internal sealed class Validate<TRequest, TResult>(IEnumerable<IValidator<TRequest>> validators) : IPipelineBehavior<TRequest, TResult>
{
    public Task<TResult> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResult> next)
    {
        List<InputError>? errors = null;
        foreach (var validator in validators)
        {
            foreach (var fault in validator.Validate(request).Errors)
            {
                (errors ??= []).Add(new(Field(fault.PropertyName), fault.ErrorCode, fault.CustomState as object?[] ?? []));
            }
        }

        return errors is null ? next() : throw new InvalidInput(errors);
    }

    private static string Field(string path) => string.Join('.', path.Split('.').Select(JsonNamingPolicy.CamelCase.ConvertName));
}
