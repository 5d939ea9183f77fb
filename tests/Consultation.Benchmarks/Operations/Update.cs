using System.Collections.Concurrent;

namespace Consultation.Benchmarks;

/// <summary>A clerk takes a case over and leaves a note: PATCH of the holder with If-Match, then POST of the note. Counted as one.</summary>
internal sealed class Update : Operation
{
    private readonly ConcurrentDictionary<Guid, string> versions = new();

    public override string Name => "update";

    public override async Task PrepareAsync(Scene scene)
    {
        foreach (var (id, version) in await scene.Database.RowsAsync("select id, version from cases where status <> 'closed' limit 20000", row => (row.GetGuid(0), row.GetInt32(1))))
        {
            versions[id] = $"\"{version}\"";
        }
    }

    public override Turn Begin(Scene scene, Side side, Line line, int client)
    {
        // Each client keeps to its own cases, so that what it knows of their versions holds.
        var own = versions.Keys.Order().Where((_, at) => at % scene.Clients == client).ToList();
        var random = new Random(client + 200);
        var holders = new[] { scene.Callers.Centre, scene.Callers.Supervisor };
        var turn = 0;
        return () =>
        {
            var id = own[random.Next(own.Count)];
            var holder = holders[turn++ % 2];
            var patched = Ask(line, Request(scene, line, "PATCH", $"/api/v1/cases/{id}", $"{{\"holder\":\"{holder}\"}}", versions[id]), 200, 20);
            versions[id] = patched.Header("ETag")!;
            var noted = Ask(line, Request(scene, line, "POST", $"/api/v1/cases/{id}/notes", """{"text":"折り返しの希望は午後。担当者は来週から出張とのこと。"}"""), 201, 20);
            versions[id] = noted.Header("ETag")!;
            return true;
        };
    }
}
