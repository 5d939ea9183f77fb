using System.ComponentModel.DataAnnotations;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Visits;
using Consultation.Web.Pages.Expert;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Diaries;

/// <summary>The diaries of all experts of a district, for those who book.</summary>
public sealed class IndexModel(Dispatcher dispatcher, DeskClock clock) : SendingPage(dispatcher)
{
    public static readonly IReadOnlyList<Choice> AllDistricts = [.. Districts.All.Select(district => new Choice(district.Slug, district.Name))];

    public DateTimeOffset Now => clock.Now;

    public DistrictView View { get; private set; } = null!;

    /// <summary>A desk sees its own district.</summary>
    public bool MayChoose => Actor.Role != Role.Desk || Actor.District is null;

    [BindProperty(SupportsGet = true), Display(Name = "地域")]
    public string? District { get; set; }

    /// <summary>Any day of the week, or the day itself; today without it.</summary>
    [BindProperty(SupportsGet = true)]
    public DateOnly? On { get; set; }

    /// <summary>week, day or list.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Span { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? After { get; set; }

    [BindProperty(SupportsGet = true), Display(Name = "日付")]
    public DayInput Go { get; set; } = new();

    public async Task OnGetAsync()
    {
        var today = JapanTime.DateOf(clock.Now);
        var on = DiaryDate.Read(On, Go, today, ModelState);
        var span = Span is "day" or "list" ? Span : "week";
        var diary = await AskAsync(new LookAtDistrict(
            string.IsNullOrEmpty(District) ? null : District, span == "day" ? on : AgendaView.MondayOf(on), span == "day" ? 1 : 7, string.IsNullOrEmpty(After) ? null : After));
        View = DistrictView.Of(span, on, today, diary);
        District = View.District;
        Go = ModelState.IsValid ? DayInput.Of(on) : Go;
    }
}
