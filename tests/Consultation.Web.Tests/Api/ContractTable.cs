namespace Consultation.Web.Tests.Api;

/// <summary>
/// Who hears what from which path. A cell is one status, or two where it matters whose row it is: own district or own expert's / foreign.
/// A path of the document without a line here fails the test, and so does a line without its path.
/// </summary>
internal static class ContractTable
{
    public static readonly string[] Roles = ["desk", "centre", "expert", "supervisor", "nationwide", "ministry", "auditor", "administrator", "nobody", "expired"];

    private const string Text = """
        POST  /api/v1/inquiries                    201      201  403      201      201  403  403  403      401  401
        GET   /api/v1/cases                        200      200  200      200      200  403  403  403      401  401
        GET   /api/v1/queue                        200      200  200      200      200  403  403  403      401  401
        GET   /api/v1/cases/{id}                   200/200  200  200/404  200/200  200  403  403  403      401  401
        PATCH /api/v1/cases/{id}                   200/404  200  403      200/404  200  403  403  403      401  401
        POST  /api/v1/cases/{id}/contacts          201/201  201  201/404  201/201  201  403  403  403      401  401
        POST  /api/v1/cases/{id}/notes             201/404  201  201/404  201/404  201  403  403  403      401  401
        POST  /api/v1/cases/{id}/route             200/404  200  403      200/404  200  403  403  403      401  401
        POST  /api/v1/cases/{id}/close             200/404  200  403      200/404  200  403  403  403      401  401
        POST  /api/v1/cases/{id}/reopen            200/404  200  403      200/404  200  403  403  403      401  401
        POST  /api/v1/cases/{id}/hold              200/404  200  403      200/404  200  403  403  403      401  401
        POST  /api/v1/cases/{id}/resume            200/404  200  403      200/404  200  403  403  403      401  401
        POST  /api/v1/cases/{id}/hand-over         200/404  200  403      200/404  200  403  403  403      401  401
        POST  /api/v1/cases/{id}/reassign          403      403  403      200/404  200  403  403  403      401  401
        GET   /api/v1/cases/{id}/candidates        200/404  200  403      200/404  200  403  403  403      401  401
        POST  /api/v1/cases/{id}/ranking           200/404  200  403      200/404  200  403  403  403      401  401
        POST  /api/v1/cases/{id}/offers            201/404  201  403      201/404  201  403  403  403      401  401
        GET   /api/v1/cases/{id}/slots             200/404  200  200/404  200/404  200  403  403  403      401  401
        POST  /api/v1/cases/{id}/visits            201/404  201  201/404  201/404  201  403  403  403      401  401
        POST  /api/v1/cases/{id}/slot-wishes       201/404  201  201/404  201/404  201  403  403  403      401  401
        GET   /api/v1/slot-wishes                  200      200  200      200      200  403  403  403      401  401
        POST  /api/v1/slot-wishes/{id}/end         200/404  200  200/404  200/404  200  403  403  403      401  401
        POST  /api/v1/assignments                  201      201  403      201      201  403  403  403      401  401
        GET   /api/v1/assignments/{id}             200/404  200  403      200/404  200  403  403  403      401  401
        POST  /api/v1/assignments/{id}/apply       200/404  200  403      200/404  200  403  403  403      401  401
        POST  /api/v1/assignments/{id}/undo        200/404  200  403      200/404  200  403  403  403      401  401
        GET   /api/v1/waiting-projection           403      403  403      200      200  200  403  403      401  401
        GET   /api/v1/offers                       200      200  200      200      200  403  403  403      401  401
        POST  /api/v1/offers/{id}/accept           200/404  200  200/404  200/404  200  403  403  403      401  401
        POST  /api/v1/offers/{id}/decline          200/404  200  200/404  200/404  200  403  403  403      401  401
        POST  /api/v1/visits/{id}/confirm          200/404  200  200/404  200/404  200  403  403  403      401  401
        POST  /api/v1/visits/{id}/reschedule       200/404  200  200/404  200/404  200  403  403  403      401  401
        POST  /api/v1/visits/{id}/cancel           200/404  200  200/404  200/404  200  403  403  403      401  401
        POST  /api/v1/visits/{id}/complete         200/404  200  200/404  200/404  200  403  403  403      401  401
        POST  /api/v1/visits/{id}/report           201/404  201  201/404  201/404  201  403  403  403      401  401
        POST  /api/v1/visits/{id}/report/approve   403      403  403      200/404  200  403  403  403      401  401
        POST  /api/v1/visits/{id}/report/return    403      403  403      200/404  200  403  403  403      401  401
        GET   /api/v1/follow-ups                   200      200  200      200      200  403  403  403      401  401
        POST  /api/v1/follow-ups/{id}/complete     200/404  200  200/404  200/404  200  403  403  403      401  401
        POST  /api/v1/follow-ups/{id}/postpone     200/404  200  200/404  200/404  200  403  403  403      401  401
        POST  /api/v1/tallies                      201      201  403      201      201  403  403  403      401  401
        GET   /api/v1/call-backs                   200      200  200      200      200  403  403  403      401  401
        GET   /api/v1/case-load                    403      403  403      200      200  200  403  403      401  401
        GET   /api/v1/experts                      200      200  200      200      200  403  403  200      401  401
        POST  /api/v1/experts                      403      403  403      201      201  403  403  201      401  401
        PUT   /api/v1/experts/{id}/availability    403      403  200/404  200/403  200  403  403  200      401  401
        POST  /api/v1/experts/{id}/absences        403      403  201/404  201/403  201  403  403  201      401  401
        GET   /api/v1/experts/{id}/visits-in-absence  200   200  200/404  200      200  403  403  200      401  401
        GET   /api/v1/experts/{id}/hand-overs      403      403  403      200      200  403  403  403      401  401
        POST  /api/v1/experts/{id}/hand-overs      403      403  403      201      201  403  403  403      401  401
        GET   /api/v1/hand-overs/{id}              403      403  403      200/404  200  403  403  403      401  401
        POST  /api/v1/hand-overs/{id}/approve      403      403  403      200/404  200  403  403  403      401  401
        POST  /api/v1/hand-overs/{id}/undo         403      403  403      200/404  200  403  403  403      401  401
        """;

    /// <summary>"POST /api/v1/…" → role → (own, foreign).</summary>
    public static readonly IReadOnlyDictionary<string, IReadOnlyDictionary<string, (int Own, int Foreign)>> Lines = Text.Split('\n')
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .ToDictionary(cells => $"{cells[0]} {cells[1]}", Read);

    private static IReadOnlyDictionary<string, (int, int)> Read(string[] cells)
    {
        Assert.True(cells.Length == Roles.Length + 2, $"{cells[1]}: {cells.Length - 2} expectations for {Roles.Length} roles");
        return Roles.Zip(cells.Skip(2).Select(cell => cell.Split('/')), (role, told) => (role, told)).ToDictionary(
            pair => pair.role, pair => (Number(pair.told[0]), Number(pair.told[^1])));
    }

    private static int Number(string text) => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
