using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Staff;

/// <summary>Ends an API token: at once on this node, within 5 s everywhere (design §7). Repeating it changes nothing.</summary>
[Requires(Permission.Administer)]
public sealed record RevokeToken(AccessTokenId Token) : ICommand<AccessTokenId>;

internal sealed class RevokeTokenHandler(ConsultationDb db, Execution execution) : IRequestHandler<RevokeToken, AccessTokenId>
{
    public async Task<AccessTokenId> Handle(RevokeToken request, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlAsync($"select 1 from access_tokens where id = {request.Token.Value} for update", cancellationToken);
        var token = await db.Set<AccessToken>().FirstOrDefaultAsync(t => t.Id == request.Token, cancellationToken) ?? throw new NotFound();
        if (token.Revoke(execution.Now))
        {
            execution.Audit("token.revoked", token.Id);
            execution.Raise(new TokenRevoked(token.Id));
        }

        return token.Id;
    }
}

/// <summary>A token ended before its date; whoever keeps tokens forgets what was known.</summary>
public sealed record TokenRevoked(AccessTokenId Token) : IDomainEvent;
