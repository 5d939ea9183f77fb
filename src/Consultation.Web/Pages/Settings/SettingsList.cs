using Consultation.Messaging;

namespace Consultation.Web.Pages.Settings;

/// <summary>One line of the settings' home: what can be set there, and who may open it.</summary>
public sealed record Setting(string Group, string Name, string Line, string Path, Permission Needs);

/// <summary>Everything that can be set, in the order of the page. A page of settings is found here or not at all.</summary>
public static class SettingsList
{
    private const string People = "人と窓口";

    public static readonly IReadOnlyList<Setting> All =
    [
        new(People, "利用者", "利用者の登録、役割と所属の変更、利用停止、初回パスワードの発行", "/settings/people", Permission.Administer),
    ];

    public static IEnumerable<IGrouping<string, Setting>> Of(Actor actor) => All.Where(one => actor.Can(one.Needs)).GroupBy(one => one.Group);
}
