using Consultation.Messaging;
using Consultation.Staff;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Settings.People;

/// <summary>Who may act; all that narrows the list lives in the address.</summary>
public sealed class IndexModel(Dispatcher dispatcher, DeskBook desks) : SendingPage(dispatcher)
{
    private const string Left = "left";
    private const string All = "all";

    public IReadOnlyList<FoundPerson> People { get; private set; } = [];

    public FiltersView Filters { get; private set; } = null!;

    public PagerView Pager { get; private set; } = null!;

    [BindProperty(SupportsGet = true, Name = "q")]
    public string? Words { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Role { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Desk { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? State { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? After { get; set; }

    public async Task OnGetAsync()
    {
        var book = await desks.ReadAsync(HttpContext.RequestAborted);
        var role = Choices.Read<Role>(Role);
        var desk = book.Find(Desk ?? "")?.Slug;
        StaffId? after = StaffId.TryParse(After, null, out var id) ? id : null;
        var page = await AskAsync(new SearchPeople(Words, role, desk, State switch { Left => false, All => null, _ => true }, after));
        People = page.Items;
        Filters = new(
            [
                new("role", "役割", Role ?? "", [new("", "すべて"), .. SettingsWords.Roles]),
                new("desk", "窓口", Desk ?? "", [new("", "すべて"), .. book.Desks.Select(one => new Choice(one.Slug, one.Name))]),
                new("state", "状態", State ?? "", [new("", "利用中"), new(Left, "利用停止"), new(All, "すべて")]),
            ],
            Words ?? "", "氏名・メールアドレス", "/settings/people", new Dictionary<string, string>(),
            role is not null || desk is not null || State is Left or All || !string.IsNullOrWhiteSpace(Words));
        Pager = new(
            $"{People.Count}人を表示", page.Next is { } next ? Url.Page("/Settings/People/Index", new { q = Words, role = Role, desk = Desk, state = State, after = next }) : null,
            after is null ? null : Url.Page("/Settings/People/Index", new { q = Words, role = Role, desk = Desk, state = State, after = (string?)null }));
    }
}
