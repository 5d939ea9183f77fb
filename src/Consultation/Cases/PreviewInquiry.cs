using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Topics;
using FluentValidation;
using MediatR;

namespace Consultation.Cases;

/// <summary>
/// Looks at an inquiry before it is saved: what the rules suggest, and which earlier cases may be the same company's, so that the clerk is
/// warned before a second case exists (journeys J01, J02). Stores nothing but who was shown which case.
/// </summary>
[Requires(Permission.LogInquiry)]
public sealed record PreviewInquiry(string? Text, string? Organisation = null, string? CorporateNumber = null, string? Phone = null) : IQuery<PreviewedInquiry>;

internal sealed class PreviewInquiryValidator : AbstractValidator<PreviewInquiry>
{
    public PreviewInquiryValidator()
    {
        RuleFor(r => r.Text).Storable(InputRules.TextLength);
        RuleFor(r => r.Organisation).Storable();
        RuleFor(r => r.CorporateNumber).Storable();
        RuleFor(r => r.Phone).Storable();
    }
}

internal sealed class PreviewInquiryHandler(ConsultationDb db, Execution execution, RuleBook rules) : IRequestHandler<PreviewInquiry, PreviewedInquiry>
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
        return new(similar, string.IsNullOrWhiteSpace(text) ? null : (await rules.SuggesterAsync(cancellationToken)).Suggest(text));
    }
}

/// <summary>What a clerk is shown before saving; no suggestion where nothing was told yet.</summary>
public sealed record PreviewedInquiry(IReadOnlyList<SimilarCase> Similar, Suggestion? Suggestion);
