using Consultation.Web.Pages.Shared;

namespace Consultation.Web.Pages.Cases;

/// <summary>A case of another desk in a search: number, state, holder and next date, nothing else.</summary>
public sealed record ReducedCaseView(string Link, string Number, StateView State, string Holder, string? Next);

/// <summary>A list of cases with all that narrows it.</summary>
public sealed record CasesView(
    string Title,
    DateTimeOffset Now,
    string Order,
    IReadOnlyList<SavedView> Views,
    FiltersView Filters,
    string Summary,
    IReadOnlyList<CaseRowView> Rows,
    IReadOnlyList<ReducedCaseView> Elsewhere,
    PagerView Pager,
    bool TooMany = false);
