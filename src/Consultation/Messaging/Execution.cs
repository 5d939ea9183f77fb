namespace Consultation.Messaging;

/// <summary>What an idempotent POST is recognised by: the caller, the path, the caller's key and a hash of the body (design §6).</summary>
public sealed record IdempotencyKey(string Caller, string Path, string Key, string BodyHash);

/// <summary>A line for the audit: what was done to what. Details name fields and codes, never personal data.</summary>
public sealed record AuditLine(string Action, string Subject, Ref SubjectId, string? Details);

/// <summary>
/// The one run of one request: who asks, what time it is, and what is to happen around it. The pipeline fills it; handlers read
/// <see cref="Now"/> and tell what happened.
/// </summary>
public sealed class Execution
{
    private readonly List<IDomainEvent> events = [];
    private readonly List<AuditLine> audit = [];
    private readonly List<Action> afterCommit = [];

    public Actor Actor { get; set; } = null!;

    /// <summary>The time of this request by the one clock (design §4): for commands the database's <c>app_now()</c>, read once.</summary>
    public DateTimeOffset Now { get; set; }

    /// <summary>The version the caller saw (If-Match); null where the caller does not care.</summary>
    public int? ExpectedVersion { get; set; }

    public IdempotencyKey? IdempotencyKey { get; set; }

    /// <summary>Faults the edge met while reading the input; the validator's are added, so that the caller hears of all at once.</summary>
    public IReadOnlyList<InputError> ReadingFaults { get; set; } = [];

    /// <summary>Set where the command is to be taken back whole after it has shown what it would send.</summary>
    public Rehearsal? Rehearsal { get; set; }

    public IReadOnlyList<AuditLine> AuditLines => audit;

    /// <summary>Tells the rooms above; they react in the same transaction.</summary>
    public void Raise(IDomainEvent happened) => events.Add(happened);

    /// <summary>Leaves an audit row: a verb such as <c>case.viewed</c> and the row it was done to.</summary>
    public void Audit<T>(string action, T subject, string? details = null) where T : struct, IStrongId<T> =>
        audit.Add(new(action, typeof(T).Name.Replace("Id", "", StringComparison.Ordinal), Ref.To(subject), details));

    /// <summary>Runs after the commit and only then; must not fail and must not do I/O that matters (a wake-up call, a cache to drop).</summary>
    public void AfterCommit(Action action) => afterCommit.Add(action);

    internal IReadOnlyList<IDomainEvent> TakeEvents()
    {
        var wave = events.ToArray();
        events.Clear();
        return wave;
    }

    internal IReadOnlyList<AuditLine> TakeAudit()
    {
        var lines = audit.ToArray();
        audit.Clear();
        return lines;
    }

    internal void RunAfterCommit() => afterCommit.ForEach(a => a());

    /// <summary>A retry starts from nothing.</summary>
    internal void Forget()
    {
        events.Clear();
        audit.Clear();
        afterCommit.Clear();
    }
}
