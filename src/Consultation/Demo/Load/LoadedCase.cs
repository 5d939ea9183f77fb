using System.Globalization;
using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Organisations;
using Consultation.Reference;
using Consultation.Routing;
using Consultation.Staff;
using Consultation.Topics;

namespace Consultation.Demo;

/// <summary>
/// One case of a load, taken along the way of a case by the domain's own methods, at times of its own. Every act leaves what the product's
/// request would leave: rows, a line of the story, letters, audit.
/// </summary>
internal sealed partial class LoadedCase
{
    private readonly LoadWorld world;
    private readonly LoadRandom random;
    private readonly LoadClient client;
    private readonly LoadInquiry inquiry;
    private readonly Desk desk;
    private readonly Actor clerk;
    private readonly Case found;
    private readonly List<string> said = [];
    private readonly Dictionary<Track, LoadExpert> holders = [];
    private DateTimeOffset now;

    public LoadedCase(LoadWorld world, LoadRandom random, LoadClient client, LoadInquiry inquiry, Channel channel, DateTimeOffset receivedAt)
    {
        this.world = world;
        this.random = random;
        this.client = client;
        this.inquiry = inquiry;
        desk = world.DeskFor(client.Place, random);
        clerk = world.People.ClerkOf(desk, random);
        now = channel is Channel.Phone or Channel.Visit or Channel.Event ? receivedAt : receivedAt.AddMinutes(random.Between(1, 9));

        var year = FiscalYear.Of(receivedAt);
        var number = string.Create(CultureInfo.InvariantCulture, $"{year.EraCode}-{world.Numbers[year.Year].Dequeue():D6}");
        found = new(number, desk.Id, desk.District, channel, receivedAt, inquiry.Text, inquiry.Suggestion, null, Occasion);
        found.Describe(client.Told);
        found.Describe(client.Contact);
        found.Describe(random.Pick(Enum.GetValues<TeleworkStatus>()), random.Pick(Enum.GetValues<VisitMode>()), random.Chance(30) ? "案内チラシ" : null);
        found.BelongTo(client.Organisation);
        var spoken = channel is Channel.Phone or Channel.Visit or Channel.Event;
        world.Rows.Add(new Contact(found.Id, ContactDirection.In, channel, receivedAt, spoken ? random.Between(3, 25) : null, found.ContactName, spoken ? ContactResult.Answered : ContactResult.Message, null, clerk));
        if (spoken)
        {
            found.Responded(Occasion);
        }

        Audit("case.logged");
        if (found.CanBeMailed && channel is Channel.Email or Channel.Web)
        {
            world.Letters.Received(found, desk, Occasion.Programme.QuotaLimit, now);
        }
    }

    /// <summary>Tracks the rules suggest; one where they suggest none and somebody routes all the same.</summary>
    public IReadOnlyList<Track> Wished => inquiry.Suggestion.Tracks.Count > 0 ? inquiry.Suggestion.Tracks : [Track.Mic];

    private Occasion Occasion => OccasionOf(clerk);

    private Occasion OccasionOf(Actor actor) => world.Days.Occasion(desk, actor, now);

    private LoadDays Days => world.Days;

    /// <summary>Time goes on; never back, and a minute at least.</summary>
    public LoadedCase On(int day, int minute)
    {
        var then = Days.At(day, minute);
        now = then > now ? then : now.AddMinutes(1);
        return this;
    }

    public LoadedCase Consent()
    {
        world.Rows.Add(found.Consent(found.Channel, found.ContactName, found.ReceivedAt, ConsentTexts.Newest.Version, Occasion));
        return this;
    }

    /// <summary>The desk speaks with the client, or writes where nobody answers the telephone.</summary>
    public LoadedCase Speak(ContactDirection direction = ContactDirection.Out, ContactResult result = ContactResult.Answered)
    {
        var text = world.Texts.Answer(random);
        said.Add(text);
        var channel = result == ContactResult.Message && found.CanBeMailed ? Channel.Email : Channel.Phone;
        world.Rows.Add(new Contact(found.Id, direction, channel, now, result == ContactResult.Answered ? random.Between(2, 20) : null, found.ContactName, result, text, clerk));
        if (result != ContactResult.NoAnswer)
        {
            found.Responded(Occasion);
        }

        Audit("contact.recorded");
        return this;
    }

    /// <summary>Somebody looks at the case.</summary>
    public LoadedCase Look(Actor? actor = null)
    {
        world.Rows.Audit(actor ?? clerk, now, "case.viewed", "Case", found.Id.Value);
        return this;
    }

    public LoadedCase Hold()
    {
        found.Hold("社内の検討結果を待つ。", Occasion);
        Audit("case.held");
        return this;
    }

    public LoadedCase Note()
    {
        world.Rows.Add(new CaseNote(found.Id, now, clerk.Staff, clerk.Name, world.Texts.Note(random)));
        Audit("note.added");
        return this;
    }

    public LoadedCase Take()
    {
        found.PassTo(clerk.Staff);
        found.Edited(["窓口担当"], Occasion);
        Audit("case.edited", "窓口担当");
        return this;
    }

