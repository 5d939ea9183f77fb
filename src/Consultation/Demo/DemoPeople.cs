using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Staff;

namespace Consultation.Demo;

/// <summary>The invented people: clerks for each desk, experts of both ministries for each district, one for both at once, and one of every other role.</summary>
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

        await AddAsync("東北窓口 担当 02", "tohoku2@desk.example", Role.Desk, "tohoku", null);
        clerks["national"] = await AddAsync("センター 相談員 01", "centre@desk.example", Role.Centre, "national", null);
        var supervisor = await AddAsync("業務責任者 01", "supervisor@desk.example", Role.Supervisor, null, null);
        await AddAsync("東北 業務責任者 01", "tohoku-supervisor@desk.example", Role.Supervisor, "tohoku", null);
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
        foreach (var place in new[] { "福島県", "青森県", "埼玉県", "神奈川県" })
        {
            await ExpertAsync(number % 2 == 1 ? Affiliation.Mic : Affiliation.Mhlw, Prefectures.Find(place)!, nationwide: false);
        }

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
