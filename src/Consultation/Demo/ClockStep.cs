using System.Globalization;
using System.Text.RegularExpressions;
using Consultation.Calendar;
using Consultation.Messaging;
using Consultation.Reference;

namespace Consultation.Demo;

/// <summary>
/// A step of the demo's clock as typed: <c>3bd</c> business days, <c>2d</c> days, <c>4h</c> hours. A business-day step lands on the same time
/// of day of the next open day of the national calendar.
/// </summary>
public sealed partial record ClockStep(int Count, ClockStepUnit Unit)
{
    /// <exception cref="InvalidInput">Not of that form, or more than 400 steps.</exception>
    public static ClockStep Parse(string text)
    {
        var match = Form().Match(text);
        if (!match.Success || !int.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count is 0 or > 400)
        {
            throw new InvalidInput("step", "clock.malformed");
        }

        return new(count, match.Groups[2].Value switch { "bd" => ClockStepUnit.BusinessDays, "d" => ClockStepUnit.Days, _ => ClockStepUnit.Hours });
    }

    /// <summary>The instants to stop at on the way, so that each day's work is done on its day.</summary>
    public IEnumerable<DateTimeOffset> Stops(DateTimeOffset from, NationalCalendar national)
    {
        var at = JapanTime.ToJapan(from);
        for (var i = 0; i < Count; i++)
        {
            at = Unit == ClockStepUnit.Hours ? at.AddHours(1) : at.AddDays(1);
            while (Unit == ClockStepUnit.BusinessDays && !national.IsBusinessDay(JapanTime.DateOf(at)))
            {
                at = at.AddDays(1);
            }

            yield return at;
        }
    }

    [GeneratedRegex("^([0-9]{1,3})(bd|d|h)$", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}

public enum ClockStepUnit { BusinessDays, Days, Hours }
