using System.Text.Json;
using Consultation.Persistence;
using Consultation.Topics;

namespace Consultation.Demo;

/// <summary>What somebody asks, and what the rules of today suggest for it.</summary>
internal sealed record LoadInquiry(string Text, Suggestion Suggestion);

/// <summary>
/// Inquiries put together from invented sentences. The suggestion is the real one; texts of one pattern share it, because the last sentence
/// says nothing that the rules listen to and stands behind all evidence.
/// </summary>
internal sealed class LoadTexts
{
    private static readonly string[] Openings =
    [
        "はじめてお電話します。", "社長から調べるように言われました。", "知り合いの会社に勧められて相談します。", "案内のチラシを見ました。", "以前にも少し伺ったことがあります。",
        "商工会の集まりでこちらを知りました。", "来年度に向けて準備をしています。", "小さな会社ですがお願いします。", "支店の者ですが本社に代わって伺います。", "先月のセミナーに出ました。",
        "担当が替わったので改めて伺います。", "急ぎではありません。", "社内で意見が分かれています。", "ホームページを拝見しました。",
    ];

    private static readonly string[] Asks =
    [
        "自宅から社内のファイルを開くためのVPNが遅く、接続も切れやすいので見直したい。",
        "在宅勤務で使うパソコンの情報漏えい対策と、端末の持ち出しの決まりを知りたい。",
        "在宅勤務中の労働時間をどう把握し、中抜けをどう扱えばよいか教えてほしい。",
        "テレワークのために就業規則をどこまで直せばよいか、ひな形があれば見たい。",
        "通信費や電気代を会社がどこまで負担すべきか、手当の決め方を相談したい。",
        "紙の書類が多くて出社が減らない。ペーパーレスとクラウドの進め方を知りたい。",
        "導入の手順がわからない。業務の棚卸しから手伝ってもらえるか。",
        "クラウドの勤怠管理と会計ソフトのどれを選べばよいか、選び方を聞きたい。",
        "部下の様子が見えず、人事評価に困っている。目標管理のやり方を知りたい。",
        "長時間労働とメンタルヘルスが心配。健康管理で気をつけることを教えてほしい。",
        "災害のときも事業を続けられるように、BCPとして在宅で働ける体制を整えたい。",
        "育児や介護と両立できるように、在宅の制度を広げたい。",
        "会議ツールとチャットの使い方がばらばらで、連絡の行き違いが多い。",
        "どの仕事なら在宅でできるのか、対象者の決め方を相談したい。",
        "セキュリティと就業規則の両方を一度に見直したい。",
        "VPNの整備と、時間外労働の管理をあわせて相談したい。",
        "新人の教育が在宅だとうまくいかない。研修の組み方を知りたい。",
        "在宅勤務中のけがは労災になるのか知りたい。",
        "光回線が来ていない地域で、モバイル回線の選び方を教えてほしい。",
        "チャットでのきつい言い方がハラスメントにならないか心配している。",
    ];

    private static readonly string[] OtherAsks =
    [
        "テレワークの助成金を申請したい。どこに出せばよいか。",
        "海外に引っ越す社員がそのまま働けるか、税と社会保険を知りたい。",
        "障害のある人を在宅で雇いたい。相談先を教えてほしい。",
        "資料を送ってほしい。",
        "少し話を聞きたいのですが、詳しいことはまた改めて。",
        "補助金の締切りを知りたい。",
    ];

    private static readonly string[] Facts = ["連絡は午前中が助かります。", "連絡は午後が助かります。", "担当は二名です。", "折り返しは不要です。", "水曜は定休です。", "創業から長い会社です。", "よろしくお願いします。"];

    private static readonly string[] Answers =
    [
        "内容を確認し、専門家につなぐことを伝えた。", "進め方を説明し、資料の場所を案内した。", "詳しい状況を聞き取った。社内で話し合うとのこと。", "担当者に概要を伝えた。", "日程の希望を聞いた。",
        "前回の続きを確かめた。", "資料を送る約束をした。", "制度の概要を口頭で案内した。",
    ];

    private static readonly string[] Reports =
    [
        "現状を聞き取り、対象業務の一覧を一緒に作った。次回までに社内で確認してもらう。", "接続方式の比較を示し、費用の目安を説明した。試験運用から始めることで合意した。",
        "規程の改定箇所を順に確認し、見本を渡した。労使の話し合いの進め方も助言した。", "勤怠の記録方法を整理し、管理者向けの手引きを案内した。", "端末の管理台帳と持ち出しの手順を見直した。",
        "会議と連絡の決まりを三つに絞り、まず一部署で試すことにした。", "費用負担の考え方を説明し、手当の案を二つ示した。",
    ];

    private static readonly string[] Notes = ["次に電話するときは総務部の直通へ。", "上司の同席を希望。", "資料は郵送済み。", "午前は不在が多い。", "前任者から引継ぎ済み。"];

    private readonly Suggester suggester;
    private readonly Dictionary<string, Suggestion> known = [];
    private readonly List<string> routed = [];
    private readonly List<string> others = [];
    private readonly List<string> facts;

    public LoadTexts(Suggester suggester)
    {
        this.suggester = suggester;
        foreach (var ask in Asks.Concat(OtherAsks))
        {
            (suggester.Suggest(ask).Outcome == Outcome.Route ? routed : others).Add(ask);
        }

        // What the rules of this house hear in a last sentence would need a suggestion of its own.
        facts = ["", .. Facts.Where(fact => Asks.Concat(OtherAsks).All(ask => Json(ask + fact) == Json(ask)))];
    }

    /// <param name="number">The number of the case within the load, which says which of <see cref="LoadTerms"/> it holds.</param>
    public LoadInquiry Inquiry(int number, bool isRouted, LoadRandom random)
    {
        var asks = isRouted && routed.Count > 0 || others.Count == 0 ? routed : others;
        var pattern = random.Pick(Openings) + random.Pick(asks) + string.Concat(LoadTerms.All.Where(t => t.StandsIn(number)).Select(t => t.Sentence));
        if (!known.TryGetValue(pattern, out var suggestion))
        {
            known.Add(pattern, suggestion = suggester.Suggest(pattern));
        }

        return new(pattern + random.Pick(facts), suggestion);
    }

    private string Json(string text) => JsonSerializer.Serialize(suggester.Suggest(text), StoredJson.Options);

    public string Answer(LoadRandom random) => random.Pick(Answers);

    public string Report(LoadRandom random) => random.Pick(Reports);

    public string Note(LoadRandom random) => random.Pick(Notes);
}
