using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Organisations;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Staff;
using Consultation.Topics;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Cases;

/// <summary>
/// Logs an inquiry from any channel. Only <c>Channel</c> and <c>Text</c> are required; everything else may be missing or doubtful and is
/// then kept as typed and named. A phone call answered by a person meets the first-response clock at once (design §2).
/// </summary>
/// <param name="ReceivedAt">When the caller asked; now where null. Never in the future.</param>
/// <param name="Desk">
/// Slug or <c>national</c>; default: the actor's desk, then by prefecture, then national. A desk outside its dates takes nothing new: the
/// national desk does.
/// </param>
/// <param name="Consented">Somebody of the client agreed to the newest of <see cref="ConsentTexts"/> in this very inquiry.</param>
/// <param name="BesideSimilar">A person was shown similar cases and wants a case of its own all the same (journey J02).</param>
/// <param name="SeparateReason">Why; needed with <paramref name="BesideSimilar"/>, kept in the story.</param>
/// <param name="ImportKey">Hash of an imported row; a row that comes again is refused as <c>import.known</c> by the importer.</param>
/// <param name="Receipt">
/// Whether the number is confirmed by mail (受付のお知らせ); where null, to those who wrote (mail, web form), and to nobody on the phone, who is
/// told the number, or in an import. Without a usable address nothing is owed: the first response is a call anyway.
/// </param>
[Requires(Permission.LogInquiry)]
public sealed record LogInquiry(
    Channel? Channel, string? Text, DateTimeOffset? ReceivedAt = null, string? Desk = null, OrganisationInput? Organisation = null, ContactInput? Contact = null,
    TeleworkStatus? TeleworkStatus = null, VisitMode? PreferredMode = null, string? Source = null, DateTimeOffset? CallBackAt = null, bool Consented = false,
    string? ImportKey = null, bool BesideSimilar = false, string? SeparateReason = null, bool? Receipt = null) : ICommand<LoggedInquiry>;

internal sealed class LogInquiryValidator : AbstractValidator<LogInquiry>
{
    public LogInquiryValidator()
    {
        RuleFor(r => r.Channel).NotNull().WithErrorCode("field.required");
        RuleFor(r => r.Text).RequiredText();
        RuleFor(r => r.ReceivedAt).PossibleInstant();
        RuleFor(r => r.CallBackAt).PossibleInstant();
        RuleFor(r => r.Source).Storable();
        RuleFor(r => r.Desk).Storable();
        RuleFor(r => r.SeparateReason).Storable();
        RuleFor(r => r.SeparateReason).Must(r => !string.IsNullOrWhiteSpace(r)).When(r => r.BesideSimilar).WithErrorCode("field.required");
        RuleFor(r => r.Organisation!).SetValidator(new OrganisationInputValidator()).When(r => r.Organisation is not null);
        RuleFor(r => r.Contact!).SetValidator(new ContactInputValidator()).When(r => r.Contact is not null);
    }
}

internal sealed class OrganisationInputValidator : AbstractValidator<OrganisationInput>
{
    public OrganisationInputValidator()
    {
        RuleFor(o => o.Name).Storable();
        RuleFor(o => o.Kana).Storable();
        RuleFor(o => o.City).Storable();
        RuleFor(o => o.Prefecture).Storable();
        RuleFor(o => o.Industry).Storable();
        RuleFor(o => o.CorporateNumber).Must(n => n is null || (n.Length <= InputRules.FieldLength && JapaneseText.IsStorable(n))).WithErrorCode("field.not_storable");
        // Twelve digits may be a マイナンバー: explained, never stored, never logged (domain.md §10.1).
        RuleFor(o => o.CorporateNumber).Must(n => CorporateNumber.Check(n).Kind != CorporateNumberKind.PossibleMyNumber).WithErrorCode("organisation.my_number");
        RuleFor(o => o.Employees).Must(e => e is null or (>= 0 and <= 10_000_000)).WithErrorCode("field.out_of_range").WithState(_ => new object?[] { 0, 10_000_000 });
        RuleFor(o => o.CapitalYen).Must(c => c is null or (>= 0 and <= 100_000_000_000_000)).WithErrorCode("field.out_of_range").WithState(_ => new object?[] { 0, "100兆円" });
    }
}

internal sealed class ContactInputValidator : AbstractValidator<ContactInput>
{
    public ContactInputValidator()
    {
        RuleFor(c => c.Name).Storable();
        RuleFor(c => c.Role).Storable();
        RuleFor(c => c.Phone).Storable();
        RuleFor(c => c.Email).Storable();
    }
}

