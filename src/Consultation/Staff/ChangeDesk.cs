using System.Globalization;
using Consultation.Calendar;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Staff;

/// <summary>
/// Changes a desk's name, hours (Japan time), telephone number for letters, and dates. New hours count for deadlines set from now on; what is running keeps its derivation.
/// Outside its dates a desk takes nothing new – the national desk does – and finishes what it has.
/// </summary>
/// <param name="EffectiveTo">The last day, null without end; never for the national desk.</param>
[Requires(Permission.Administer)]
public sealed record ChangeDesk(
    string Slug, string? Name, TimeOnly? Opens, TimeOnly? Closes, TimeOnly? LunchFrom, TimeOnly? LunchTo, DateOnly? EffectiveFrom, DateOnly? EffectiveTo,
    string? Phone = null) : ICommand<DeskId>;

internal sealed class ChangeDeskValidator : AbstractValidator<ChangeDesk>
{
    public ChangeDeskValidator()
    {
        RuleFor(r => r.Name).RequiredText(InputRules.FieldLength);
        RuleFor(r => r.Opens).NotNull().WithErrorCode("field.required");
        RuleFor(r => r.Closes).NotNull().WithErrorCode("field.required");
        RuleFor(r => r.Closes).Must((r, closes) => closes is null || r.Opens is null || r.Opens < closes).WithErrorCode("desk.hours_backward");
        RuleFor(r => r.LunchFrom).Must((r, _) => LunchFits(r)).When(r => r.Opens < r.Closes).WithErrorCode("desk.lunch_outside");
        // A number that cannot be dialled would stand in every letter.
        RuleFor(r => r.Phone).Must(phone => Consultation.Reference.Phone.Check(phone) is { Kind: PhoneKind.Absent } or { IsDoubtful: false }).WithErrorCode("desk.phone_doubtful");
        RuleFor(r => r.EffectiveFrom).NotNull().WithErrorCode("field.required");
        RuleFor(r => r.EffectiveTo).Must((r, to) => to is null || r.EffectiveFrom is null || r.EffectiveFrom <= to).WithErrorCode("desk.dates_backward");
    }

    private static bool LunchFits(ChangeDesk request) => (request.LunchFrom, request.LunchTo) switch
    {
        (null, null) => true,
        ({ } from, { } to) => request.Opens < from && from < to && to < request.Closes,
        _ => false,
    };
}

internal sealed class ChangeDeskHandler(ConsultationDb db, Execution execution, DeskBook desks) : IRequestHandler<ChangeDesk, DeskId>
{
    public async Task<DeskId> Handle(ChangeDesk request, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlAsync($"select 1 from desks where slug = {request.Slug} for update", cancellationToken);
        var desk = await db.Set<Desk>().FirstOrDefaultAsync(d => d.Slug == request.Slug, cancellationToken) ?? throw new NotFound();
        if (execution.ExpectedVersion is { } expected && expected != desk.Version)
        {
            throw new Conflict("version.stale");
        }

        var (from, to) = (request.EffectiveFrom!.Value, request.EffectiveTo);
        if (desk.Kind == DeskKind.National && (to is not null || from > JapanTime.DateOf(execution.Now)))
        {
            throw new InvalidInput(to is not null ? "effectiveTo" : "effectiveFrom", "desk.national_always");
        }

        var name = request.Name!.Trim();
        var hours = new OpeningHours(request.Opens!.Value, request.Closes!.Value, request.LunchFrom, request.LunchTo);
        var phone = string.IsNullOrWhiteSpace(request.Phone) ? null : request.Phone.Trim();
        var changes = new Changes()
            .Of("name", desk.Name, name)
            .Of("hours", Said(desk.Hours), Said(hours))
            .Of("phone", desk.Phone, phone)
            .Of("from", Day(desk.EffectiveFrom), Day(from))
            .Of("to", Day(desk.EffectiveTo), Day(to));
        if (changes.Any)
        {
            desk.Change(name, hours, phone, from, to);
            execution.Audit("desk.changed", desk.Id, changes.ToString());
            execution.AfterCommit(desks.Drop);
        }

        return desk.Id;
    }

    private static string? Day(DateOnly? day) => day?.ToString("O", CultureInfo.InvariantCulture);

    private static string Said(OpeningHours hours) =>
        $"{JapaneseDate.Time(hours.Opens)}–{JapaneseDate.Time(hours.Closes)}" + (hours is { LunchFrom: { } from, LunchTo: { } to } ? $" ({JapaneseDate.Time(from)}–{JapaneseDate.Time(to)})" : "");
}
