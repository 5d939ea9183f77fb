using Consultation.Messaging;
using Consultation.Web.Mailbox;

namespace Consultation.Web.Pages.Shared;

/// <summary>One entry of the menu.</summary>
public sealed record NavItem(string Text, string Path);

/// <summary>The menu of a role: what its people do most comes first.</summary>
public static class Navigation
{
    private static readonly NavItem[] Desk =
    [
        new("ホーム", "/desk"), new("新規受付", "/inquiries/new"), new("案件一覧", "/cases"), new("割当て", "/assignment"), new("専門家の予定", "/diaries"), new("フォローアップ", "/follow-ups"),
    ];

    private static readonly NavItem Supervision = new("担当・滞留状況", "/supervision");

    private static readonly NavItem[] Expert =
    [
        new("わたしの案件", "/my-cases"), new("予定", "/diary"), new("打診", "/offers"), new("フォローアップ", "/follow-ups"), new("空き時間・不在", "/availability"), new("届いたメール", "/my-mail"),
    ];

    /// <param name="isDemo">A demo has a clock that can be moved.</param>
    public static IEnumerable<NavItem> Of(Actor actor, bool isDemo = false)
    {
        IEnumerable<NavItem> items = actor.Role switch
        {
            Role.Desk or Role.Centre => Desk,
            Role.Supervisor => [Supervision, .. Desk],
            Role.Ministry => [Supervision],
            Role.Expert => Expert,
            Role.Administrator => [new("設定", "/settings"), new("利用者", "/settings/people"), new("自動処理", "/settings/work"), new("メールの送信状況", "/settings/mail")],
            Role.Auditor => [new("操作記録", "/audit"), new("改ざんの検証", "/audit/chain")],
            _ => [],
        };
        items = actor.Can(Permission.ManageExperts) ? items.Append(new("専門家", "/experts")) : items;
        items = isDemo && actor.Can(Permission.MoveDemoClock) ? items.Append(new("デモの時計", "/demo/clock")) : items;
        return Inbox.IsFor(actor) ? items.Append(new("送信したメール", "/mailbox")) : items;
    }

    public static string HomeOf(Actor actor) => Of(actor).FirstOrDefault()?.Path ?? "/welcome";

    /// <summary>The current entry is the one whose address leads the page's own; of several the longest.</summary>
    public static NavItem? CurrentOf(IEnumerable<NavItem> items, string path) =>
        items.Where(item => path.Equals(item.Path, StringComparison.OrdinalIgnoreCase) || path.StartsWith(item.Path + "/", StringComparison.OrdinalIgnoreCase)).MaxBy(item => item.Path.Length);
}
