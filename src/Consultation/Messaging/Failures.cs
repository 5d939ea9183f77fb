namespace Consultation.Messaging;

/// <summary>
/// The five ways in which a request can be refused. Each carries a code that names its Japanese text (<see cref="Texts"/>) and is translated
/// once at every edge. Exception messages hold the code only, because messages reach logs and what was typed must not.
/// </summary>
public abstract class Failure(string code, object?[] args) : Exception(code)
{
    public string Code { get; } = code;

    /// <summary>Fills the gaps of the text; never personal data.</summary>
    public object?[] Args { get; } = args;

    /// <summary>Further members of the answer, such as the next free slots beside <c>visit.taken</c>.</summary>
    public IDictionary<string, object?> Extra { get; } = new Dictionary<string, object?>();

    public string Text => Texts.Of(Code, Args);
}

/// <summary>The request is well formed but a rule of the business forbids it now (HTTP 409).</summary>
public sealed class RuleViolation(string code, params object?[] args) : Failure(code, args);

/// <summary>There is no such thing, or the actor may not know that there is (HTTP 404).</summary>
public sealed class NotFound(string code = "not_found") : Failure(code, []);

/// <summary>The actor's role lacks the permission (HTTP 403).</summary>
public sealed class Forbidden(string code = "forbidden") : Failure(code, []);

/// <summary>One fault of an input: the field in camelCase, the code of its text.</summary>
public sealed record InputError(string Field, string Code, params object?[] Args)
{
    public string Text => Texts.Of(Code, Args);
}

/// <summary>The input is readable but not acceptable; every fault is named at once (HTTP 422).</summary>
public sealed class InvalidInput(IReadOnlyList<InputError> errors) : Failure("invalid_input", [])
{
    public InvalidInput(string field, string code, params object?[] args) : this([new InputError(field, code, args)])
    {
    }

    public IReadOnlyList<InputError> Errors { get; } = errors;
}

/// <summary>Somebody else was faster: a stale version (HTTP 412) or a contention that retries did not resolve (HTTP 503).</summary>
public sealed class Conflict(string code, params object?[] args) : Failure(code, args);
