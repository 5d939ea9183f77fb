using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Consultation.Audit;
using Consultation.CaseFile;
using Consultation.Messaging;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Audit;

/// <summary>Who did and saw what, for the auditor; "who read this case last month?" is the case number, the period and 見ただけ (journey J43).</summary>
public sealed class IndexModel(Dispatcher dispatcher, TimeProvider clock) : SendingPage(dispatcher)
{
    private const string Reads = "reads";
    private const string Writes = "changes";
    private const string NoDay = "2026年11月1日のように、暦にある日付を入力してください。";

    public static readonly IReadOnlyList<Choice> Sorts = [new("", "すべて"), new(Reads, "見ただけ"), new(Writes, "変えたもの")];

    public DateTimeOffset Now => clock.GetUtcNow();

    public IReadOnlyList<AuditRow> Rows { get; private set; } = [];

    public IReadOnlyDictionary<Ref, string> Names { get; private set; } = new Dictionary<Ref, string>();

    public PagerView Pager { get; private set; } = null!;

    [BindProperty(SupportsGet = true), Display(Name = "始まりの日")]
    public DayInput From { get; set; } = new();

    [BindProperty(SupportsGet = true), Display(Name = "終わりの日")]
    public DayInput To { get; set; } = new();

    [BindProperty(SupportsGet = true), Display(Name = "案件番号")]
    public string? Number { get; set; }

    [BindProperty(SupportsGet = true), Display(Name = "操作した人")]
    public string? Who { get; set; }

    [BindProperty(SupportsGet = true), Display(Name = "操作の種類")]
    public string? Kind { get; set; }

    [BindProperty(SupportsGet = true), Display(Name = "対象")]
    public string? Subject { get; set; }

    [BindProperty(SupportsGet = true), Display(Name = "見た・変えた")]
    public string? Sort { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? After { get; set; }

    public bool Narrowed => !From.IsEmpty || !To.IsEmpty || new[] { Number, Who, Kind, Subject, Sort }.Any(text => !string.IsNullOrWhiteSpace(text));

    public async Task OnGetAsync()
    {
        var (from, to) = (Day("From", From), Day("To", To));
        var traced = string.IsNullOrWhiteSpace(Number) ? null : await AskAsync(new TraceCase(Number));
        if (traced is null && !string.IsNullOrWhiteSpace(Number))
        {
            ModelState.AddModelError("Number", "その番号の案件はありません。「R08-000123」や「8の123」のように入力してください。");
        }

        long? after = long.TryParse(After, NumberStyles.None, CultureInfo.InvariantCulture, out var row) ? row : null;
        Page<AuditRow>? page = null;
        if (ModelState.IsValid)
        {
            await TryAsync(
                new SearchAudit(from, to, Who, Blank(Kind), Sort switch { Reads => true, Writes => false, _ => null }, Blank(Subject), traced?.Rows, traced?.Number, after),
                field => field is "from" or "to" ? "To" : field == "actor" ? "Who" : null, found => page = found);
        }

        Rows = page?.Items ?? [];
        Names = Rows.Count == 0 ? Names : await AskAsync(new NameSubjects([.. Rows.Select(one => one.SubjectId)]));
        Pager = new($"{Rows.Count}件を表示", page?.Next is { } next ? Link(next) : null, after is null ? null : Link(null));
    }

    private string Link(string? after) => Request.Path + QueryString.Create(
        Request.Query.Where(pair => pair.Key != "After" && pair.Key != "after").SelectMany(pair => pair.Value, (pair, value) => KeyValuePair.Create(pair.Key, value))
            .Concat(after is null ? [] : [KeyValuePair.Create("after", (string?)after)]));

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    private DateOnly? Day(string field, DayInput typed)
    {
        var day = typed.Read();
        if (day is null && !typed.IsEmpty)
        {
            ModelState.AddModelError(field, NoDay);
        }

        return day;
    }
}
