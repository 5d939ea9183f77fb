using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace Consultation.Topics;

/// <summary>
/// The editable, versioned knowledge behind a suggestion: words that speak for a topic or for a matter of the desk, words
/// that hide or negate them, and the standard answers. A plain object that travels as JSON. Source: design §2, domain §5.
/// </summary>
public sealed record RuleBase
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private static readonly Lazy<RuleBase> Embedded = new(() => Stored(ReadEmbedded()));

    /// <summary>Positive; the editor gives each stored version the next number.</summary>
    public required int Version { get; init; }

    /// <summary>The sum of weights from which a topic or matter counts.</summary>
    public required decimal Threshold { get; init; }

    /// <summary>The lesser sum that decides where nothing reaches the threshold; what lies below it is not heard at all.</summary>
    public required decimal Floor { get; init; }

    /// <summary>
    /// By how much the weights of what decides must outweigh matters of the desk that were heard and are not sure; below it the answer is "unsure".
    /// 0 never doubts; above the weight of a weak word, one weak word alone is not enough.
    /// </summary>
    public decimal Margin { get; init; }

    public required IReadOnlyList<Rule> Rules { get; init; }

    /// <summary>Phrases in which no word means what it usually does, such as a firm's own trade (セキュリティ会社).</summary>
    public IReadOnlyList<string> Masks { get; init; } = [];

    /// <summary>Groups of words that stand for each other in every phrase (スマホ, スマートフォン, 携帯電話).</summary>
    public IReadOnlyList<IReadOnlyList<string>> SameWords { get; init; } = [];

    /// <summary>
    /// Named lists of words (端末, 不調, 家 …) that a phrase asks for as <c>{name}</c>: callers who do not name a matter tell it by two everyday words of
    /// which neither means it alone ({端末}…{不調}). A word of a kind is a plain word; a kind names no other.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Kinds { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Words by which a caller says that there are two things to ask (両方, あわせて): then weak words of the other ministry are heard too.</summary>
    public IReadOnlyList<string> Together { get; init; } = [];

    /// <summary>
    /// Words by which a sentence asks or complains (たい, 困って). One that only tells (評価は外部に頼んでいます) does not count when a later sentence asks
    /// the other ministry.
    /// </summary>
    public IReadOnlyList<string> Asks { get; init; } = [];

    /// <summary>
    /// Words that end what callers say of themselves (の販売会社です): from the beginning of the sentence up to there no word speaks for a topic, unless the
    /// caller asks or lacks something already (就業規則もない会社です).
    /// </summary>
    public IReadOnlyList<string> Introductions { get; init; } = [];

    /// <summary>
    /// Words by which a sentence says that the question is here (困っているのは, だけ伺い): a ministry named only in other sentences is not asked.
    /// </summary>
    public IReadOnlyList<string> Focus { get; init; } = [];

    public required NegationWords Negation { get; init; }

    /// <summary>The ministry that leads when only this topic of both ministries is found.</summary>
    public IReadOnlyDictionary<string, Track> Leans { get; init; } = new Dictionary<string, Track>();

    public IReadOnlyList<StandardAnswer> Answers { get; init; } = [];

    /// <summary>The rule base that a new installation starts with.</summary>
    public static RuleBase Default => Embedded.Value;

    /// <summary>Reads and checks a rule base.</summary>
    /// <exception cref="RuleBaseInvalid">The text is not a rule base, or its rules cannot work; all faults are listed.</exception>
    public static RuleBase Parse(string json)
    {
        var rules = Stored(json);
        var faults = RuleBaseCheck.FaultsOf(rules);
        return faults.Count == 0 ? rules : throw new RuleBaseInvalid(faults);
    }

    /// <summary>
    /// Reads a rule base that was checked when it was saved; trying out every phrase again would cost a good part of a second.
    /// </summary>
    /// <exception cref="RuleBaseInvalid">The text is not a rule base (code rules.unreadable).</exception>
    public static RuleBase Stored(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<RuleBase>(json, Json)
                ?? throw new RuleBaseInvalid([new("rules.unreadable", "$", "null")]);
        }
        catch (JsonException exception)
        {
            throw new RuleBaseInvalid([new("rules.unreadable", exception.Path ?? "$", exception.Message)]);
        }
    }

    /// <summary>The rule base as JSON that <see cref="Parse"/> reads.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    private static string ReadEmbedded()
    {
        using var stream = typeof(RuleBase).Assembly.GetManifestResourceStream("rules-default.json")
            ?? throw new InvalidOperationException("The embedded rule base rules-default.json is missing.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

/// <summary>
/// Words that speak for one topic of the catalogue, for a matter of the desk (topic OTHER with a matter), or for a referral
/// alone (a matter without a topic). Weights of one topic or matter add up; each distinct word counts once.
/// </summary>
public sealed record Rule
{
    /// <summary>Unique in its rule base; names the rule in faults and in the editor.</summary>
    public required string Code { get; init; }

    /// <summary>A code of the topic catalogue, or null for a referral alone.</summary>
    public string? Topic { get; init; }

    /// <summary>What it is about where the topic is OTHER or missing; rules with the same matter add up.</summary>
    public string? Matter { get; init; }

    /// <summary>0 &lt; weight ≤ 10.</summary>
    public decimal Weight { get; init; } = 1m;

    /// <summary>See <see cref="Phrase"/> for the notation. Any one of them is enough.</summary>
    public required IReadOnlyList<string> Phrases { get; init; }

    /// <summary>A word of this rule that lies within one of these phrases does not count.</summary>
    public IReadOnlyList<string> Except { get; init; } = [];

    /// <summary>The rule does not count in a sentence with one of these phrases.</summary>
    public IReadOnlyList<string> Without { get; init; } = [];

    /// <summary>The rule does not count in a text with one of these phrases.</summary>
    public IReadOnlyList<string> Absent { get; init; } = [];

    /// <summary>The rule counts only in a text with one of these phrases, where any are given.</summary>
    public IReadOnlyList<string> Needs { get; init; } = [];

    /// <summary>A matter that the desk closes even if topics of a ministry are named (a sales pitch for a VPN).</summary>
    public bool Prevails { get; init; }

    /// <summary>
    /// What is asked is answered elsewhere as a whole (障害者雇用, 海外からの勤務, 表彰への応募): a ministry that is named beside it counts only where the caller
    /// asks two things.
    /// </summary>
    public bool Elsewhere { get; init; }

    /// <summary>A matter by which the caller has not said what it is about (社名と番号のみ): whatever else is named, the caller is asked first.</summary>
    public bool Unclear { get; init; }

    /// <summary>The matter that holds at once for a caller known to be a private person.</summary>
    public bool PrivatePerson { get; init; }

    /// <summary>Keys of referral targets that stand beside the tracks.</summary>
    public IReadOnlyList<string> Referrals { get; init; } = [];

    /// <summary>Codes of standard answers that stand beside the tracks.</summary>
    public IReadOnlyList<string> Answers { get; init; } = [];
}

/// <summary>
/// The words by which a caller says that a topic is not wanted. Between a topic's word and the negating word only
/// <paramref name="Links"/> may stand (VPN｜の話｜ではなく).
/// </summary>
/// <param name="Links">Particles and light words that may stand between.</param>
/// <param name="Joins">Words that join topics so that one negation holds for both (VPN｜や｜規程は不要).</param>
/// <param name="Unwanted">不要, ではなく …</param>
/// <param name="Settled">Already there (整備済み); takes the topic away unless one of <paramref name="Revives"/> follows (整備済みだが古い).</param>
/// <param name="Revives">古い, 見直し …</param>
/// <param name="Reasons">What may end a reason between topic and negation (残業代は払っている｜ので｜問題ない).</param>
/// <param name="Questions">What turns a negation into a question (不要でしょうか) and so leaves the topic standing.</param>
public sealed record NegationWords(
    IReadOnlyList<string> Links,
    IReadOnlyList<string> Joins,
    IReadOnlyList<string> Unwanted,
    IReadOnlyList<string> Settled,
    IReadOnlyList<string> Revives,
    IReadOnlyList<string> Reasons,
    IReadOnlyList<string> Questions)
{
    /// <summary>
    /// What ends a clause about a topic that is nobody's concern any more, whatever stands between (就業規則は|社労士に|作ってもらった): unlike
    /// <see cref="Settled"/> without doubt by itself, so no short words.
    /// </summary>
    public IReadOnlyList<string> Closings { get; init; } = [];

    /// <summary>What behind a settling or closing word takes it back (決まって|いない).</summary>
    public IReadOnlyList<string> Undone { get; init; } = [];

    /// <summary>What points back to all that its sentence has said (その点, ご相談): where it is not wanted, neither is that.</summary>
    public IReadOnlyList<string> Pointers { get; init; } = [];

    /// <summary>What begins a sentence that turns from what was done (規程を作りました) to what is asked now (今回は …).</summary>
    public IReadOnlyList<string> Turns { get; init; } = [];
}

/// <summary>A text the desk may give as it stands: at most 400 characters, factual, no telephone numbers, no promises.</summary>
public sealed record StandardAnswer(string Code, string Title, string Text);
