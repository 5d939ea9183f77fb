namespace Consultation.Web.Pages.Shared;

/// <summary>One expert for one track: up to three plain reasons, or the hard reasons against. Numbers are for supervisors.</summary>
/// <param name="Changes">What would have to be different to be asked, or to come first.</param>
/// <param name="Chosen">The radio button that is on.</param>
/// <param name="Best">The one the rules would choose.</param>
/// <param name="Soonest">When a visit could be; with both ministries' experts where the case wants both.</param>
/// <param name="Place">Among those who can be asked, where not all of them are shown.</param>
public sealed record CandidateView(string ExpertId, string Name, IReadOnlyList<string> Reasons, IReadOnlyList<string> Against, IReadOnlyList<string> Changes, bool Chosen, bool Best, int? Score = null, int? Place = null, string? Soonest = null)
{
    public bool Excluded => Against.Count > 0;
}

/// <summary>The best for one track and a part of the excluded; chosen as <paramref name="Name"/>.</summary>
/// <param name="Found">Who was looked for by name, wherever they stand.</param>
/// <param name="AlsoExcluded">An excluded expert may be chosen too.</param>
/// <param name="Eligible">How many can be asked, shown or not; likewise the next.</param>
/// <param name="From">How many of the excluded stand before those shown.</param>
/// <param name="Link">The page, to which <c>from</c> is added for another part of the excluded.</param>
public sealed record CandidatesView(
    Lead Lead, string Title, IReadOnlyList<CandidateView> Candidates, IReadOnlyList<CandidateView> Found, bool WithScores, string Name, bool AlsoExcluded, int Eligible, int ExcludedCount,
    int From, string Link)
{
    public string? Before => From == 0 ? null : $"{Link}&from={Math.Max(0, From - Consultation.Routing.LookAtCandidates.Most)}#excluded";

    public string? After => From + Consultation.Routing.LookAtCandidates.Most >= ExcludedCount ? null : $"{Link}&from={From + Consultation.Routing.LookAtCandidates.Most}#excluded";
}
