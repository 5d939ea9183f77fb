using System.ComponentModel.DataAnnotations;
using Consultation.Cases;
using Consultation.Reference;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Consultation.Web.Pages.Visits;

/// <summary>One wish as typed; without times it is the whole day.</summary>
public sealed class WishInput
{
    [Display(Name = "日付")]
    public DayInput Date { get; set; } = new();

    [Display(Name = "何時から")]
    public string? From { get; set; }

    [Display(Name = "何時まで")]
    public string? Until { get; set; }

    public bool IsEmpty => Date.IsEmpty && string.IsNullOrWhiteSpace(From) && string.IsNullOrWhiteSpace(Until);

    public static WishInput Of(VisitWish wish) => new()
    {
        Date = DayInput.Of(wish.Date), From = wish.From is { } from ? JapaneseDate.Time(from) : null, Until = wish.Until is { } until ? JapaneseDate.Time(until) : null,
    };

    /// <param name="name">Of the bound property.</param>
    public VisitWish? Read(string name, ModelStateDictionary faults)
    {
        var day = Date.Read();
        if (day is null)
        {
            faults.AddModelError($"{name}.Date", "2026年12月3日のように、暦にある日付を入力してください。");
        }

        var (from, until) = (Time(From, $"{name}.From"), Time(Until, $"{name}.Until"));
        return day is { } date ? new(date, from, until) : null;

        TimeOnly? Time(string? text, string field)
        {
            if (string.IsNullOrWhiteSpace(text))
            {
                return null;
            }

            var time = Typed.Time(text);
            if (time is null)
            {
                faults.AddModelError(field, "9:00 のように入力してください。");
            }

            return time;
        }
    }
}
