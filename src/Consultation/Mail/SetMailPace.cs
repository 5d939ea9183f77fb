using System.Globalization;
using Consultation.Messaging;
using Consultation.Persistence;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Mail;

/// <summary>How many mails a minute go to one recipient's domain at most, by all workers together; null lifts the limit. Returns what holds now.</summary>
[Requires(Permission.Administer)]
public sealed record SetMailPace(int? PerMinute) : ICommand<int?>;

internal sealed class SetMailPaceValidator : AbstractValidator<SetMailPace>
{
    public SetMailPaceValidator() => RuleFor(r => r.PerMinute).InclusiveBetween(1, 100_000).WithErrorCode("mail.bad_pace");
}

internal sealed class SetMailPaceHandler(ConsultationDb db, Execution execution, MailWake wake) : IRequestHandler<SetMailPace, int?>
{
    public async Task<int?> Handle(SetMailPace request, CancellationToken cancellationToken)
    {
        var trip = new RoundTrip(db);
        var held = trip.Rows($"select per_minute from mail_server for update", row => row.Maybe<int>());
        await trip.GoAsync(cancellationToken);
        var before = held.Single();
        if (before != request.PerMinute)
        {
            await db.Database.ExecuteSqlAsync($"update mail_server set per_minute = {request.PerMinute}", cancellationToken);
            execution.Audit("mail.pace_set", default(MailId), new Changes().Of("per_minute", Told(before), Told(request.PerMinute)).ToString());
            execution.AfterCommit(wake.Ring);
        }

        return request.PerMinute;
    }

    private static string? Told(int? perMinute) => perMinute?.ToString(CultureInfo.InvariantCulture);
}
