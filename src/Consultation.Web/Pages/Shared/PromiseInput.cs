using Consultation.Reference;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Consultation.Web.Pages.Shared;

/// <summary>Reads a promised call: day and time as typed; without a day it is today.</summary>
public static class PromiseInput
{
    public static DateTimeOffset? Read(DayInput day, string? time, string dayField, string timeField, DateTimeOffset now, ModelStateDictionary state)
    {
        if (day.IsEmpty && string.IsNullOrWhiteSpace(time))
        {
            return null;
        }

        var on = day.IsEmpty ? JapanTime.DateOf(now) : day.Read();
        if (on is null)
        {
            state.AddModelError(dayField, "2026年11月24日のように、暦にある日付を入力してください。空欄ならきょうになります。");
        }

        var at = Typed.Time(time);
        if (at is null)
        {
            state.AddModelError(timeField, "14:00 のように入力してください。");
        }

        return on is { } date && at is { } hour ? JapanTime.At(date, hour) : null;
    }
}
