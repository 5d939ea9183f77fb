namespace Consultation.Faults;

/// <summary>Whether what fell due was fired once, not early and not late (invariant I4). Told by the audit, whose times are those of the one clock.</summary>
internal static class FollowUpJudge
{
    private static readonly TimeSpan Early = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(120);

    /// <param name="due">From when on they were to be fired: the opening of the desks, or later, when a worker was up at last.</param>
    /// <param name="except">A follow-up that cannot be fired.</param>
    public static async Task CompareAsync(House house, DateTimeOffset due, string? except = null)
    {
        var fired = await house.Database.RowsAsync(
            $"select subject_id::text, at from audit_entry where action = 'follow_up.raised' and at > timestamptz '{VisitedCases.AllDue} 00:00+09' order by at",
            r => (Id: r.GetString(0), At: new DateTimeOffset(r.GetDateTime(1), TimeSpan.Zero)));
        foreach (var twice in fired.GroupBy(f => f.Id).Where(f => f.Count() > 1))
        {
            house.Findings.Add($"follow-up {twice.Key} was fired {twice.Count()} times");
        }

        foreach (var left in await house.Database.RowsAsync($"select id::text from follow_ups where state = 'planned' and due_on <= date '{VisitedCases.AllDue}'", r => r.GetString(0)))
        {
            if (left != except)
            {
                house.Findings.Add($"follow-up {left} was not fired");
            }
        }

        if (fired.Count == 0)
        {
            house.Findings.Add("no follow-up was fired; nothing was tried");
            return;
        }

        house.Findings.Count("follow-ups fired", fired.Count);
        if (fired[0].At < due - Early)
        {
            house.Findings.Add($"a follow-up was fired {(due - fired[0].At).TotalSeconds:0} s early");
        }

        // A machine needs what it needs for all of them, but it may not rest meanwhile: each has two minutes from the one before it.
        var (before, longest) = (due, TimeSpan.Zero);
        foreach (var (_, at) in fired)
        {
            longest = at - before > longest ? at - before : longest;
            before = at;
        }

        if (longest > Late)
        {
            house.Findings.Add($"nothing was fired for {longest.TotalSeconds:0} s although a worker was up and follow-ups were due");
        }

        house.Say($"{fired.Count} follow-ups fired, the first {(fired[0].At - due).TotalSeconds:0.0} s and the last {(fired[^1].At - due).TotalSeconds:0.0} s after they could be; the longest pause {longest.TotalSeconds:0.0} s");
    }
}
