using Consultation.Audit;
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
        var asked = request.Query is null ? "" : JapaneseText.Fold(request.Query).Trim();
        var visible = Narrow(db.Set<Case>().Where(CaseAccess.Visible(execution.Actor)), request);
        if (request.District is { } district)
        {
            _ = (await desks.ReadAsync(cancellationToken)).Find(district) ?? throw new InvalidInput("district", "field.unknown_code");
            visible = visible.Where(c => c.District == district);
        }

        if (asked.Length == 0)
        {
            return await CaseRows.PageAsync(db, execution, Newest(visible, request), request.Limit, k => k.ReceivedAt, "cases.viewed", cancellationToken);
        }

        var number = CaseNumber.Read(request.Query!);
        // Of an expert's few cases all, for some of the hits are taken out again below.
        var wanted = execution.Actor.Role == Role.Expert ? int.MaxValue : request.Limit + 1;
        var hits = await new SearchedWords(asked, number).AmongAsync(db, visible, Place(request), wanted, cancellationToken);
        if (execution.Actor.Role == Role.Expert)
        {
            var hidden = await FoundByPersonAsync(hits, asked, number, cancellationToken);
            hits = hits.Where(c => !hidden.Contains(c.Id));
        }

        var own = await CaseRows.ReadAsync(db, Newest(hits, request), cancellationToken);
        var foreign = request.Status is null && request.Holder is null && request.District is null && request.Narrowing is null ? await ElsewhereAsync(request, number, cancellationToken) : [];
        var rows = own.Concat(foreign).OrderByDescending(r => r.ReceivedAt).ThenByDescending(r => r.Id.Value).Take(request.Limit + 1).ToList();
        var page = CaseRows.Page(rows, request.Limit, r => (r.ReceivedAt, r.Id));
        execution.Audit("cases.searched", CaseRows.AsList, CaseRows.Shown(page.Items));
        return new(await WithSnippetsAsync(page.Items, asked, cancellationToken), page.Next);
    }

    private IQueryable<Case> Narrow(IQueryable<Case> cases, ListCases request)
    {
        cases = request.Narrowing?.Of(cases, execution.Now) ?? cases;
        cases = request.Status is { } status ? cases.Where(c => c.Status == status) : cases;
        return request.Holder is { } holder ? cases.Where(c => c.Holder == holder) : cases;
    }

    private static (DateTimeOffset At, CaseId Id)? Place(ListCases request) => request.After is { } after ? CaseRows.ReadPlace(after) : null;

    private static IQueryable<Case> Newest(IQueryable<Case> cases, ListCases request) => CaseRows.Newest(cases, Place(request), request.Limit + 1);

    /// <summary>Cases without consent that only the person's name, telephone, address or what was said with them would find; few, because an expert's are few.</summary>
    private static async Task<List<CaseId>> FoundByPersonAsync(IQueryable<Case> hits, string asked, string? number, CancellationToken cancellationToken)
    {
        var words = asked.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var key = OrganisationName.Key(asked);
        var without = await hits.AsNoTracking().Where(c => c.ConsentedAt == null).ToListAsync(cancellationToken);
        return without.Where(c => c.Number != number && (key.Length == 0 || c.OrganisationKey != key)).Where(c => CaseSearch.Fold(c.SearchText(person: false)) is var open && words.Any(w => !open.Contains(w, StringComparison.Ordinal)))
            .Select(c => c.Id).ToList();
    }

    private async Task<List<CaseRow>> WithSnippetsAsync(IReadOnlyList<CaseRow> rows, string asked, CancellationToken cancellationToken)
    {
        Guid[] ids = [.. rows.Where(r => !r.Reduced).Select(r => r.Id.Value)];
        var trip = new RoundTrip(db);
        var texts = trip.Rows($"select id, text from cases where id = any({ids})", r => (Id: r.Id<CaseId>(), Text: r.Text()));
        AuditTrail.Join(trip, execution);
        await trip.GoAsync(cancellationToken);
        var textOf = texts.ToDictionary(t => t.Id, t => t.Text);
        return rows.Select(r => r.Reduced ? r : r with { Snippet = SnippetOf(textOf.GetValueOrDefault(r.Id, ""), asked) }).ToList();
    }

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

    /// <summary>Another district's cases, only by what identifies them and never by what was told.</summary>
    private async Task<IReadOnlyList<CaseRow>> ElsewhereAsync(ListCases request, string? number, CancellationToken cancellationToken)
    {
        if (execution.Actor is not { Role: Role.Desk or Role.Supervisor, District: { } own })
        {
            return [];
        }

        var key = OrganisationName.Key(request.Query!);
        var phone = Phone.Check(request.Query!).Digits;
        var named = db.Set<Case>()
            .Where(c => c.District != own && (c.Number == number || (key != "" && c.OrganisationKey == key) || (phone != null && phone != "" && c.PhoneDigits == phone)));
        var rows = await CaseRows.ReadAsync(db, Newest(named, request), cancellationToken);
        return rows.ConvertAll(r => r with
        {
            Reduced = true, Organisation = null, PrefectureCode = null, Topics = [], Tracks = [], DueKind = null, DueTrack = null, DueWhy = null, Lead = null, City = null,
        });
    }
}
