using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Organisations;
using Consultation.Reference;
using Consultation.Topics;

namespace Consultation.Cases;

/// <summary>What is known of the client, as typed. Every member may be missing.</summary>
public sealed record OrganisationInput(
    string? Name = null, string? Kana = null, string? CorporateNumber = null, string? Prefecture = null, string? City = null, string? Industry = null,
    int? Employees = null, long? CapitalYen = null);

/// <summary>The person who asks, as typed.</summary>
public sealed record ContactInput(string? Name = null, string? Role = null, string? Phone = null, string? Email = null);

public sealed partial class Case
{
    public OrganisationId? OrganisationId { get; private set; }
    public string? OrganisationName { get; private set; }
    public string? OrganisationKey { get; private set; }
    public string? Kana { get; private set; }
    public string? CorporateNumber { get; private set; }

    /// <summary>JIS X 0401 code; null where the place was not recognised.</summary>
    public string? Prefecture { get; private set; }
    public string? PlaceAsTyped { get; private set; }
    public string? City { get; private set; }

    /// <summary>JSIC letter, or what was typed where it is none (then named doubtful).</summary>
    public string? Industry { get; private set; }
    public int? Employees { get; private set; }

    /// <summary>Yen.</summary>
    public long? CapitalYen { get; private set; }
    public string? ContactName { get; private set; }
    public string? ContactRole { get; private set; }
    public string? Phone { get; private set; }
    public string? PhoneDigits { get; private set; }
    public string? Email { get; private set; }

    /// <summary>Fields that were given but do not look right; kept as typed.</summary>
    public string[] Doubtful { get; private set; } = [];

    /// <summary>Fields nobody has told yet; never an error.</summary>
    public IReadOnlyList<string> Missing
    {
        get
        {
            (string Field, bool IsMissing)[] wanted =
            [
                ("organisation.name", OrganisationName is null), ("organisation.prefecture", Prefecture is null), ("organisation.industry", Industry is null),
                ("organisation.employees", Employees is null), ("contact.name", ContactName is null), ("contact.phone", Phone is null), ("contact.email", Email is null),
                ("teleworkStatus", TeleworkStatus == TeleworkStatus.Unknown),
            ];
            return wanted.Where(w => w.IsMissing).Select(w => w.Field).ToList();
        }
    }

    /// <summary>True where mail can go somewhere; otherwise a call task carries the same text.</summary>
    public bool CanBeMailed => Email is not null && !Doubtful.Contains("contact.email");

    /// <summary>Takes over what was told of the organisation; doubtful values stay as typed and are named.</summary>
    public void Describe(OrganisationInput told)
    {
        var doubts = Doubtful.Where(d => !d.StartsWith("organisation.", StringComparison.Ordinal)).ToList();
        OrganisationName = Blank(told.Name);
        OrganisationKey = OrganisationName is null ? null : Reference.OrganisationName.Key(OrganisationName);
        Kana = Blank(told.Kana);
        City = Blank(told.City);
        Employees = told.Employees;
        CapitalYen = told.CapitalYen;

        var number = Reference.CorporateNumber.Check(told.CorporateNumber);
        CorporateNumber = number.Kind switch
        {
            CorporateNumberKind.Valid => number.Value,
            CorporateNumberKind.Absent => null,
            _ => told.CorporateNumber,
        };
        if (number.Kind == CorporateNumberKind.Invalid)
        {
            doubts.Add("organisation.corporateNumber");
        }

        var place = Blank(told.Prefecture);
        Prefecture = place is null ? null : Prefectures.Find(place)?.Code;
        PlaceAsTyped = Prefecture is null ? place : null;
        if (PlaceAsTyped is not null)
        {
            doubts.Add("organisation.prefecture");
        }

        var industry = Blank(told.Industry);
        var known = industry is null ? null : Industries.Find(industry);
        Industry = known?.Letter ?? industry;
        if (industry is not null && known is null)
        {
            doubts.Add("organisation.industry");
        }

        Doubtful = [.. doubts.Distinct()];
    }

