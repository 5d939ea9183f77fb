using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Staff;
using Consultation.Topics;

namespace Consultation.Demo;

/// <summary>An expert of a load with the days that are taken: talks of each half day, or the whole of it.</summary>
internal sealed record LoadExpert(Expert Expert, Actor Actor, byte[,] Busy);

/// <summary>The invented people of one load: clerks of every desk, a supervisor, and experts in all districts. They cannot sign in.</summary>
internal sealed class LoadPeople
{
    /// <summary>Marks whom a load has made; an installation that knows somebody of this firm is one for measurements.</summary>
    public const string Firm = "負荷データ";

    private const int CasesPerExpert = 400;
    private const int CasesPerClerk = 20_000;
    private const int MostClerks = 20;
    private const int Capacity = 20;
    private const int Everywhere = 22;

    private readonly Dictionary<DeskId, List<Actor>> clerks = [];
    private readonly Dictionary<(string District, Track Track), List<LoadExpert>> near = [];
    private readonly Dictionary<Track, List<LoadExpert>> all = new() { [Track.Mic] = [], [Track.Mhlw] = [] };
    private readonly Actor by = Actor.System("load");

    /// <param name="run">Tells this load's people from those of earlier ones.</param>
    public LoadPeople(int run, int cases, int? experts, IReadOnlyList<Desk> desks, LoadDays days, LoadRandom random, LoadRows rows)
    {
        var began = days.At(0, 8 * 60);
        foreach (var desk in desks)
        {
            clerks[desk.Id] = [.. Enumerable.Range(1, Math.Clamp(cases / CasesPerClerk, 1, MostClerks)).Select(n => Add(
                $"{desk.Name} 負荷 {run}-{n:D2}", $"load{run}-{desk.Slug}-{n}@load.example", desk.Kind == DeskKind.National ? Role.Centre : Role.Desk,
                desk.Kind == DeskKind.National ? null : desk, null))];
        }

        Supervisor = Add($"業務責任者 負荷 {run}", $"load{run}-supervisor@load.example", Role.Supervisor, null, null);
        Experts = experts ?? Math.Max(Everywhere + 2, cases / CasesPerExpert);
        for (var n = 0; n < Experts; n++)
        {
            AddExpert(n);
        }

        Actor Add(string name, string email, Role role, Desk? desk, ExpertId? expert)
        {
            var member = new StaffMember(name, email, role, desk?.Id, expert, Firm, began.ToUniversalTime());
            rows.Add(member);
            rows.Audit(by, began, "person.added", "Staff", member.Id.Value, $"role: {Persistence.EnumText.Of(role)}; desk: {desk?.Slug ?? "-"}");
            return new(member.Id, name, role, desk?.Id, desk?.District, expert);
        }

        void AddExpert(int n)
        {
            // Where there are few they must come everywhere; else every district has both ministries before any has more.
            var nationwide = Experts < Everywhere || n % 12 == 11;
            var home = n < Everywhere ? random.Pick(Prefectures.All.Where(p => p.District == Districts.All[n / 2]).ToList()) : LoadPlaces.Pick(random);
            var affiliation = Experts == 1 || nationwide && n % 4 == 3 ? Affiliation.Both : n % 2 == 0 ? Affiliation.Mic : Affiliation.Mhlw;
            var expert = new Expert(
                $"専門家 負荷 {run}-{n + 1:D4}", affiliation, affiliation == Affiliation.Mhlw ? "労務管理の専門家" : "テレワークマネージャー", $"load{run}-expert{n + 1}@load.example", null, home.Code, began);
            expert.Cover(nationwide, nationwide ? [] : [home.District.Slug], [], Enum.GetValues<VisitMode>());
            expert.Know(
                TopicCatalogue.All.Where(t => t.Lead == TopicLead.Both || affiliation == Affiliation.Both || t.Lead == (affiliation == Affiliation.Mic ? TopicLead.Mic : TopicLead.Mhlw))
                    .Select((t, at) => KeyValuePair.Create(t.Code, 1 + ((at + n) % Expert.HighestLevel))),
                [Industries.All[n % Industries.All.Count].Letter]);
            expert.Commission(null, null, Capacity);
            expert.Work(WorkingHours.Usual);
            rows.Add(expert, expert.Topics, expert.Hours);
            rows.Audit(by, began, "expert.created", "Expert", expert.Id.Value);
            var loaded = new LoadExpert(expert, Add(expert.Name, expert.Email!, Role.Expert, null, expert.Id), new byte[days.Count, 2]);
            foreach (var track in Enum.GetValues<Track>().Where(t => affiliation == Affiliation.Both || (affiliation == Affiliation.Mic) == (t == Track.Mic)))
            {
                all[track].Add(loaded);
                foreach (var district in nationwide ? Districts.All.Select(d => d.Slug) : [home.District.Slug])
                {
                    (near.TryGetValue((district, track), out var known) ? known : near[(district, track)] = []).Add(loaded);
                }
            }
        }
    }

    public Actor Supervisor { get; }

    public int Experts { get; }

    public Actor ClerkOf(Desk desk, LoadRandom random) => random.Pick(clerks[desk.Id]);

    /// <summary>Who of a ministry may come to a place; everybody of it where the place is not known or nobody is near.</summary>
    public IReadOnlyList<LoadExpert> Near(string? prefecture, Track track) =>
        Prefectures.Find(prefecture) is { } place && near.TryGetValue((place.District.Slug, track), out var known) ? known : all[track];
}
