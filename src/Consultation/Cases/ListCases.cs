using Consultation.Audit;
using Consultation.Calendar;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Staff;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Cases;

/// <summary>
/// All cases the actor may see, newest first, searched by <c>Query</c>: words inside any text, a number as spoken (8の123), a company in
/// kana or half-width, a telephone. A desk also finds another district's case by number, company or telephone, reduced to what J60 allows.
/// </summary>
/// <param name="Narrowing">Only the cases that a figure of the case load counts.</param>
[Requires(Permission.ViewCases)]
public sealed record ListCases(string? Query = null, CaseStatus? Status = null, string? District = null, StaffId? Holder = null, string? After = null, int Limit = 50,
    CaseNarrowing? Narrowing = null) : IQuery<Page<CaseRow>>;

internal sealed class ListCasesValidator : AbstractValidator<ListCases>
{
    public ListCasesValidator()
    {
        RuleFor(r => r.Query).Storable().OverridePropertyName("q");
        RuleFor(r => r.Limit).InclusiveBetween(1, CaseRows.MostPerPage).WithErrorCode("page.malformed");
        RuleFor(r => r.After).Must(a => a is null || CaseRows.ReadPlace(a) is not null).WithErrorCode("page.malformed");
    }
}

internal sealed class ListCasesHandler(ConsultationDb db, Execution execution, DeskBook desks) : IRequestHandler<ListCases, Page<CaseRow>>
{
    private const int SnippetMargin = 24;

    public async Task<Page<CaseRow>> Handle(ListCases request, CancellationToken cancellationToken)
    {
        var visible = Narrow(db.Set<Case>().Where(CaseAccess.Visible(execution.Actor)), request, await desks.NationalAsync(cancellationToken));
        if (request.District is { } district)
        {
            _ = (await desks.ReadAsync(cancellationToken)).Find(district) ?? throw new InvalidInput("district", "field.unknown_code");
            visible = visible.Where(c => c.District == district);
        }

        var words = new SearchedWords(request.Query ?? "");
        if (words.IsNothing)
        {
            return await CaseRows.PageAsync(db, execution, Newest(visible, request), request.Limit, k => k.ReceivedAt, "cases.viewed", cancellationToken);
        }

        var found = await FindAsync(request, words, visible, cancellationToken);
        var (shown, more) = found.Count > request.Limit ? (found[..request.Limit], true) : (found, false);
        execution.Audit("cases.searched", CaseRows.AsList, string.Join(' ', shown.Select(f => f.Number)));
        return new(await ReadAsync(shown, words.Asked, cancellationToken), more ? CaseRows.Place(shown[^1].ReceivedAt, shown[^1].Id.Value) : null);
    }

    private Task<List<FoundCase>> FindAsync(ListCases request, SearchedWords words, IQueryable<Case> visible, CancellationToken cancellationToken)
    {
        var (actor, reach) = (execution.Actor, CaseAccess.Reach.Of(execution.Actor));
        var district = request.District ?? reach.District;
        var byWordsAlone = request is { Status: null, Holder: null, Narrowing: null } && (reach.Everywhere || (district is not null && district == reach.District));
        // A desk also finds other districts' cases, but only by what identifies them and never by what was told.
        return byWordsAlone
            ? words.FindAsync(db, district, Place(request), request.Limit + 1, elsewhere: !reach.Everywhere && request.District is null, cancellationToken)
            : words.FindAsync(db, visible, district, Place(request), request.Limit + 1, person: actor.Role != Role.Expert, cancellationToken);
    }

    private IQueryable<Case> Narrow(IQueryable<Case> cases, ListCases request, NationalCalendar national)
    {
        cases = request.Narrowing?.Of(cases, execution.Now, national) ?? cases;
        cases = request.Status is { } status ? cases.Where(c => c.Status == status) : cases;
        return request.Holder is { } holder ? cases.Where(c => c.Holder == holder) : cases;
    }

    private static (DateTimeOffset At, CaseId Id)? Place(ListCases request) => request.After is { } after ? CaseRows.ReadPlace(after) : null;

    private static IQueryable<Case> Newest(IQueryable<Case> cases, ListCases request) => CaseRows.Newest(cases, Place(request), request.Limit + 1);

    private async Task<List<CaseRow>> ReadAsync(List<FoundCase> shown, string asked, CancellationToken cancellationToken)
    {
        Guid[] own = [.. shown.Where(f => !f.Foreign).Select(f => f.Id.Value)];
        var trip = new RoundTrip(db);
        var texts = trip.Rows($"select id, text from cases where id = any({own})", r => (Id: r.Id<CaseId>(), Text: r.Text()));
        AuditTrail.Join(trip, execution);
        var rows = await CaseRows.ReadAsync(trip, shown.ConvertAll(f => f.Id), cancellationToken);
        var textOf = texts.ToDictionary(t => t.Id, t => t.Text);
        return rows.ConvertAll(r => textOf.TryGetValue(r.Id, out var text) ? r with { Snippet = SnippetOf(text, asked) } : Reduced(r));
    }

    private static CaseRow Reduced(CaseRow row) => row with
    {
        Reduced = true, Organisation = null, PrefectureCode = null, Topics = [], Tracks = [], DueKind = null, DueTrack = null, DueWhy = null, Lead = null, City = null,
    };

    private static string? SnippetOf(string text, string asked)
    {
        var at = JapaneseText.Fold(text).IndexOf(asked, StringComparison.Ordinal);
        if (at < 0)
        {
            return null;
        }

        var from = Math.Clamp(at - SnippetMargin, 0, text.Length);
        var to = Math.Clamp(at + asked.Length + SnippetMargin, from, text.Length);
        return $"{(from > 0 ? "…" : "")}{text[from..to]}{(to < text.Length ? "…" : "")}";
    }
}
