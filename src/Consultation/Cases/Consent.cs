using Consultation.Messaging;

namespace Consultation.Cases;

public readonly record struct ConsentId(Guid Value) : IStrongId<ConsentId>
{
    public static ConsentId New() => new(Guid.CreateVersion7());
    public static ConsentId From(Guid value) => new(value);
    public static ConsentId Parse(string s, IFormatProvider? provider) => StrongId.Parse<ConsentId>(s);
    public static bool TryParse(string? s, IFormatProvider? provider, out ConsentId result) => StrongId.TryParse(s, out result);
    public override string ToString() => Value.ToString();
}

/// <summary>One wording that clients agree to; versions are added, never changed, so that an old consent can be read out again.</summary>
public sealed record ConsentText(string Version, string Words);

/// <summary>The wordings of the consent that an offer with personal data needs (domain.md §4: 両省・専門家への提供; design §2).</summary>
public static class ConsentTexts
{
    public static IReadOnlyList<ConsentText> All { get; } =
    [
        new("2026-1", "ご相談の内容と、お名前・電話番号・メールアドレスを、担当する総務省・厚生労働省の専門家に伝えます。相談の目的のほかには使いません。いつでも取りやめられます。"),
    ];

    public static ConsentText Newest => All[^1];

    public static ConsentText? Find(string? version) => All.FirstOrDefault(t => t.Version == version);
}

/// <summary>同意: who of the client agreed, when, to which wording, told to whom by which channel; kept after it was withdrawn.</summary>
public sealed class Consent
{
    private Consent()
    {
    }

    public Consent(CaseId caseId, DateTimeOffset givenAt, string? givenBy, Channel channel, string textVersion, Occasion occasion)
    {
        Id = ConsentId.New();
        CaseId = caseId;
        GivenAt = givenAt.ToUniversalTime();
        GivenBy = givenBy;
        Channel = channel;
        TextVersion = textVersion;
        StaffId = occasion.Actor.Staff;
        RecordedBy = occasion.Actor.Name;
        RecordedAt = occasion.Now.ToUniversalTime();
    }

    public ConsentId Id { get; private set; }
    public CaseId CaseId { get; private set; }
    public DateTimeOffset GivenAt { get; private set; }

    /// <summary>Who of the client agreed, as told; null where nobody said a name.</summary>
    public string? GivenBy { get; private set; }
    public Channel Channel { get; private set; }
    public string TextVersion { get; private set; } = "";
    public StaffId? StaffId { get; private set; }
    public string RecordedBy { get; private set; } = "";
    public DateTimeOffset RecordedAt { get; private set; }
    public DateTimeOffset? WithdrawnAt { get; private set; }
    public string? WithdrawnBy { get; private set; }

    /// <summary>What the client said when taking it back.</summary>
    public string? WithdrawnWhy { get; private set; }

    internal void Withdraw(string? why, Occasion occasion)
    {
        WithdrawnAt = occasion.Now.ToUniversalTime();
        WithdrawnBy = occasion.Actor.Name;
        WithdrawnWhy = why;
    }
}
