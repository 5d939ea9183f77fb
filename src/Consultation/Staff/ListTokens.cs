using Consultation.Messaging;
using Consultation.Persistence;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Staff;

/// <summary>API tokens, newest first: whose, for what, until when. Of the token itself nothing is kept but a hash.</summary>
/// <param name="Open">True for those that work, false for those that have ended, null for all.</param>
[Requires(Permission.Administer)]
public sealed record ListTokens(bool? Open = true, AccessTokenId? After = null, int Limit = 50) : IQuery<Page<TokenRow>>;

/// <param name="Owner">The integration, or the person.</param>
/// <param name="Desk">The name of the desk.</param>
public sealed record TokenRow(
    AccessTokenId Id, string Name, StaffId Staff, string Owner, bool IsIntegration, bool OwnerActive, Role Role, string? Desk, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt)
{
    public bool IsOpen(DateTimeOffset now) => RevokedAt is null && OwnerActive && (ExpiresAt is null || ExpiresAt > now);
}

internal sealed class ListTokensValidator : AbstractValidator<ListTokens>
{
    public ListTokensValidator() => RuleFor(r => r.Limit).InclusiveBetween(1, 200).WithErrorCode("page.malformed");
}

internal sealed class ListTokensHandler(ConsultationDb db, Execution execution) : IRequestHandler<ListTokens, Page<TokenRow>>
{
    public async Task<Page<TokenRow>> Handle(ListTokens request, CancellationToken cancellationToken)
    {
        var now = execution.Now.ToUniversalTime();
        var tokens = db.Set<AccessToken>().AsNoTracking();
        if (request.After is { } after)
        {
            var last = await db.Set<AccessToken>().Where(t => t.Id == after).Select(t => (DateTimeOffset?)t.CreatedAt).FirstOrDefaultAsync(cancellationToken)
                ?? throw new InvalidInput("after", "page.malformed");
            tokens = tokens.Where(t => EF.Functions.LessThan(ValueTuple.Create(t.CreatedAt, t.Id), ValueTuple.Create(last, after)));
        }

        var rows =
            from t in tokens
            join m in db.Set<StaffMember>() on t.StaffId equals m.Id
            let open = t.RevokedAt == null && m.Active && (t.ExpiresAt == null || t.ExpiresAt > now)
            where request.Open == null || open == request.Open
            join d in db.Set<Desk>() on m.DeskId equals (DeskId?)d.Id into desks
            from d in desks.DefaultIfEmpty()
            orderby t.CreatedAt descending, t.Id descending
            select new TokenRow(t.Id, t.Name, m.Id, m.Name, m.IsIntegration, m.Active, m.Role, d == null ? null : d.Name, t.CreatedAt, t.ExpiresAt, t.RevokedAt);
        var found = await rows.Take(request.Limit + 1).ToListAsync(cancellationToken);
        var shown = found.Take(request.Limit).ToList();
        execution.Audit("tokens.listed", request.After ?? default, $"{shown.Count}");
        return new(shown, found.Count > request.Limit ? shown[^1].Id.ToString() : null);
    }
}
