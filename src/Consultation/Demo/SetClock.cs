using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Demo;

/// <summary>Moves the one clock to an instant; refused unless the database is marked as a demo (design §4).</summary>
[Requires(Permission.Operate)]
public sealed record SetClock(DateTimeOffset To) : ICommand<DateTimeOffset>;

internal sealed class SetClockHandler(ConsultationDb db, Execution execution, AppClock clock) : IRequestHandler<SetClock, DateTimeOffset>
{
    public async Task<DateTimeOffset> Handle(SetClock request, CancellationToken cancellationToken)
    {
        if (request.To.UtcDateTime.Year is < 2019 or > 2050)
        {
            throw new InvalidInput("when", "clock.malformed");
        }

        var moved = await db.Database.ExecuteSqlAsync($"update installation set clock_shift = {request.To.ToUniversalTime()} - clock_timestamp() where demo", cancellationToken);
        if (moved == 0)
        {
            throw new RuleViolation("clock.not_demo");
        }

        var shift = await db.Database.SqlQuery<TimeSpan>($"select clock_shift as \"Value\" from installation").SingleAsync(cancellationToken);
        execution.AfterCommit(() => clock.Follow(shift));
        return request.To;
    }
}
