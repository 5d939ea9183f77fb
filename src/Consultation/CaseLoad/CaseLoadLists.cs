using Consultation.Cases;
using Consultation.Messaging;

namespace Consultation.CaseLoad;

/// <summary>From a row of the case load to the list of its cases.</summary>
public static class CaseLoadLists
{
    /// <summary>What narrows <see cref="ListCases"/> to the row; <c>District</c> is its own member there. The figure's member is added by the caller.</summary>
    public static (CaseNarrowing Narrowing, string? District) Of(CaseLoadBy by, string key) => by switch
    {
        CaseLoadBy.Expert => (new(Open: true, Expert: ExpertId.Parse(key, null)), null),
        CaseLoadBy.Desk => (new(Open: true, Desk: DeskId.Parse(key, null)), null),
        CaseLoadBy.District => (new(Open: true), key),
        CaseLoadBy.Prefecture => (new(Open: true, Prefecture: key), null),
        CaseLoadBy.Topic => (new(Open: true, Topic: key), null),
        _ => (new(Open: true, Side: key switch { "mic" => CaseSide.Mic, "mhlw" => CaseSide.Mhlw, _ => CaseSide.None }), null),
    };
}
