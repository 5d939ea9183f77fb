using Consultation.Messaging;
using Consultation.Reference;
using FluentValidation;

namespace Consultation.Experts;

/// <summary>What stands on an expert's card, however it is typed.</summary>
internal interface IExpertCard
{
    string? Name { get; }
    Affiliation? Affiliation { get; }
    string? Prefecture { get; }
    string? DisplayTitle { get; }
    string? Email { get; }
    string? Phone { get; }
    int? Capacity { get; }
    IReadOnlyList<string>? Districts { get; }
    IReadOnlyList<string>? Prefectures { get; }
    IReadOnlyList<VisitMode>? Modes { get; }
    IReadOnlyList<TopicLevel>? Topics { get; }
    IReadOnlyList<string>? Industries { get; }
    IReadOnlyList<string>? OwnClients { get; }
    DateOnly? TermFrom { get; }
    DateOnly? TermTo { get; }
}

/// <summary>The shape of a card; what is left out is judged by the command.</summary>
internal abstract class ExpertCardValidator<T> : AbstractValidator<T>
    where T : IExpertCard
{
    private const int MostOwnClients = 200;

    protected ExpertCardValidator()
    {
        RuleFor(r => r.Name).RequiredText(InputRules.FieldLength);
        RuleFor(r => r.Affiliation).Must(a => a is { } given && Enum.IsDefined(given)).WithErrorCode("field.required");
        RuleFor(r => r.Prefecture).Must(p => !string.IsNullOrWhiteSpace(p)).WithErrorCode("field.required");
        RuleFor(r => r.Prefecture).Must(p => string.IsNullOrWhiteSpace(p) || Reference.Prefectures.Find(p) is not null).WithErrorCode("field.unknown_code");
        RuleFor(r => r.DisplayTitle).Storable();
        RuleFor(r => r.Phone).Storable();
        RuleFor(r => r.Email).Storable();
        RuleFor(r => r.Email).Must(e => string.IsNullOrWhiteSpace(e) || EmailAddress.IsWellFormed(e.Trim())).WithErrorCode("expert.email_malformed");
        RuleFor(r => r.Capacity).Capacity();
        RuleFor(r => r.Districts).Must(d => d is null || d.All(s => Reference.Districts.Find(s) is not null)).WithErrorCode("field.unknown_code");
        RuleFor(r => r.Prefectures).Must(p => p is null || p.All(c => Reference.Prefectures.Find(c) is not null)).WithErrorCode("field.unknown_code");
        RuleFor(r => r.Modes).Modes();
        RuleFor(r => r.Topics).Must(t => t is null || t.All(c => c is not null && TopicCatalogue.Find(c.Code) is not null)).WithErrorCode("field.unknown_code");
        RuleFor(r => r.Topics).Must(t => t is null || t.All(c => c is null or { Level: >= 1 and <= Expert.HighestLevel }))
            .WithErrorCode("field.out_of_range").WithState(_ => new object?[] { 1, Expert.HighestLevel });
        RuleFor(r => r.Topics).Must(t => t is null || t.Where(c => c is not null).GroupBy(c => c.Code).All(g => g.Count() == 1)).WithErrorCode("expert.topic_twice");
        RuleFor(r => r.Industries).Must(i => i is null || i.All(l => Reference.Industries.Find(l) is not null)).WithErrorCode("field.unknown_code");
        RuleForEach(r => r.OwnClients).RequiredText(InputRules.FieldLength).OverridePropertyName("ownClients");
        // Twelve digits may be a マイナンバー, which nobody may keep; a name that is nothing but signs would be everybody's.
        RuleFor(r => r.OwnClients).Must(c => c is null || !c.Any(o => CorporateNumber.Check(o).Kind == CorporateNumberKind.PossibleMyNumber)).WithErrorCode("expert.own_client_my_number");
        RuleFor(r => r.OwnClients).Must(c => c is null || c.All(IsNamed)).WithErrorCode("expert.own_client_malformed");
        RuleFor(r => r.OwnClients).Must(c => c is null || c.Count <= MostOwnClients).WithErrorCode("field.out_of_range").WithState(_ => new object?[] { 0, MostOwnClients });
        RuleFor(r => r.TermTo).Must((r, to) => to is null || r.TermFrom is null || r.TermFrom <= to).WithErrorCode("expert.period_reversed");
    }

    private static bool IsNamed(string? client) =>
        string.IsNullOrWhiteSpace(client) || CorporateNumber.Check(client).Kind is CorporateNumberKind.Valid or CorporateNumberKind.PossibleMyNumber
        || (OrganisationName.Key(client).Length > 0 && !OrganisationName.Key(client).All(c => char.IsAsciiDigit(c)));
}
