namespace Consultation.Demo;

/// <summary>
/// Words that the loaded inquiries hold in known shares, and nothing else loaded holds: for measuring search by frequency and length. A share
/// is kept to the case in every thousand cases of a load.
/// </summary>
public static class LoadTerms
{
    /// <summary>One character, in one of a thousand cases, one of a hundred and one of five.</summary>
    public const string OneRare = "鯨", OneSeldom = "鷹", OneFrequent = "駅";

    /// <summary>Two characters, likewise.</summary>
    public const string TwoRare = "離島", TwoSeldom = "印鑑", TwoFrequent = "出張";

    /// <summary>Six characters, likewise; its pairs of characters stand in many other cases too.</summary>
    public const string SixRare = "遠隔手話通訳", SixSeldom = "短時間正社員", SixFrequent = "在宅勤務規程";

    /// <summary>Every term with the share of cases that hold it: one of so many.</summary>
    public static IReadOnlyList<LoadTerm> All { get; } =
    [
        new(OneRare, 1000, 107, 1, "鯨の加工場もあります。"),
        new(OneSeldom, 100, 41, 1, "支店は鷹の町にあります。"),
        new(OneFrequent, 5, 2, 1, "事業所は駅から遠い所です。"),
        new(TwoRare, 1000, 211, 1, "離島にも職場があります。"),
        new(TwoSeldom, 100, 63, 1, "書類に印鑑を押すために出社しています。"),
        new(TwoFrequent, 5, 3, 5, "社員は出張も多いです。"),
        new(SixRare, 1000, 283, 1, "遠隔手話通訳を使う社員がいます。"),
        new(SixSeldom, 100, 17, 1, "短時間正社員も働いています。"),
        new(SixFrequent, 5, 1, 25, "在宅勤務規程はまだありません。"),
    ];
}

/// <param name="OneOf">One of so many cases holds it.</param>
/// <param name="At">Which one of them, counting in steps of <paramref name="Step"/> cases.</param>
/// <param name="Sentence">As it stands in the inquiry.</param>
public sealed record LoadTerm(string Text, int OneOf, int At, int Step, string Sentence)
{
    /// <param name="number">The number of the case within its load, from nought.</param>
    internal bool StandsIn(int number) => number / Step % OneOf == At;
}
