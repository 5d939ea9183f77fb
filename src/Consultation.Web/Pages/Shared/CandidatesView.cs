namespace Consultation.Web.Pages.Shared;

/// <summary>One expert for one track: up to three plain reasons, or the hard reasons against. Numbers are for supervisors.</summary>
/// <param name="Changes">What would have to be different to be asked, or to come first.</param>
/// <param name="Chosen">The radio button that is on.</param>
/// <param name="Best">The one the rules would choose.</param>
/// <param name="Soonest">When a visit could be; with both ministries' experts where the case wants both.</param>
public sealed record CandidateView(string ExpertId, string Name, IReadOnlyList<string> Reasons, IReadOnlyList<string> Against, IReadOnlyList<string> Changes, bool Chosen, bool Best, int? Score = null, string? Soonest = null)
{
    public bool Excluded => Against.Count > 0;
}

/// <summary>Every expert that was looked at for one track, best first, the excluded at the end; chosen as <paramref name="Name"/>.</summary>
/// <param name="AlsoExcluded">An excluded expert may be chosen too.</param>
public sealed record CandidatesView(Lead Lead, string Title, IReadOnlyList<CandidateView> Candidates, bool WithScores, string Name, bool AlsoExcluded);
