using Consultation.Messaging;
using Consultation.Organisations;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Topics;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Cases;

/// <summary>
/// Looks at an inquiry before it is saved: what the rules suggest, and which earlier cases may be the same company's, so that the clerk is
/// warned before a second case exists (journeys J01, J02), and how many free consultations the company has left this year. Stores nothing but who was shown which case.
/// </summary>
[Requires(Permission.LogInquiry)]
public sealed record PreviewInquiry(string? Text, string? Organisation = null, string? CorporateNumber = null, string? Phone = null, string? Prefecture = null) : IQuery<PreviewedInquiry>;

internal sealed class PreviewInquiryValidator : AbstractValidator<PreviewInquiry>
{
    public PreviewInquiryValidator()
    {
        RuleFor(r => r.Text).Storable(InputRules.TextLength);
        RuleFor(r => r.Organisation).Storable();
        RuleFor(r => r.CorporateNumber).Storable();
        RuleFor(r => r.Phone).Storable();
        RuleFor(r => r.Prefecture).Storable();
    }
}

internal sealed class PreviewInquiryHandler(ConsultationDb db, Execution execution, RuleBook rules, ProgrammeBook programmes) : IRequestHandler<PreviewInquiry, PreviewedInquiry>
{
    public async Task<PreviewedInquiry> Handle(PreviewInquiry request, CancellationToken cancellationToken)
    {
        var key = string.IsNullOrWhiteSpace(request.Organisation) ? null : OrganisationName.Key(request.Organisation);
        var number = Reference.CorporateNumber.Check(request.CorporateNumber);
        var digits = Phone.Check(request.Phone).Digits;
        var similar = await SimilarCases.FindAsync(
            db, execution.Actor, string.IsNullOrEmpty(key) ? null : key, number.Kind == CorporateNumberKind.Valid ? number.Value : null,
            string.IsNullOrEmpty(digits) ? null : digits, cancellationToken);
        foreach (var one in similar)
        {
            execution.Audit("case.similar_shown", one.Id);
        }

        var text = request.Text ?? "";
        return new(similar, string.IsNullOrWhiteSpace(text) ? null : (await rules.SuggesterAsync(cancellationToken)).Suggest(text),
            await QuotaAsync(request, number.Kind == CorporateNumberKind.Valid ? number.Value : null, cancellationToken));
    }

    private async Task<QuotaLeft?> QuotaAsync(PreviewInquiry request, string? corporateNumber, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(request.Organisation) || SuggestionContext.NamesPrivatePerson(request.Organisation))
        {
            return null;
        }

        var year = FiscalYear.Of(execution.Now);
        var place = string.IsNullOrWhiteSpace(request.Prefecture) ? null : Prefectures.Find(request.Prefecture)?.Code;
        var known = await Organisation.FindAsync(db, request.Organisation.Trim(), corporateNumber, place, cancellationToken);
        var account = known is null ? null : await db.Set<QuotaAccount>().AsNoTracking()
            .FirstOrDefaultAsync(a => a.OrganisationId == known.Id && a.Programme == ProgrammeYear.OneStop && a.FiscalYear == year.Year, cancellationToken);
        return account is not null
            ? new(year.Label, account.Limit, account.Held, account.Used)
            : await programmes.FindAsync(year, cancellationToken) is { } programme ? new(year.Label, programme.QuotaLimit, 0, 0) : null;
    }
}

/// <summary>What a clerk is shown before saving; no suggestion where nothing was told yet.</summary>
public sealed record PreviewedInquiry(IReadOnlyList<SimilarCase> Similar, Suggestion? Suggestion, QuotaLeft? Quota);

/// <summary>無料回数 of one organisation in the fiscal year that <c>now</c> falls in.</summary>
public sealed record QuotaLeft(string Year, int Limit, int Held, int Used);
