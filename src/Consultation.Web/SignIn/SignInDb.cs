using System.Text.Json;
using Consultation.Messaging;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Web.SignIn;

/// <summary>The tables of sign-in, in a schema of their own (<c>Persistence/Sql/0900_signin.sql</c>).</summary>
public sealed class SignInDb(DbContextOptions<SignInDb> options) : IdentityUserContext<Account, Guid>(options)
{
    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.HasDefaultSchema("signin");
        builder.Entity<Account>().ToTable("accounts").Property(a => a.StaffId).HasConversion(id => id.Value, value => StaffId.From(value));
        builder.Entity<IdentityUserClaim<Guid>>().ToTable("account_claims");
        builder.Entity<IdentityUserLogin<Guid>>().ToTable("account_logins");
        builder.Entity<IdentityUserToken<Guid>>().ToTable("account_tokens");
        builder.Entity<IdentityUserPasskey<Guid>>().ToTable("account_passkeys").OwnsOne(passkey => passkey.Data).ToJson("data");
        foreach (var entity in builder.Model.GetEntityTypes().Where(entity => !entity.IsOwned()))
        {
            foreach (var property in entity.GetProperties())
            {
                property.SetColumnName(JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name));
            }
        }
    }
}
