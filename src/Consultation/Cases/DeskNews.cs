using Consultation.Messaging;

namespace Consultation.Cases;

public readonly record struct DeskNewsId(Guid Value) : IStrongId<DeskNewsId>
{
    public static DeskNewsId New() => new(Guid.CreateVersion7());
    public static DeskNewsId From(Guid value) => new(value);
    public static DeskNewsId Parse(string s, IFormatProvider? provider) => StrongId.Parse<DeskNewsId>(s);
    public static bool TryParse(string? s, IFormatProvider? provider, out DeskNewsId result) => StrongId.TryParse(s, out result);
    public override string ToString() => Value.ToString();
}

/// <summary>What another desk did to a case of ours: it spoke with the client (journey J60), or it gave us the case.</summary>
public enum DeskNewsKind { Contact, HandedOver }

/// <summary>
/// 新しい知らせ: one line for the desk that holds a case, from another desk; it stands on the desk's home until somebody there has seen it.
/// The case itself keeps the whole story.
/// </summary>
public sealed class DeskNews(CaseId caseId, DeskId deskId, DeskNewsKind kind, DateTimeOffset at, string actor, string? text)
{
    public DeskNewsId Id { get; private set; } = DeskNewsId.New();
    public CaseId CaseId { get; private set; } = caseId;

    /// <summary>The desk that is to read it; goes along when the case is handed over.</summary>
    public DeskId DeskId { get; private set; } = deskId;
    public DeskNewsKind Kind { get; private set; } = kind;
    public DateTimeOffset At { get; private set; } = at.ToUniversalTime();
    public string Actor { get; private set; } = actor;
    public string? Text { get; private set; } = text;
    public DateTimeOffset? SeenAt { get; private set; }
    public string? SeenBy { get; private set; }

    internal void Seen(Actor by, DateTimeOffset now)
    {
        SeenAt ??= now.ToUniversalTime();
        SeenBy ??= by.Name;
    }
}
