using Consultation.Messaging;
using Consultation.Persistence;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Experts.Outside;

/// <summary>
/// Remembers the address of an expert's calendar, which <see cref="FetchCalendars"/> asks from then on. Only hosts that the operator allows
/// (<see cref="CalendarSettings"/>; none by default). Another address takes the place of the one before.
/// </summary>
[Requires(Permission.KeepAvailability)]
public sealed record SubscribeCalendar(ExpertId Expert, string? Address) : ICommand<ExpertCalendarId>;

internal sealed class SubscribeCalendarValidator : AbstractValidator<SubscribeCalendar>
{
    public SubscribeCalendarValidator() => RuleFor(r => r.Address).RequiredText(1_000);
}

internal sealed class SubscribeCalendarHandler(ConsultationDb db, Execution execution, ExpertAccess access, CalendarSettings settings) : IRequestHandler<SubscribeCalendar, ExpertCalendarId>
{
    public async Task<ExpertCalendarId> Handle(SubscribeCalendar request, CancellationToken cancellationToken)
    {
        var address = settings.AddressOf(request.Address!) ?? throw new InvalidInput("address", "calendar.address_malformed");
        if (!settings.Allows(address))
        {
            throw new InvalidInput("address", "calendar.host_not_allowed", settings.Hosts.Count == 0 ? "なし" : string.Join("、", settings.Hosts));
        }

        var expert = await access.ForAvailabilityAsync(request.Expert, cancellationToken);
        var calendar = await db.Set<ExpertCalendar>().FirstOrDefaultAsync(c => c.ExpertId == expert.Id && c.Source == CalendarSource.Feed, cancellationToken);
        if (calendar is null)
        {
            calendar = new(expert.Id, CalendarSource.Feed, execution.Now);
            db.Add(calendar);
        }

        calendar.Subscribe(address.AbsoluteUri, execution.Now);
        execution.Audit("expert.calendar_subscribed", expert.Id);
        return calendar.Id;
    }
}
