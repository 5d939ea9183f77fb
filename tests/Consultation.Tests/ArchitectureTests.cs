using System.Reflection;
using System.Text.RegularExpressions;
using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Consultation.Tests;

/// <summary>The house rules that a compiler does not know (design §1, §10).</summary>
public sealed partial class ArchitectureTests
{
    // A room may use only what stands before it; rooms in one line do not use each other.
    private static readonly string[][] Floors =
    [
        ["Reference"], ["Calendar"], ["Messaging"], ["Persistence"], ["Audit"], ["Mail"], ["Staff"], ["Experts"], ["Topics"], ["Organisations"], ["Cases"], ["Routing"],
        ["Visits"], ["FollowUps"], ["CaseFile", "CaseLoad", "CalendarChange", "Handover", "YearEnd", "Disaster", "Demo", "Check", "Pipeline"], ["Work"],
    ];

    private static readonly string Source = FindSource();

    [Fact]
    public void A_room_uses_only_what_stands_before_it()
    {
        var floor = Floors.SelectMany((rooms, at) => rooms.Select(room => (room, at))).ToDictionary(r => r.room, r => r.at);
        var wrong =
            from file in Directory.EnumerateFiles(Path.Combine(Source, "Consultation"), "*.cs", SearchOption.AllDirectories)
            let room = Path.GetRelativePath(Path.Combine(Source, "Consultation"), file).Split(Path.DirectorySeparatorChar)[0]
            where room is not ("bin" or "obj") && !room.EndsWith(".cs", StringComparison.Ordinal)
            from Match use in RoomName().Matches(File.ReadAllText(file))
            let used = use.Groups[1].Value
            where floor.ContainsKey(used) && used != room && floor[used] >= floor[room]
            select $"{room}/{Path.GetFileName(file)} uses {used}";
        Assert.Empty(wrong.Distinct());
    }

    [Fact]
    public void Every_folder_is_a_known_room()
    {
        var rooms = Directory.EnumerateDirectories(Path.Combine(Source, "Consultation")).Select(Path.GetFileName).Except(["bin", "obj"]);
        Assert.Empty(rooms.Except(Floors.SelectMany(f => f)));
    }

    [Fact]
    public void The_business_knows_nothing_of_the_web()
    {
        Assert.DoesNotContain(typeof(Actor).Assembly.GetReferencedAssemblies(), a => a.Name!.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));
    }

    [Fact]
    public void The_wall_clock_is_read_nowhere_in_the_product()
    {
        var wrong = SourceFiles().Where(f => WallClock().IsMatch(File.ReadAllText(f)));
        Assert.Empty(wrong.Select(Path.GetFileName));
    }

    [Fact]
    public void Every_request_is_a_command_or_a_query_and_names_its_permission()
    {
        var requests = typeof(Actor).Assembly.GetTypes().Where(t => t is { IsClass: true, IsAbstract: false }
            && t.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IRequest<>))).ToList();
        Assert.NotEmpty(requests);
        Assert.Empty(requests.Where(t => t.GetCustomAttribute<RequiresAttribute>() is null).Select(t => t.Name));
        Assert.Empty(requests.Where(t => !t.GetInterfaces().Any(i => i.IsGenericType
            && (i.GetGenericTypeDefinition() == typeof(ICommand<>) || i.GetGenericTypeDefinition() == typeof(IQuery<>)))).Select(t => t.Name));
    }

    [Fact]
    public void Every_code_of_a_failure_has_a_Japanese_text()
    {
        var codes =
            from file in SourceFiles()
            from Match use in FailureCode().Matches(File.ReadAllText(file))
            select (Code: use.Groups[1].Value, File: Path.GetFileName(file));
        Assert.Empty(codes.Where(c => !Texts.Has(c.Code)).Select(c => $"{c.Code} in {c.File}").Distinct());
    }

    [Fact]
    public void No_file_has_grown_beyond_what_one_knows_at_a_glance()
    {
        Assert.Empty(SourceFiles().Where(f => File.ReadLines(f).Count() > 350).Select(Path.GetFileName));
    }

    [Fact]
    public async Task The_model_fits_the_migrated_schema_column_by_column()
    {
        await using var app = new TestApp();
        await app.InitializeAsync();
        await using var scope = app.Provider.CreateAsyncScope();
        var model = scope.ServiceProvider.GetRequiredService<ConsultationDb>().Model;
        await using var source = NpgsqlDataSource.Create(app.OwnerConnectionString);
        await using var command = source.CreateCommand("select table_name || '.' || column_name, is_nullable = 'YES' from information_schema.columns where table_schema = 'public'");
        var columns = new Dictionary<string, bool>();
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                columns.Add(reader.GetString(0), reader.GetBoolean(1));
            }
        }

        var mapped = model.GetEntityTypes().Where(e => e.GetTableName() is not null)
            .SelectMany(e => e.GetProperties().Select(p => (Column: $"{e.GetTableName()}.{p.GetColumnName()}", p.IsNullable))).ToList();
        Assert.NotEmpty(mapped);
        Assert.Empty(mapped.Where(m => !columns.ContainsKey(m.Column)).Select(m => $"{m.Column} is missing"));
        Assert.Empty(mapped.Where(m => columns.TryGetValue(m.Column, out var nullable) && nullable != m.IsNullable).Select(m => $"{m.Column}: nullable in one, not in the other"));
    }

    private static IEnumerable<string> SourceFiles() =>
        Directory.EnumerateFiles(Source, "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal) && !f.Contains($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    private static string FindSource()
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(here!.FullName, "Consultation.sln")))
        {
            here = here.Parent;
        }

        return Path.Combine(here.FullName, "src");
    }

    [GeneratedRegex(@"\bConsultation\.([A-Z][A-Za-z]+)\b")]
    private static partial Regex RoomName();

    [GeneratedRegex(@"DateTime(Offset)?\.(Now|UtcNow|Today)\b")]
    private static partial Regex WallClock();

    [GeneratedRegex(@"(?:RuleViolation\(|WithErrorCode\(|new Conflict\(|new NotFound\(|new Forbidden\(|InvalidInput\(""[A-Za-z.\-]+"", )""([a-z_]+(?:\.[a-z_]+)*)""")]
    private static partial Regex FailureCode();
}
