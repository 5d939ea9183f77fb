using System.ComponentModel.DataAnnotations;
using Consultation.CalendarChange;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Web.Pages.Shared;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Settings;

/// <summary>Opens a closed day or gives a day other hours.</summary>
public sealed class OpenDayModel(Dispatcher dispatcher, DeskClock clock) : DayChangePage(dispatcher, clock)
{
    [BindProperty, Display(Name = "受付の始まり", Order = 3)]
    public string? Opens { get; set; }

    [BindProperty, Display(Name = "受付の終わり", Order = 3)]
    public string? Closes { get; set; }

    [BindProperty, Display(Name = "昼休みの始まり", Order = 3)]
    public string? LunchFrom { get; set; }

    [BindProperty, Display(Name = "昼休みの終わり", Order = 3)]
    public string? LunchTo { get; set; }

    protected override string Asked => $"{On.Read():yyyyMMdd} {Desk} {Typed.Time(Opens):HHmm} {Typed.Time(Closes):HHmm} {Typed.Time(LunchFrom):HHmm} {Typed.Time(LunchTo):HHmm}";

    protected override IRequest<DayPreview> Look => new PreviewOpening(Day);

    private DayHoursOf Day => new(On.Read(), DeskOrAll, Typed.Time(Opens), Typed.Time(Closes), Typed.Time(LunchFrom), Typed.Time(LunchTo), Reason);

    protected override Task<bool> ChangeAsync() =>
        TryAsync(new OpenDay(Day), FieldOf, done => Say($"{JapaneseDate.Long(done.Day)}の受付時間を登録しました。{done.Moved}件の日付を数え直しました。"));

    protected override void Read()
    {
        base.Read();
        foreach (var (field, text) in new[] { (nameof(Opens), Opens), (nameof(Closes), Closes), (nameof(LunchFrom), LunchFrom), (nameof(LunchTo), LunchTo) })
        {
            if (!string.IsNullOrWhiteSpace(text) && Typed.Time(text) is null)
            {
                ModelState.AddModelError(field, "9:00 のように入力してください。");
            }
        }
    }
}
