using Consultation.Messaging;
using Microsoft.AspNetCore.Identity;

namespace Consultation.Web.SignIn;

/// <summary>How one person signs in. Name, role and desk stand in the room Staff; the account only points there.</summary>
public sealed class Account : IdentityUser<Guid>
{
    public const int PasswordLength = 15;

    public StaffId StaffId { get; set; }

    /// <summary>When an administrator handed out the password that stands here; null once the person has chosen an own one.</summary>
    public DateTimeOffset? SecretIssuedAt { get; set; }
}
