using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Staff;

/// <summary>
/// Sets when a desk's letters to clients may leave (quiet hours), Japan time: what is written outside waits for the next such time, unless its kind goes
/// at any hour or it would come too late. Counts for letters written from now on. Both times null for any time of day.
/// </summary>
/// <param name="OpenDaysOnly">Not on the desk's closing days either.</param>
[Requires(Permission.Administer)]
public sealed record SetMailHours(string Slug, TimeOnly? From, TimeOnly? Until, bool OpenDaysOnly) : ICommand<DeskId>;

internal sealed class SetMailHoursValidator : AbstractValidator<SetMailHours>
{
    public SetMailHoursValidator()
    {
        RuleFor(r => r.Until).Must((r, until) => (r.From is null) == (until is null) && !(until <= r.From)).WithErrorCode("desk.mail_hours");
    }
}

internal sealed class SetMailHoursHandler(ConsultationDb db, Execution execution, DeskBook desks) : IRequestHandler<SetMailHours, DeskId>
{
    public async Task<DeskId> Handle(SetMailHours request, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlAsync($"select 1 from desks where slug = {request.Slug} for update", cancellationToken);
        var desk = await db.Set<Desk>().FirstOrDefaultAsync(d => d.Slug == request.Slug, cancellationToken) ?? throw new NotFound();
        if (execution.ExpectedVersion is { } expected && expected != desk.Version)
        {
            throw new Conflict("version.stale");
        }

        var changes = new Changes()
            .Of("mailFrom", Said(desk.MailFrom), Said(request.From))
            .Of("mailUntil", Said(desk.MailUntil), Said(request.Until))
            .Of("mailOpenDaysOnly", desk.MailOpenDaysOnly ? "yes" : "no", request.OpenDaysOnly ? "yes" : "no");
        if (changes.Any)
        {
            desk.SendMail(request.From, request.Until, request.OpenDaysOnly);
            execution.Audit("desk.mail_hours_set", desk.Id, changes.ToString());
            execution.AfterCommit(desks.Drop);
        }

        return desk.Id;
    }

    private static string? Said(TimeOnly? time) => time is { } told ? JapaneseDate.Time(told) : null;
}
