using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Topics;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Routing;

/// <summary>
/// Offers, oldest first: an expert's own, a desk's district, everything for those who work nationwide. The expert sees who asks only after
/// the client's consent was recorded (design §2).
/// </summary>
/// <param name="State">Open where null.</param>
[Requires(Permission.AnswerOffer)]
public sealed record ListOffers(OfferState? State = null, OfferId? After = null, int Limit = 50) : IQuery<Page<OfferView>>;

internal sealed class ListOffersValidator : AbstractValidator<ListOffers>
{
    private const int MostPerPage = 200;

    public ListOffersValidator() => RuleFor(r => r.Limit).InclusiveBetween(1, MostPerPage).WithErrorCode("page.malformed");
}

internal sealed class ListOffersHandler(ConsultationDb db, Execution execution) : IRequestHandler<ListOffers, Page<OfferView>>
{
    public async Task<Page<OfferView>> Handle(ListOffers request, CancellationToken cancellationToken)
    {
        var actor = execution.Actor;
        var wanted = request.State ?? OfferState.Open;
        var visible = CaseAccess.Visible(actor);
        // An expert who declined keeps the row but not the case.
        var offers = actor.Role == Role.Expert
            ? db.Set<Offer>().Where(o => o.ExpertId == actor.Expert)
            : db.Set<Offer>().Where(o => db.Set<Case>().Where(visible).Any(c => c.Id == o.CaseId));
        if (request.After is { } after)
        {
            var last = await offers.Where(o => o.Id == after).Select(o => (DateTimeOffset?)o.OfferedAt).FirstOrDefaultAsync(cancellationToken)
                ?? throw new InvalidInput("after", "page.malformed");
            offers = offers.Where(o => EF.Functions.GreaterThan(ValueTuple.Create(o.OfferedAt, o.Id), ValueTuple.Create(last, after)));
        }

        var rows = await (
            from o in offers.AsNoTracking()
            join c in db.Set<Case>() on o.CaseId equals c.Id
            join e in db.Set<Expert>() on o.ExpertId equals e.Id
            where o.State == wanted
            orderby o.OfferedAt, o.Id
            select new OfferView(
                o.Id, c.Id, c.Number, c.Status, o.Track, o.State, o.ExpertId, e.Name, o.OfferedAt,
                c.Tracks.Where(t => t.OfferId == o.Id).Select(t => t.RespondBy).FirstOrDefault() ?? o.RespondBy, o.AnsweredAt, o.Source, o.Reason,
                c.OrganisationName, c.Prefecture, c.City, c.Industry, c.Employees, c.Topics, c.PreferredMode, c.TeleworkStatus,
                new OfferContact(c.ContactName, c.ContactRole, c.Phone, c.Email), c.ConsentedAt != null)
            {
                Why = c.Deadlines.Where(d => d.Kind == DeadlineKind.Acceptance && d.Track == o.Track && (d.State == DeadlineState.Open || d.State == DeadlineState.Paused)).Select(d => d.Why).FirstOrDefault(),
            }).Take(request.Limit + 1).ToListAsync(cancellationToken);
        var shown = rows.Take(request.Limit).Select(r => r.For(actor)).ToList();
        shown.ForEach(r => execution.Audit("offer.listed", r.Case));
        return new(shown, rows.Count > request.Limit ? shown[^1].Id.ToString() : null);
    }
}

/// <summary>The person who asks; shown to an expert only with consent.</summary>
public sealed record OfferContact(string? Name, string? Role, string? Phone, string? Email);

/// <summary>An offer with what helps to decide. <c>Contact</c> is null where the actor may not see it (yet).</summary>
public sealed record OfferView(
    OfferId Id, CaseId Case, string Number, CaseStatus Status, Track Track, OfferState State, ExpertId ExpertId, string ExpertName, DateTimeOffset OfferedAt,
    DateTimeOffset RespondBy, DateTimeOffset? AnsweredAt, string? Source, string? Reason, string? Organisation, string? PrefectureCode, string? City, string? Industry,
    int? Employees, IReadOnlyList<string> Topics, Experts.VisitMode? PreferredMode, TeleworkStatus TeleworkStatus, OfferContact? Contact, bool Consented)
{
    /// <summary>How <see cref="RespondBy"/> was found; null once it is answered.</summary>
    public string? Why { get; init; }

    public string? Prefecture => PrefectureCode is null ? null : Prefectures.Find(PrefectureCode)?.Name;

    internal OfferView For(Actor actor) => actor.Role != Role.Expert ? this : State switch
    {
        OfferState.Open or OfferState.Accepted => CaseAccess.MaySeePerson(actor, Consented) ? this : this with { Contact = null },
        _ => this with { Contact = null, Organisation = null, City = null },
    };
}
