using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Topics;

namespace Consultation.Routing;

/// <summary>
/// Whom the applicant would like to be advised by (第1希望 to 第3希望), as the desk was told. It counts in the score while the programme year lets
/// applicants choose, and overrules no exclusion. Source: domain §7, 候補提示.
/// </summary>
public sealed class Wish(CaseId caseId, Track track, int place, ExpertId expertId, string told, DateTimeOffset recordedAt, string recordedBy)
{
    /// <summary>So many experts may be named for one track.</summary>
    public const int Most = 3;

    public CaseId CaseId { get; private set; } = caseId;
    public Track Track { get; private set; } = track;

    /// <summary>1 for the first wish.</summary>
    public int Place { get; private set; } = place;
    public ExpertId ExpertId { get; private set; } = expertId;

    /// <summary>How the desk learned of it (電話で など).</summary>
    public string Told { get; private set; } = told;
    public DateTimeOffset RecordedAt { get; private set; } = recordedAt;
    public string RecordedBy { get; private set; } = recordedBy;
}
