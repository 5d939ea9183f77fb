using Consultation.Messaging;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Experts;

/// <summary>The experts by name: all for desk, centre, supervisor and administrator, the own record for an expert.</summary>
/// <param name="District">Only those who cover a part of this district.</param>
[Requires(Permission.ViewExperts)]
public sealed record ListExperts(string? District = null, bool IncludeInactive = false, ExpertId? After = null, int Limit = 50) : IQuery<Page<ExpertView>>;

internal sealed class ListExpertsValidator : AbstractValidator<ListExperts>
{
    public const int MostPerPage = 200;

    public ListExpertsValidator()
    {
        RuleFor(r => r.Limit).InclusiveBetween(1, MostPerPage).WithErrorCode("page.malformed");
        RuleFor(r => r.District).Must(d => d is null || Reference.Districts.Find(d) is not null).WithErrorCode("field.unknown_code");
    }
}

internal sealed class ListExpertsHandler(Execution execution, ExpertAccess access) : IRequestHandler<ListExperts, Page<ExpertView>>
{
    public async Task<Page<ExpertView>> Handle(ListExperts request, CancellationToken cancellationToken)
    {
        var experts = access.Visible().Where(e => e.Active || request.IncludeInactive);
        if (request.District is { } district)
        {
            var within = Reference.Prefectures.All.Where(p => p.District.Slug == district).Select(p => p.Code).ToArray();
            experts = experts.Where(e => e.Nationwide || e.Districts.Contains(district) || e.Prefectures.Any(p => within.Contains(p)));
        }

        if (request.After is { } after)
        {
            var last = await access.Visible().Where(e => e.Id == after).Select(e => e.Name).FirstOrDefaultAsync(cancellationToken)
                ?? throw new InvalidInput("after", "page.malformed");
            experts = experts.Where(e => EF.Functions.GreaterThan(ValueTuple.Create(e.Name, e.Id), ValueTuple.Create(last, after)));
        }

        var found = await experts.OrderBy(e => e.Name).ThenBy(e => e.Id).Take(request.Limit + 1)
            .Include(e => e.Topics).Include(e => e.Hours).Include(e => e.Days).Include(e => e.Absences.Where(a => a.EndsAt > execution.Now.ToUniversalTime())).AsSplitQuery()
            .ToListAsync(cancellationToken);
        var shown = found.Take(request.Limit).Select(e => ExpertView.Of(e, execution.Now)).ToList();
        execution.Audit("experts.listed", request.After ?? new ExpertId(Guid.Empty), $"{shown.Count}");
        return new(shown, found.Count > request.Limit ? shown[^1].Id.ToString() : null);
    }
}