    public void Describe(ContactInput told)
    {
        var doubts = Doubtful.Where(d => !d.StartsWith("contact.", StringComparison.Ordinal)).ToList();
        ContactName = Blank(told.Name);
        ContactRole = Blank(told.Role);
        Phone = Blank(told.Phone);
        Email = Blank(told.Email);
        var phone = Reference.Phone.Check(Phone);
        PhoneDigits = string.IsNullOrEmpty(phone.Digits) ? null : phone.Digits;
        if (Phone is not null && phone.IsDoubtful)
        {
            doubts.Add("contact.phone");
        }

        if (Email is not null && !EmailAddress.IsWellFormed(Email))
        {
            doubts.Add("contact.email");
        }

        Doubtful = [.. doubts.Distinct()];
    }

    public void Describe(TeleworkStatus? status, VisitMode? preferredMode, string? source)
    {
        TeleworkStatus = status ?? TeleworkStatus;
        PreferredMode = preferredMode ?? PreferredMode;
        Source = Blank(source) ?? Source;
    }

    /// <param name="mode">Null where the client has no wish any more.</param>
    public void Prefer(VisitMode? mode) => PreferredMode = mode;

    public void Wish(IEnumerable<VisitWish> wishes) => Wishes = [.. wishes];

    /// <summary>A mail server does not know the address; the next letter is a call.</summary>
    public void DoubtEmail(Occasion occasion)
    {
        if (CanBeMailed)
        {
            Doubtful = [.. Doubtful, "contact.email"];
            Tell(occasion, "mail_refused", "メールアドレスに届きませんでした");
            Changed();
        }
    }

    public void BelongTo(Organisation? organisation) => OrganisationId = organisation?.Id;

    /// <summary>Oral or written consent, recorded before an offer shows personal data: who, when, which text (design §2).</summary>
    internal Consent Consent(Channel channel, string? givenBy, DateTimeOffset givenAt, string textVersion, Occasion occasion)
    {
        Demand(CaseAction.Edit);
        ConsentedAt = givenAt.ToUniversalTime();
        // Without the name: the story stays readable for experts after the consent is taken back; who gave it stands in the consent.
        Tell(occasion, "consented", $"両省・専門家への情報提供に同意（{CaseWords.Of(channel)}・文面 {textVersion}）");
        Changed();
        return new(Id, givenAt, givenBy, channel, textVersion, occasion);
    }

    /// <summary>Possible in every status: nobody is bound by a consent because the case has ended.</summary>
    internal void WithdrawConsent(Consent standing, string? why, Occasion occasion)
    {
        standing.Withdraw(why, occasion);
        ConsentedAt = null;
        Tell(occasion, "consent_withdrawn", $"情報提供への同意を撤回{(string.IsNullOrWhiteSpace(why) ? "" : $": {why}")}");
        Changed();
    }

    /// <summary>The client was told of another body; that is an answer.</summary>
    internal void Referred(string target, Channel channel, Occasion occasion)
    {
        Demand(CaseAction.AddContact);
        Meet(DeadlineKind.FirstResponse, null, null, occasion);
        Tell(occasion, "referred", $"紹介（{CaseWords.Of(channel)}）: {target}");
        Changed();
    }

    /// <summary>A standard answer left the house; in place of a mail a call is owed, and only the call will be the answer.</summary>
    internal void AnswerSent(string title, bool mailed, Occasion occasion)
    {
        Demand(CaseAction.AddContact);
        if (mailed)
        {
            Meet(DeadlineKind.FirstResponse, null, null, occasion);
        }

        Tell(occasion, "answer_sent", mailed ? $"標準の回答「{title}」をメールで送信" : $"標準の回答「{title}」を電話で伝える予定");
        Changed();
    }

    /// <summary>Marks an edit made by the Describe methods; they run before, so that one edit is one version.</summary>
    public void Edited(IReadOnlyList<string> fields, Occasion occasion)
    {
        Demand(CaseAction.Edit);
        Tell(occasion, "edited", $"更新: {string.Join("、", fields)}");
        Changed();
    }

    public void PassTo(StaffId? holder) => Holder = holder;

    /// <summary>Everything a colleague may search for, in one text.</summary>
    /// <param name="person">False for whom the client's person is hidden.</param>
    internal string SearchText(bool person = true) => string.Join('\n', new[]
    {
        Number, OrganisationName, Kana, CorporateNumber, PlaceAsTyped ?? (Prefecture is null ? null : Prefectures.Find(Prefecture)?.Name), City,
        person ? ContactName : null, person ? Phone : null, person ? PhoneDigits : null, person ? Email : null, Text,
    }.Where(s => s is not null));

    private static string? Blank(string? typed) => string.IsNullOrWhiteSpace(typed) ? null : typed.Trim();
}
