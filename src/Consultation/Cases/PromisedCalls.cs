using Consultation.Messaging;
using Consultation.Organisations;
using Consultation.Reference;

namespace Consultation.Cases;

/// <summary>For when a call may be promised: on an open day of the desk, at any hour, and not beyond the programme's contract.</summary>
public sealed class PromisedCalls(ProgrammeBook programmes)
{
    /// <exception cref="InvalidInput"><c>call_back.beyond_contract</c>, <c>call_back.closed_day</c>.</exception>
    internal async Task DemandAsync(DateTimeOffset at, Occasion occasion, CancellationToken cancellationToken)
    {
        var (day, year) = (JapanTime.DateOf(at), FiscalYear.Of(at));
        var programme = year.Year == occasion.Programme.FiscalYear ? occasion.Programme : await programmes.FindAsync(year, cancellationToken);
        if (programme is null || day > programme.ContractEndsOn)
        {
            throw new InvalidInput("callBackAt", "call_back.beyond_contract", JapaneseDate.Long((programme ?? occasion.Programme).ContractEndsOn));
        }

        if (occasion.Calendar.ClosedReason(day) is { } reason)
        {
            throw new InvalidInput("callBackAt", "call_back.closed_day", JapaneseDate.Short(day), reason);
        }
    }
}
