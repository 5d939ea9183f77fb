using System.Threading.RateLimiting;
using Consultation.Staff;
using MediatR;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Consultation.Web.SignIn;

/// <summary>The policies of design §7: who is let in, for how long, and how the session is kept.</summary>
public static class SignInSetup
{
    /// <summary>Attempts of one address: enough for an office behind one address, too few for guessing through a list of names.</summary>
    public const string RateLimit = "sign-in";
    private const int AttemptsAMinute = 120;
    private const string FrontDoor = "front-door";
    private const string SessionCookie = "consultation.session";

    public static void AddSignIn(this IServiceCollection services)
    {
        services.AddDbContext<SignInDb>((provider, options) => options.UseNpgsql(provider.GetRequiredService<NpgsqlDataSource>()));
        services.AddSingleton<Sessions>();
        services.AddSingleton<TokenActors>();
        services.AddScoped<Accounts>();
        services.AddScoped<FrontDoor>();
        services.AddTransient<IRequestHandler<RecordSignIn, bool>, RecordSignInHandler>();
        services.AddTransient<IRequestHandler<IssueSecret, IssuedSecret>, IssueSecretHandler>();
        services.AddTransient<INotificationHandler<AccessChanged>, WhenAccessChanged>();
        services.AddTransient<INotificationHandler<TokenRevoked>, WhenAccessChanged>();
        services.AddSingleton<KeptForms>();

        services.AddDataProtection().SetApplicationName("consultation");
        services.AddOptions<KeyManagementOptions>().Configure<NpgsqlDataSource>((options, source) => options.XmlRepository = new KeyRing(source));

        services.AddIdentityCore<Account>(options =>
            {
                options.Stores.SchemaVersion = IdentitySchemaVersions.Version3;
                options.Password.RequiredLength = Account.PasswordLength;
                options.Password.RequireDigit = false;
                options.Password.RequireLowercase = false;
                options.Password.RequireUppercase = false;
                options.Password.RequireNonAlphanumeric = false;
                options.Password.RequiredUniqueChars = 1;
                options.Lockout.MaxFailedAccessAttempts = 10;
                options.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(15);
                options.User.AllowedUserNameCharacters = "";
            })
            .AddEntityFrameworkStores<SignInDb>()
            .AddSignInManager()
            .AddDefaultTokenProviders();

        services.AddAuthentication(options =>
            {
                options.DefaultScheme = FrontDoor;
                options.DefaultSignInScheme = IdentityConstants.ApplicationScheme;
                options.DefaultSignOutScheme = IdentityConstants.ApplicationScheme;
            })
            .AddPolicyScheme(FrontDoor, null, options => options.ForwardDefaultSelector = context =>
                context.Request.Path.StartsWithSegments("/api") ? BearerTokens.SchemeName : IdentityConstants.ApplicationScheme)
            .AddScheme<AuthenticationSchemeOptions, BearerTokens>(BearerTokens.SchemeName, null)
            .AddIdentityCookies();
        services.ConfigureApplicationCookie(options =>
        {
            options.Cookie.Name = SessionCookie;
            options.Cookie.HttpOnly = true;
            options.Cookie.SameSite = SameSiteMode.Lax;
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            options.ExpireTimeSpan = TimeSpan.FromHours(12);
            options.SlidingExpiration = true;
            options.LoginPath = "/sign-in";
            options.ReturnUrlParameter = "returnUrl";

            // Sessions end by the real time: the demo's clock may jump by weeks, its users stay.
            options.TimeProvider = TimeProvider.System;
            options.Events.OnValidatePrincipal = Sessions.ValidateAsync;
            options.Events.OnRedirectToLogin = KeptForms.OnRedirectToLoginAsync;
            options.Events.OnRedirectToAccessDenied = context =>
            {
                context.Response.StatusCode = StatusCodes.Status403Forbidden;
                return Task.CompletedTask;
            };
        });

        services.AddRateLimiter(options =>
        {
            options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            options.AddPolicy(RateLimit, context => HttpMethods.IsPost(context.Request.Method)
                ? RateLimitPartition.GetFixedWindowLimiter(
                    context.Connection.RemoteIpAddress?.ToString() ?? "",
                    _ => new() { PermitLimit = AttemptsAMinute, Window = TimeSpan.FromMinutes(1) })
                : RateLimitPartition.GetNoLimiter("reading"));
        });

        services.AddAntiforgery(options =>
        {
            options.Cookie.Name = "consultation.antiforgery";
            options.Cookie.SameSite = SameSiteMode.Lax;
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });
        services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
    }
}
