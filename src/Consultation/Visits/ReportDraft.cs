using Consultation.Messaging;
using Consultation.Topics;

namespace Consultation.Visits;

/// <summary>What was written so far, exactly as typed; nothing of it is judged before the report is filed.</summary>
public sealed record DraftContent(string? Text, string? Next, IReadOnlyList<string> Topics, string? Source, IReadOnlyDictionary<string, string> Facts);

/// <summary>
/// A report begun and not filed, kept for the person who writes it and for nobody else: between two visits a phone runs out of battery. It ends
/// with the filing, and where the report is closed as not filed.
/// </summary>
public sealed class ReportDraft
{
    private ReportDraft()
    {
    }

    internal ReportDraft(VisitId visit, Track track, StaffId writer, DraftContent content, DateTimeOffset now)
    {
        VisitId = visit;
        Track = track;
        StaffId = writer;
        Keep(content, now);
    }

    public VisitId VisitId { get; private set; }
    public Track Track { get; private set; }
    public StaffId StaffId { get; private set; }
    public DraftContent Content { get; private set; } = null!;
    public DateTimeOffset KeptAt { get; private set; }

    internal void Keep(DraftContent content, DateTimeOffset now)
    {
        Content = content;
        KeptAt = now.ToUniversalTime();
    }
}
