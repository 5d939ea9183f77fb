using System.Security.Cryptography;
using System.Text;
using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Staff;

/// <summary>Turns a bearer token into its actor; null for an unknown, revoked or expired token or an inactive owner.</summary>
[Requires(Permission.Operate)]
public sealed record AuthenticateToken(string Token) : IQuery<Actor?>;

internal sealed class AuthenticateTokenHandler(ConsultationDb db, Execution execution) : IRequestHandler<AuthenticateToken, Actor?>
{
    public async Task<Actor?> Handle(AuthenticateToken request, CancellationToken cancellationToken)
    {
        var hash = HashOf(request.Token);
        var now = execution.Now.ToUniversalTime();
        var found = await (
            from token in db.Set<AccessToken>()
            join member in db.Set<StaffMember>() on token.StaffId equals member.Id
            where token.Hash == hash && token.RevokedAt == null && (token.ExpiresAt == null || token.ExpiresAt > now) && member.Active
            select member).AsNoTracking().FirstOrDefaultAsync(cancellationToken);
        return found is null ? null : await ActorOfAsync(db, found, cancellationToken);
    }

    internal static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    internal static async Task<Actor> ActorOfAsync(ConsultationDb db, StaffMember member, CancellationToken cancellationToken)
    {
        var district = member.DeskId is { } desk
            ? await db.Set<Desk>().Where(d => d.Id == desk).Select(d => d.District).FirstOrDefaultAsync(cancellationToken)
            : null;
        return new(member.Id, member.Name, member.Role, member.DeskId, district, member.ExpertId);
    }
}
