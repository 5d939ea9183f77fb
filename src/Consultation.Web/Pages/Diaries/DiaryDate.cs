using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Consultation.Web.Pages.Diaries;

/// <summary>Which day a diary is opened at: the one that was typed, else that of the address, else today.</summary>
public static class DiaryDate
{
    public static DateOnly Read(DateOnly? on, DayInput typed, DateOnly today, ModelStateDictionary faults)
    {
        if (!typed.IsEmpty)
        {
            if (typed.Read() is { Year: >= 2019 and <= 2045 } day)
            {
                // What was typed is shown again as it was read.
                foreach (var part in new[] { "Go.Year", "Go.Month", "Go.Day" })
                {
                    faults.Remove(part);
                }

                return day;
            }

            faults.AddModelError("Go", "日付を確かめてください。例 2026年11月24日(2019年から2045年まで)");
        }

        return on is { Year: >= 2019 and <= 2045 } asked ? asked : today;
    }
}
