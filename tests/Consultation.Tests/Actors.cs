using Consultation.Messaging;
using Consultation.Staff;

namespace Consultation.Tests;

/// <summary>People of the tests, as rows that really exist, because the audit and the holder refer to them.</summary>
public static class Actors
{
    public static async Task<Actor> DeskAsync(this TestApp app, string desk) => await MakeAsync(app, Role.Desk, desk);

    public static async Task<Actor> SupervisorAsync(this TestApp app, string? desk = null) => await MakeAsync(app, Role.Supervisor, desk);

    public static async Task<Actor> CentreAsync(this TestApp app) => await MakeAsync(app, Role.Centre, null);

    public static async Task<Actor> OfAsync(this TestApp app, Role role, string? desk = null, ExpertId? expert = null) => await MakeAsync(app, role, desk, expert);

    public static Task<Actor> ExpertAsync(this TestApp app, ExpertId expert) => MakeAsync(app, Role.Expert, null, expert);

    private static async Task<Actor> MakeAsync(TestApp app, Role role, string? desk, ExpertId? expert = null)
    {
        var created = await app.Send(new CreateToken(role, desk, expert, $"試験 {role}"));
        return (await app.Send(new AuthenticateToken(created.Token)))!;
    }
}
