using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Staff;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Demo;

/// <summary>
/// Fills an empty database with plainly invented people and the 40 sample inquiries, taken along the way of a case by the very requests
/// the product offers, at the times the demo's clock shows; ends on Tuesday 2026-11-24 at 09:20 Japan time. Repeating it changes nothing.
/// </summary>
[Requires(Permission.Operate)]
[OutsideTransaction]
public sealed record SeedDemo : ICommand<IReadOnlyList<DemoPerson>>;

/// <summary>Somebody who can sign in to the demo; the address is the sign-in name.</summary>
public sealed record DemoPerson(StaffId Id, string Email, string Name, Role Role);

internal sealed class SeedDemoHandler(ConsultationDb db, Dispatcher dispatcher) : IRequestHandler<SeedDemo, IReadOnlyList<DemoPerson>>
{
    private static readonly DateTimeOffset Opening = new(2026, 11, 2, 9, 0, 0, JapanTime.Offset);
    private static readonly DateTimeOffset Today = new(2026, 11, 24, 9, 20, 0, JapanTime.Offset);

    public async Task<IReadOnlyList<DemoPerson>> Handle(SeedDemo request, CancellationToken cancellationToken)
    {
        if (!await db.Database.SqlQuery<bool>($"select demo as \"Value\" from installation").SingleAsync(cancellationToken))
        {
            if (await db.Set<Case>().AnyAsync(cancellationToken) || await db.Set<StaffMember>().AnyAsync(cancellationToken))
            {
                throw new RuleViolation("demo.not_empty");
            }

            await db.Database.ExecuteSqlAsync($"update installation set demo = true", cancellationToken);
            var system = Actor.System("demo");
            await dispatcher.Send(new SetClock(Opening), system, cancellationToken);
            await dispatcher.Send(new SeedEssentials(), system, cancellationToken);
            var people = await DemoPeople.SeedAsync(dispatcher, cancellationToken);
            await new DemoWeeks(dispatcher, people, Today).RunAsync(cancellationToken);
            await dispatcher.Send(new SetClock(Today), system, cancellationToken);
        }

        return await db.Set<StaffMember>().Where(m => m.Email != null).OrderBy(m => m.Role).ThenBy(m => m.Email)
            .Select(m => new DemoPerson(m.Id, m.Email!, m.Name, m.Role)).ToListAsync(cancellationToken);
    }
}

/// <summary>The invented people: a clerk for each desk, two experts for each district, one for both ministries, and one of every other role.</summary>
internal sealed record DemoPeople(IReadOnlyDictionary<string, Actor> Clerks, IReadOnlyDictionary<ExpertId, Actor> Experts, Actor Supervisor)
{
    private const string Contractor = "デモ運営事務局";

    public static async Task<DemoPeople> SeedAsync(Dispatcher dispatcher, CancellationToken cancellationToken)
    {
        var system = Actor.System("demo");
        var clerks = new Dictionary<string, Actor>();
        foreach (var district in Districts.All)
        {
            clerks[district.Slug] = await AddAsync($"{district.Name}窓口 担当 01", $"{district.Slug}@desk.example", Role.Desk, district.Slug, null);
        }

        clerks["national"] = await AddAsync("センター 相談員 01", "centre@desk.example", Role.Centre, "national", null);
        var supervisor = await AddAsync("業務責任者 01", "supervisor@desk.example", Role.Supervisor, null, null);
        await AddAsync("省担当者 01", "ministry@desk.example", Role.Ministry, null, null);
        await AddAsync("監査閲覧者 01", "auditor@desk.example", Role.Auditor, null, null);
        await AddAsync("システム管理者 01", "admin@desk.example", Role.Administrator, null, null);
        await dispatcher.Send(new CreateToken(Role.Ministry, null, null, "集計表の連携(デモ)"), system, cancellationToken);

        var experts = new Dictionary<ExpertId, Actor>();
        var number = 0;
        foreach (var district in Districts.All)
        {
            var places = Prefectures.All.Where(p => p.District == district).ToList();
            await ExpertAsync(Affiliation.Mic, places[0], nationwide: false);
            await ExpertAsync(Affiliation.Mhlw, places[^1], nationwide: false);
        }

        await ExpertAsync(Affiliation.Both, Prefectures.Find("東京都")!, nationwide: true);
        return new(clerks, experts, supervisor);

        async Task ExpertAsync(Affiliation affiliation, Prefecture home, bool nationwide)
        {
            var name = $"専門家 {++number:D2}";
            var topics = TopicCatalogue.All
                .Where(t => t.Lead == TopicLead.Both || affiliation == Affiliation.Both || t.Lead == (affiliation == Affiliation.Mic ? TopicLead.Mic : TopicLead.Mhlw))
                .Select((t, at) => new TopicLevel(t.Code, 1 + ((at + number) % 3))).ToList();
            var expert = await dispatcher.Send(new CreateExpert(
                name, affiliation, home.Code, affiliation == Affiliation.Mhlw ? "労務管理の専門家" : "テレワークマネージャー", $"expert{number:D2}@expert.example", null,
                nationwide ? 4 : 6, nationwide, Topics: topics, TermFrom: new(2026, 4, 1), TermTo: new(2027, 3, 31)), system, cancellationToken);
            experts[expert.Id] = await AddAsync(name, $"expert{number:D2}@expert.example", Role.Expert, null, expert.Id);
        }

        async Task<Actor> AddAsync(string name, string email, Role role, string? desk, ExpertId? expert)
        {
            var id = await dispatcher.Send(new AddPerson(name, email, role, desk, expert, expert is null ? Contractor : "デモ専門家事務所"), system, cancellationToken);
            return (await dispatcher.Send(new FindActor(id), system, cancellationToken))!;
        }
    }
}
