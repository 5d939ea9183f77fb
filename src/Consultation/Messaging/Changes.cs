namespace Consultation.Messaging;

/// <summary>
/// What a change of a setting changed, for the audit: codes, hours and dates with before and after, personal data by the name of its field
/// only (<see cref="AuditLine"/>).
/// </summary>
public sealed class Changes
{
    private readonly List<string> said = [];

    public bool Any => said.Count > 0;

    public Changes Of<T>(string field, T before, T after)
    {
        if (!EqualityComparer<T>.Default.Equals(before, after))
        {
            said.Add($"{field}: {before?.ToString() ?? "-"} → {after?.ToString() ?? "-"}");
        }

        return this;
    }

    /// <summary>For names and addresses, whose values have no place in the audit.</summary>
    public Changes Personal(string field, string? before, string? after)
    {
        if (before != after)
        {
            said.Add(field);
        }

        return this;
    }

    public override string ToString() => string.Join("; ", said);
}
