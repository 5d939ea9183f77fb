namespace Consultation.Web.Pages.Shared;

/// <summary>One expert for one track: up to three plain reasons, or the hard reasons against. Numbers are for supervisors.</summary>
public sealed record CandidateView(string ExpertId, string Name, IReadOnlyList<string> Reasons, IReadOnlyList<string> Against, bool Picked, int? Score = null)
{
    public bool Excluded => Against.Count > 0;
}

/// <summary>Every expert that was looked at for one track, best first, the excluded at the end.</summary>
public sealed record CandidatesView(Lead Lead, string Title, IReadOnlyList<CandidateView> Candidates, bool WithScores, string? ChooseName = null);
