using System.Text;

namespace Consultation.Reference;

/// <summary>
/// Old and variant forms of kanji with the form used for comparing (旧字体・異体字 → 常用漢字表の字体, and the forms seen in
/// names of people and companies). Never for display: a name stays as typed (domain §10.6).
/// </summary>
internal static class KanjiVariants
{
    // Each pair is a variant followed by the form that stands for it.
    private const string Pairs =
        "亞亜惡悪壓圧圍囲醫医爲為壹壱隱隠榮栄營営衞衛驛駅圓円鹽塩緣縁艷艶應応歐欧毆殴櫻桜奧奥橫横溫温穩穏假仮價価" +
        "畫画會会壞壊懷懐繪絵擴拡殼殻覺覚學学斈学嶽岳樂楽渴渇勸勧卷巻寬寛歡歓罐缶觀観閒間關関陷陥顏顔歸帰氣気龜亀僞偽" +
        "戲戯犧犠舊旧據拠擧挙虛虚峽峡挾挟敎教强強狹狭鄕郷堯尭曉暁區区驅駆勳勲薰薫徑径惠恵揭掲攜携溪渓經経繼継莖茎" +
        "螢蛍輕軽鷄鶏藝芸擊撃缺欠儉倹劍剣劔剣圈圏檢検權権獻献硏研縣県險険顯顕驗験嚴厳巖巌吳呉娛娯效効廣広恆恒鑛鉱礦鉱" +
        "號号國国圀国黑黒碎砕濟済齋斎劑剤雜雑產産參参慘惨棧桟蠶蚕贊賛殘残絲糸齒歯兒児辭辞濕湿實実舍舎寫写釋釈壽寿" +
        "收収從従澁渋獸獣縱縦肅粛處処緖緒敍叙敘叙將将涉渉燒焼奬奨獎奨稱称證証乘乗剩剰壤壌孃嬢條条淨浄狀状疊畳讓譲釀醸" +
        "囑嘱觸触寢寝愼慎晉晋眞真刄刃盡尽圖図粹粋醉酔隨随髓髄數数樞枢瀨瀬淸清靑青聲声靜静齊斉攝摂竊窃專専戰戦淺浅" +
        "潛潜纖繊踐践錢銭禪禅曾曽雙双壯壮搜捜插挿巢巣爭争瘦痩總総聰聡莊荘裝装騷騒臟臓藏蔵卽即屬属續続墮堕體体對対" +
        "帶帯滯滞臺台瀧滝擇択澤沢單単擔担膽胆團団彈弾斷断癡痴遲遅晝昼蟲虫鑄鋳廳庁徵徴聽聴敕勅鎭鎮遞逓鐵鉄轉転點点" +
        "傳伝黨党盜盗燈灯當当鬪闘德徳獨独讀読屆届繩縄貳弐惱悩腦脳霸覇廢廃拜拝賣売麥麦發発髮髪拔抜晚晩蠻蛮祕秘濱浜" +
        "濵浜甁瓶拂払佛仏倂併竝並變変邊辺邉辺辨弁瓣弁辯弁舖舗步歩穗穂寶宝襃褒豐豊沒没飜翻每毎槇槙萬万滿満麵麺默黙" +
        "餠餅戾戻彌弥藥薬譯訳豫予餘余與与譽誉搖揺樣様謠謡遙遥來来賴頼亂乱覽覧龍竜兩両獵猟綠緑淚涙壘塁勵励禮礼隸隷" +
        "靈霊齡齢曆暦歷歴戀恋鍊錬爐炉勞労樓楼郞郎祿禄錄録亙亘灣湾稻稲增増" +
        "髙高﨑崎嵜崎栁柳槗橋嶋島嶌島冨富峯峰桒桑靍鶴靏鶴渕淵渊淵舘館曻昇昻昂埜野菴庵礒磯篭籠檜桧藪薮鷗鴎鶯鴬蘆芦" +
        "鴈雁兔兎廚厨穐秋凜凛讚讃壷壺諌諫頸頚鹼鹸麴麹蠟蝋醬醤攪撹摑掴搔掻潑溌瀆涜焰焔禱祷簞箪繡繍繫繋萊莱蔣蒋" +
        "蟬蝉軀躯嚙噛囊嚢塡填顚顛屢屡俠侠俱倶剝剥噓嘘頰頬姸妍屛屏幷并驒騨啞唖翆翠";

    // Variants outside the basic plane, as they are typed into names.
    private static readonly Dictionary<int, char> s_wide = new()
    {
        [0x20BB7] = '吉', [0x2123D] = '土', [0x2363A] = '橋',
    };

    private static readonly Dictionary<char, char> s_narrow = Build();

    public static IReadOnlyDictionary<char, char> All => s_narrow;

    public static bool TryFold(Rune wide, out char folded) => s_wide.TryGetValue(wide.Value, out folded);

    private static Dictionary<char, char> Build()
    {
        var map = new Dictionary<char, char>(Pairs.Length / 2);
        for (var i = 0; i < Pairs.Length; i += 2)
        {
            map.Add(Pairs[i], Pairs[i + 1]);
        }

        return map;
    }
}
