using System.Security.Cryptography;
using System.Text;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using FluentValidation;
using MediatR;

namespace Consultation.Staff;

/// <summary>
/// Issues an API token for a role; the token itself is returned once and never stored. An integration is a row of staff like any person,
/// so that the audit names it.
/// </summary>
/// <param name="DeskSlug">Slug of the desk; required for the role desk, optional for supervisor.</param>
/// <param name="LifetimeDays">Days until the token ends; null for a year.</param>
[Requires(Permission.Administer)]
public sealed record CreateToken(Role Role, string? DeskSlug, ExpertId? Expert, string Name, int? LifetimeDays = null) : ICommand<CreatedToken>;

public sealed record CreatedToken(AccessTokenId Id, StaffId StaffId, string Token);

internal sealed class CreateTokenValidator : AbstractValidator<CreateToken>
{
    public CreateTokenValidator()
    {
        RuleFor(r => r.Name).RequiredText(InputRules.FieldLength);
        RuleFor(r => r.Role).ForPeople();
        // More forgiving than for people: scripts name a desk with every role.
        RuleFor(r => r.DeskSlug).Must(d => d is not null).When(r => r.Role == Role.Desk).WithErrorCode("field.required");
        RuleFor(r => r.Expert).Must(e => e is not null).When(r => r.Role == Role.Expert).WithErrorCode("field.required");
        RuleFor(r => r.LifetimeDays).Must(d => d is null or (> 0 and <= 3650)).WithErrorCode("field.out_of_range").WithState(_ => new object?[] { 1, 3650 });
    }
}

internal sealed class CreateTokenHandler(ConsultationDb db, Execution execution, DeskBook desks) : IRequestHandler<CreateToken, CreatedToken>
{
    public async Task<CreatedToken> Handle(CreateToken request, CancellationToken cancellationToken)
    {
        var desk = PersonRules.DeskOf(await desks.ReadAsync(cancellationToken), request.DeskSlug, "desk");
        var member = new StaffMember(request.Name, null, request.Role, desk, request.Expert, "連携システム", execution.Now, isIntegration: true);
        // 256 random bits; the prefix lets secret scanners recognise a leaked token.
        var token = "cst_" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        var row = new AccessToken(member.Id, AuthenticateTokenHandler.HashOf(token), request.Name, execution.Now, execution.Now.AddDays(request.LifetimeDays ?? 365));
        db.Add(member);
        db.Add(row);
        execution.Audit("token.created", row.Id, $"role: {EnumText.Of(request.Role)}; desk: {request.DeskSlug ?? "-"}; until: {JapanTime.DateOf(row.ExpiresAt!.Value):yyyy-MM-dd}");
        return new(row.Id, member.Id, token);
    }
}
