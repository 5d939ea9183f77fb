using Consultation.Messaging;
using Consultation.Persistence;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Staff;

/// <summary>People by name, without integrations.</summary>
/// <param name="Words">A part of the name or the address.</param>
/// <param name="Active">Null for those who have left too.</param>
[Requires(Permission.Administer)]
public sealed record SearchPeople(string? Words = null, Role? Role = null, string? Desk = null, bool? Active = true, StaffId? After = null, int Limit = 50) : IQuery<Page<FoundPerson>>;

/// <param name="Desk">The name of the desk.</param>
public sealed record FoundPerson(StaffId Id, string Name, string? Email, Role Role, string? Desk, string Organisation, bool Active);

internal sealed class SearchPeopleValidator : AbstractValidator<SearchPeople>
{
    public SearchPeopleValidator()
    {
        RuleFor(r => r.Words).Storable();
        RuleFor(r => r.Desk).Storable();
        RuleFor(r => r.Limit).InclusiveBetween(1, 200).WithErrorCode("page.malformed");
    }
}

internal sealed class SearchPeopleHandler(ConsultationDb db, Execution execution) : IRequestHandler<SearchPeople, Page<FoundPerson>>
{
    public async Task<Page<FoundPerson>> Handle(SearchPeople request, CancellationToken cancellationToken)
    {
        var people = db.Set<StaffMember>().AsNoTracking().Where(m => !m.IsIntegration);
        people = request.Active is { } active ? people.Where(m => m.Active == active) : people;
        people = request.Role is { } role ? people.Where(m => m.Role == role) : people;
        people = request.Desk is { } slug ? people.Where(m => db.Set<Desk>().Any(d => d.Id == m.DeskId && d.Slug == slug)) : people;
        if (!string.IsNullOrWhiteSpace(request.Words))
        {
            var pattern = $"%{request.Words.Trim().Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal)}%";
            people = people.Where(m => EF.Functions.ILike(m.Name, pattern) || EF.Functions.ILike(m.Email!, pattern));
        }

        if (request.After is { } after)
        {
            var last = await db.Set<StaffMember>().Where(m => m.Id == after).Select(m => m.Name).FirstOrDefaultAsync(cancellationToken)
                ?? throw new InvalidInput("after", "page.malformed");
            people = people.Where(m => EF.Functions.GreaterThan(ValueTuple.Create(m.Name, m.Id), ValueTuple.Create(last, after)));
        }

        var found = await (
            from m in people.OrderBy(m => m.Name).ThenBy(m => m.Id).Take(request.Limit + 1)
            join d in db.Set<Desk>() on m.DeskId equals (DeskId?)d.Id into desks
            from d in desks.DefaultIfEmpty()
            orderby m.Name, m.Id
            select new FoundPerson(m.Id, m.Name, m.Email, m.Role, d == null ? null : d.Name, m.Organisation, m.Active)).ToListAsync(cancellationToken);
        var shown = found.Take(request.Limit).ToList();
        execution.Audit("people.listed", request.After ?? default, $"{shown.Count}");
        return new(shown, found.Count > request.Limit ? shown[^1].Id.ToString() : null);
    }
}
