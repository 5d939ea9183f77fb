using System.Globalization;
using System.Text.Json;

namespace Consultation.Benchmarks;

/// <summary>
/// A call that has just been taken: a company of its own, now and then (one in eight) one that is known. By telephone, so that no letter is
/// owed and both servers write the same rows.
/// </summary>
internal sealed class Create : Operation
{
    private static readonly string[] Texts =
    [
        "在宅勤務を導入したいのですが、自宅のパソコンから社内のファイルを安全に見る方法がわかりません。VPNとリモートデスクトップのどちらがよいか、費用の目安も含めて教えてください。従業員は30名ほどです。",
        "テレワーク規程を作りたい。労働時間の管理と、中抜け時間の扱い、通信費の負担をどう書けばよいか相談したい。就業規則の変更届も必要でしょうか。",
        "情報セキュリティの社内ルールを見直したい。私物のスマートフォンで業務メールを読む社員がいて、どこまで認めるべきか、専門家の意見を聞きたい。",
        "育児中の社員のために週2回の在宅勤務を試行しています。勤怠の記録と人事評価の方法で困っており、他社の例を知りたい。",
    ];

    private static int made;

    public override string Name => "create";

    public override Turn Begin(Scene scene, Side side, Line line, int client)
    {
        var random = new Random(client + 100);
        return () =>
        {
            var returning = random.Next(8) == 0;
            var no = Interlocked.Increment(ref made);
            var mark = $"{scene.Run}{no.ToString(CultureInfo.InvariantCulture)}";
            Ask(line, Request(scene, line, "POST", "/api/v1/inquiries", Body(returning ? scene.Organisations[random.Next(scene.Organisations.Count)] : $"株式会社計測{mark}", mark, random)), 201, 50);
            return true;
        };
    }

    private static string Body(string organisation, string mark, Random random) =>
        JsonSerializer.Serialize(new
        {
            channel = "phone",
            organisation = new { name = organisation, prefecture = "東京都", city = "港区", industry = "G", employees = random.Next(3, 300), capitalYen = 10_000_000L },
            contact = new { name = "計測 花子", role = "総務課長", phone = $"03-{random.Next(1000, 9999)}-{random.Next(1000, 9999)}", email = $"keisoku{mark}@example.jp" },
            teleworkStatus = "planned",
            preferredMode = "web",
            source = "検索",
            text = Texts[random.Next(Texts.Length)],
        });
}