internal sealed class LogInquiryHandler(ConsultationDb db, Execution execution, CaseAccess access, DeskBook desks, RuleBook rules, ClientLetter letters, PromisedCalls promises) : IRequestHandler<LogInquiry, LoggedInquiry>
{
    public async Task<LoggedInquiry> Handle(LogInquiry request, CancellationToken cancellationToken)
    {
        var now = execution.Now;
        var receivedAt = request.ReceivedAt ?? now;
        if (receivedAt > now.AddMinutes(1))
        {
            throw new InvalidInput("receivedAt", "inquiry.received_in_future");
        }

        if (request.CallBackAt is { } callAt && callAt < receivedAt)
        {
            throw new InvalidInput("callBackAt", "call_back.in_past");
        }

        var desk = await ChooseDeskAsync(request, cancellationToken);
        var told = request.Organisation ?? new();
        var suggestion = (await rules.SuggesterAsync(cancellationToken)).Suggest(request.Text!, SuggestionContext.Of(told.Name));
        var corporateNumber = CorporateNumber.ValidOf(told.CorporateNumber);
        var begin = new RoundTrip(db);
        var number = CaseNumber.Next(begin, FiscalYear.Of(receivedAt));
        if (!string.IsNullOrWhiteSpace(told.Name) && !SuggestionContext.NamesPrivatePerson(told.Name))
        {
            Organisation.Lock(begin, told.Name.Trim(), corporateNumber);
        }

        await begin.GoAsync(cancellationToken);
        var occasion = await access.OccasionAsync(desk.Id, cancellationToken);

        var logged = new Case(number.Single(), desk.Id, desk.District, request.Channel!.Value, receivedAt, request.Text!.Trim(), suggestion, request.ImportKey, occasion);
        logged.Describe(told);
        logged.Describe(request.Contact ?? new());
        logged.Describe(request.TeleworkStatus, request.PreferredMode, request.Source);
        if (logged.OrganisationName is { } name && !SuggestionContext.NamesPrivatePerson(name))
        {
            logged.BelongTo(await Organisation.FindOrAddAsync(db, name, corporateNumber, logged.Prefecture, now, cancellationToken));
        }

        var similar = await SimilarCases.FindAsync(db, execution.Actor, logged.OrganisationKey, logged.CorporateNumber, logged.PhoneDigits, cancellationToken);
        db.Add(logged);
        db.Add(new CaseSearch(logged, logged.SearchText()));
        RecordFirstContact(request, logged, occasion);
        if (request.CallBackAt is { } promised)
        {
            await promises.DemandAsync(promised, occasion, cancellationToken);
            var callBack = CallBack.Promised(logged, promised);
            db.Add(callBack);
            logged.PromiseCall(callBack, occasion);
        }

        if (request.Consented)
        {
            db.Add(logged.Consent(logged.Channel, logged.ContactName, logged.ReceivedAt, ConsentTexts.Newest.Version, occasion));
        }

        if (request.BesideSimilar)
        {
            logged.Tell(occasion, "separate", $"似た案件（{string.Join("、", similar.Select(s => s.Number))}）とは別の相談: {request.SeparateReason!.Trim()}");
        }

        execution.Audit("case.logged", logged.Id, request.ImportKey is not null ? "import" : request.BesideSimilar ? "beside similar" : null);
        await ConfirmAsync(request, logged, occasion, cancellationToken);
        return new(logged.Id, logged.Number, logged.Status, logged.Version, logged.Missing, logged.Doubtful, similar, suggestion, logged.NextDueAt, logged.NextDueWhy);
    }

    private void RecordFirstContact(LogInquiry request, Case logged, Occasion occasion)
    {
        var spoken = request.Channel is Channel.Phone or Channel.Visit or Channel.Event;
        db.Add(new Contact(logged.Id, ContactDirection.In, logged.Channel, logged.ReceivedAt, null, logged.ContactName,
            spoken ? ContactResult.Answered : ContactResult.Message, null, execution.Actor));
        // A promise of a later call is no answer: its clock is met when the promise is kept (journey J59).
        if (spoken && request.CallBackAt is null)
        {
            logged.Responded(occasion);
        }
    }

    private async Task ConfirmAsync(LogInquiry request, Case logged, Occasion occasion, CancellationToken cancellationToken)
    {
        var wrote = request.ImportKey is null && logged.Channel is Channel.Email or Channel.Web;
        if ((request.Receipt ?? wrote) && logged.CanBeMailed)
        {
            var values = await letters.ValuesAsync(logged, occasion, cancellationToken);
            values["received"] = Wareki.FormatTime(logged.ReceivedAt);
            values["left"] = await letters.QuotaLeftAsync(logged.OrganisationId, FiscalYear.Of(execution.Now), cancellationToken);
            await letters.SendAsync(logged, "inquiry-received", $"inquiry-received/{logged.Id}", values, occasion, cancellationToken);
        }
    }

    private async Task<Desk> ChooseDeskAsync(LogInquiry request, CancellationToken cancellationToken)
    {
        var book = await desks.ReadAsync(cancellationToken);
        return book.ForIntake(MeantDesk(request, book), JapanTime.DateOf(execution.Now));
    }

    private Desk MeantDesk(LogInquiry request, DeskBook.Snapshot book)
    {
        if (!string.IsNullOrWhiteSpace(request.Desk))
        {
            return book.Find(request.Desk.Trim()) ?? throw new InvalidInput("desk", "field.unknown_code");
        }

        var byPlace = request.Organisation?.Prefecture is { } place ? Prefectures.Find(place) : null;
        return (execution.Actor.Desk is { } own ? book.Find(own) : null)
            ?? (byPlace is null ? null : book.Find(byPlace.District.Slug))
            ?? book.Find("national")
            ?? throw new RuleViolation("desk.none");
    }
}

/// <summary>The answer of an intake: the number to read aloud, what is missing or doubtful, similar cases, and the suggestion.</summary>
public sealed record LoggedInquiry(
    CaseId Id, string Number, CaseStatus Status, int Version, IReadOnlyList<string> Missing, IReadOnlyList<string> Doubtful, IReadOnlyList<SimilarCase> Similar,
    Suggestion Suggestion, DateTimeOffset? Due, string? Why);
