using Consultation.Messaging;
using Consultation.Topics;

namespace Consultation.Cases;

public readonly record struct OfferId(Guid Value) : IStrongId<OfferId>
{
    public static OfferId New() => new(Guid.CreateVersion7());
    public static OfferId From(Guid value) => new(value);
    public static OfferId Parse(string s, IFormatProvider? provider) => StrongId.Parse<OfferId>(s);
    public static bool TryParse(string? s, IFormatProvider? provider, out OfferId result) => StrongId.TryParse(s, out result);
    public override string ToString() => Value.ToString();
}

/// <summary>wanted | later → offered → held → done (design §2); dropped where a wish was withdrawn before anyone held it.</summary>
public enum TrackState { Wanted, Later, Offered, Held, Done, Dropped }

/// <summary>One ministry's side of a case with its own offer, holder and clock.</summary>
public sealed class CaseTrack
{
    private CaseTrack()
    {
    }

    internal CaseTrack(CaseId caseId, Track track, TrackState state)
    {
        CaseId = caseId;
        Track = track;
        State = state;
    }

    public CaseId CaseId { get; private set; }
    public Track Track { get; private set; }
    public TrackState State { get; internal set; }
    public OfferId? OfferId { get; internal set; }

    /// <summary>Who is asked (offered) or responsible (held, done).</summary>
    public ExpertId? ExpertId { get; internal set; }

    /// <summary>Until when the asked expert is to answer.</summary>
    public DateTimeOffset? RespondBy { get; internal set; }

    internal void Free(TrackState state)
    {
        State = state;
        OfferId = null;
        ExpertId = null;
        RespondBy = null;
    }
}
