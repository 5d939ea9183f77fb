using System.Globalization;
using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Organisations;
using Consultation.Reference;

namespace Consultation.Demo;

/// <summary>A client as it asks: the organisation's row, null where nobody said a name, and what a clerk writes down.</summary>
internal sealed record LoadClient(Organisation? Organisation, OrganisationInput Told, ContactInput Contact, Prefecture? Place)
{
    /// <summary>The newest fiscal year in which a visit is charged to it; a later case of it begins with a fresh account.</summary>
    public int ChargedIn { get; set; }
}

/// <summary>
/// Plainly invented clients. The n-th organisation has a name, a 法人番号 and a telephone of its own; numbers begin with digits that no registry
/// office has, so that nobody real is meant.
/// </summary>
internal sealed class LoadNames(int firstFree, LoadRows rows)
{
    private static readonly (string Name, string Kana)[] Inventions = [("架空", "カクウ"), ("見本", "ミホン"), ("仮称", "カショウ"), ("例示", "レイジ"), ("空想", "クウソウ"), ("試作", "シサク")];

    private static readonly string[] Words =
    [
        "みどり", "あおば", "ひかり", "さくら", "もみじ", "つばさ", "あさひ", "ゆうひ", "みなと", "こまち", "すずらん", "たんぽぽ", "ひまわり", "あさがお", "かえで", "いちょう",
        "けやき", "くすのき", "しらかば", "つつじ", "あじさい", "こすもす", "すみれ", "ききょう", "なでしこ", "れんげ", "つくし", "わかば", "あけぼの", "いなほ", "うぐいす", "かもめ",
        "つばめ", "ひばり", "めだか", "ほたる", "とんぼ", "こだま", "せせらぎ", "さざなみ", "しおさい", "そよかぜ", "こもれび", "はつゆき", "みぞれ", "あられ", "にじいろ", "ほしぞら",
    ];

    private static readonly (string Name, string Kana, string Industry)[] Trades =
    [
        ("設計", "セッケイ", "L"), ("水産", "スイサン", "B"), ("建設", "ケンセツ", "D"), ("工務", "コウム", "D"), ("製作", "セイサク", "E"), ("食品", "ショクヒン", "E"), ("印刷", "インサツ", "E"),
        ("精密", "セイミツ", "E"), ("電力", "デンリョク", "F"), ("情報", "ジョウホウ", "G"), ("放送", "ホウソウ", "G"), ("運輸", "ウンユ", "H"), ("物流", "ブツリュウ", "H"), ("商事", "ショウジ", "I"),
        ("青果", "セイカ", "I"), ("書店", "ショテン", "I"), ("共済", "キョウサイ", "J"), ("不動産", "フドウサン", "K"), ("会計", "カイケイ", "L"), ("広告", "コウコク", "L"), ("旅館", "リョカン", "M"),
        ("給食", "キュウショク", "M"), ("理容", "リヨウ", "N"), ("観光", "カンコウ", "N"), ("学習", "ガクシュウ", "O"), ("医療", "イリョウ", "P"), ("介護", "カイゴ", "P"), ("農園", "ノウエン", "A"),
        ("警備", "ケイビ", "R"), ("清掃", "セイソウ", "R"), ("人材", "ジンザイ", "R"), ("繊維", "センイ", "E"), ("家具", "カグ", "E"), ("機械", "キカイ", "E"), ("測量", "ソクリョウ", "L"), ("翻訳", "ホンヤク", "L"),
    ];

    private static readonly string[] Roles = ["総務部", "代表", "人事担当", "情報システム担当", "経営企画", "事務局", "管理部", "店長"];
    private static readonly int[] Sizes = [3, 6, 9, 14, 22, 35, 48, 64, 88, 120, 180, 260, 420, 900, 2500];
    private const int KnownNumberPercent = 40;
    private const int Recent = 4000;

    private readonly (LoadClient Client, int Batch)?[] recent = new (LoadClient, int)?[Recent];
    private int made;

    /// <summary>A client that asks for the first time.</summary>
    public LoadClient New(LoadRandom random, bool mailed, DateTimeOffset at, int batch)
    {
        var n = firstFree + made++;
        // A step that shares no factor with the number of names takes each once before the next series begins.
        var all = Inventions.Length * Words.Length * Trades.Length;
        var name = (int)((long)n * 7919 % all);
        var (invention, word, trade) = (Inventions[name % Inventions.Length], Words[name / Inventions.Length % Words.Length], Trades[name / Inventions.Length / Words.Length]);
        var series = n / all == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"第{(n / all) + 1}");
        var core = invention.Name + word + trade.Name + series;
        var place = LoadPlaces.Pick(random);
        var number = random.Chance(KnownNumberPercent) ? NumberOf(n) : null;
        var form = random.Next(10) switch { < 6 => $"株式会社{core}", < 8 => $"{core}有限会社", 8 => $"合同会社{core}", _ => $"一般社団法人{core}協会" };
        var organisation = new Organisation(form, OrganisationName.Key(form), number, place.Code, at.ToUniversalTime());
        rows.Add(organisation);
        var client = new LoadClient(
            organisation,
            new(form, invention.Kana + Katakana(word) + trade.Kana, number, place.Name, random.Chance(70) ? LoadPlaces.City(random) : null, trade.Industry, random.Pick(Sizes),
                random.Chance(30) ? random.Between(1, 90) * 1_000_000L : null),
            ContactOf(n, random, mailed), place);
        recent[made % Recent] = (client, batch);
        return client;
    }

    /// <summary>A client that asks again, of those whose row was written two batches ago or before; a new one where there is none.</summary>
    /// <param name="mailed">It must be reached by mail, and have visits left in the year of that day.</param>
    public LoadClient Again(LoadRandom random, bool mailed, DateTimeOffset at, int batch)
    {
        var known = recent[random.Next(Recent)];
        return known is { } earlier && earlier.Batch < batch - 1 && (!mailed || earlier.Client.Contact.Email is not null && earlier.Client.ChargedIn < FiscalYear.Of(at).Year)
            ? earlier.Client : New(random, mailed, at, batch);
    }

    /// <summary>Somebody who does not say for whom.</summary>
    public LoadClient Nameless(LoadRandom random)
    {
        var place = random.Chance(50) ? LoadPlaces.Pick(random) : null;
        return new(null, new(Prefecture: place?.Name), new(Phone: random.Chance(60) ? PhoneOf(firstFree + made + random.Next(100_000)) : null), place);
    }

    private static ContactInput ContactOf(int n, LoadRandom random, bool mailed) => new(
        string.Create(CultureInfo.InvariantCulture, $"担当 {n % 9973:D4}"), random.Pick(Roles), PhoneOf(n),
        mailed || random.Chance(40) ? string.Create(CultureInfo.InvariantCulture, $"contact{n}@client{n % 5000}.example") : null);

    // 99 is the number of no registry office (domain §10.1: a 基礎番号 begins with the office's).
    private static string NumberOf(int n)
    {
        var digits = string.Create(CultureInfo.InvariantCulture, $"99{n:D10}");
        return $"{CorporateNumber.CheckDigitOf(digits)}{digits}";
    }

    /// <summary>An area code and 000, behind which nobody has a telephone.</summary>
    private static string PhoneOf(int n)
    {
        var area = n / 10_000 % 81;
        return string.Create(CultureInfo.InvariantCulture, $"0{(area / 9) + 1}{(area % 9) + 1}-000-{n % 10_000:D4}");
    }

    private static string Katakana(string hiragana) => string.Concat(hiragana.Select(c => (char)(c + 'ア' - 'あ')));
}