    /// <summary>A call is promised for a time.</summary>
    /// <param name="keptAt">When it was made; null where it is still owed.</param>
    public LoadedCase Promise(DateTimeOffset at, DateTimeOffset? keptAt)
    {
        var call = CallBack.Promised(found, at);
        world.Rows.Add(call);
        found.PromiseCall(call, Occasion);
        if (keptAt is { } kept)
        {
            now = kept;
            Speak();
            found.CallBackEnded(call, kept: true, Occasion);
        }

        return this;
    }

    public LoadedCase Route()
    {
        found.Route([.. Wished], StartMode.Lead, null, null, Occasion);
        Audit("case.routed", string.Join(',', Wished));
        return this;
    }

    /// <summary>The ministry that begins.</summary>
    public Track Lead => found.Lead!.Value;

    public Track? Second => found.Tracks.FirstOrDefault(t => t.State == TrackState.Later)?.Track;

    public LoadedCase Join(Track track)
    {
        found.JoinTrack(track, Occasion);
        Audit("case.joined", track.ToString());
        return this;
    }

    /// <param name="window">Days among which everybody who holds the case must have a time; null where no visit follows.</param>
    public Offer Offer(Track track, (int From, int To)? window = null)
    {
        var candidates = world.People.Near(found.Prefecture, track);
        var chosen = window is { } days ? WhoHasTime(track, candidates, days.From, days.To) : random.Pick(candidates);
        var respondBy = Occasion.Acceptance();
        var offer = new Offer(found.Id, track, chosen.Expert.Id, respondBy.Due, null, clerk, now);
        world.Rows.Add(offer);
        world.Rows.Add(LoadMatch.Decide(found, offer, chosen, candidates, Occasion, random));
        found.Offer(track, offer.Id, chosen.Expert.Id, chosen.Expert.Name, respondBy, Occasion);
        holders[track] = chosen;
        world.Rows.Audit(clerk, now, "offer.made", "Offer", offer.Id.Value);
        world.Letters.Offered(found, desk, offer, chosen.Expert, now);
        return offer;
    }

    /// <summary>Somebody near by, else whoever can talk from afar.</summary>
    private LoadExpert WhoHasTime(Track track, IReadOnlyList<LoadExpert> near, int from, int to)
    {
        var others = holders.Where(h => h.Key != track).Select(h => h.Value).ToList();
        if (Choose(near, WishedMode) is { } one)
        {
            return one;
        }

        found.Prefer(VisitMode.Web);
        return Choose(near, VisitMode.Web) ?? Choose(world.People.Near(null, track), VisitMode.Web) ?? throw new RuleViolation("load.too_few_experts", world.People.Experts);

        LoadExpert? Choose(IReadOnlyList<LoadExpert> of, VisitMode mode)
        {
            var first = random.Next(of.Count);
            return Enumerable.Range(0, of.Count).Select(n => of[(first + n) % of.Count])
                .FirstOrDefault(e => world.Diary.HasRoom([e, .. others.Where(o => o != e)], found.Prefecture, mode, from, to));
        }
    }

    public LoadedCase Accept(Offer offer)
    {
        var expert = holders[offer.Track];
        Look(expert.Actor);
        offer.Accept(null, expert.Actor, now);
        found.Accept(offer.Track, expert.Expert.Name, null, OccasionOf(expert.Actor));
        world.Rows.Audit(expert.Actor, now, "offer.accepted", "Offer", offer.Id.Value);
        return this;
    }

    public LoadedCase Decline(Offer offer)
    {
        const string Why = "この時期は予定が詰まっています。";
        var expert = holders[offer.Track];
        offer.Decline(Why, null, expert.Actor, now);
        found.OfferEnded(offer.Track, "declined", $"{expert.Expert.Name}が辞退: {Why}", OccasionOf(expert.Actor));
        world.Rows.Audit(expert.Actor, now, "offer.declined", "Offer", offer.Id.Value);
        return this;
    }

    /// <summary>Nobody answered until the limit; the job ends the offer.</summary>
    public LoadedCase Expire(Offer offer)
    {
        var job = Actor.System("expire-offers");
        now = offer.RespondBy.AddSeconds(30);
        offer.Expire(job, now);
        found.OfferEnded(offer.Track, "offer_expired", $"{holders[offer.Track].Expert.Name}への打診が回答のないまま期限切れ", OccasionOf(job));
        world.Rows.Audit(job, now, "offer.expired", "Offer", offer.Id.Value);
        return this;
    }

    public LoadedCase Close(CaseOutcome outcome, TeleworkStatus? after = null)
    {
        found.Close(outcome, after, null, Occasion);
        Audit("case.closed", outcome.ToString());
        return this;
    }

    /// <summary>The case as it stands goes into the batch.</summary>
    public void Finish()
    {
        FinishVisits();
        world.Rows.Add(found, found.Tracks, found.Deadlines, found.History);
        world.Rows.Add(new CaseSearch(found, string.Join('\n', said.Prepend(found.SearchText()))));
    }

    private void Audit(string action, string? details = null) => world.Rows.Audit(clerk, now, action, "Case", found.Id.Value, details);
}
