using System.ComponentModel.DataAnnotations;
using Consultation.Cases;
using Consultation.Experts;
using Consultation.Topics;

namespace Consultation.Web.Api;

/// <summary>Intake: a new case from any channel.</summary>
internal static class InquiriesApi
{
    public static void MapInquiries(this IEndpointRouteBuilder api) =>
        api.MapPost("/inquiries", (Delegate)((HttpContext http) => http.Do(
                (InquiryBody body) => new LogInquiry(
                    body.Channel, body.Text, body.ReceivedAt, ApiCall.Given(body.Desk), body.Organisation?.Told, body.Contact?.Told, body.TeleworkStatus, body.PreferredMode, body.Source),
                (logged, _) => Task.FromResult(Answer.Created(LoggedAnswer.Of(logged), logged.Version, $"/api/v1/cases/{logged.Id}")))))
            .Says("相談を受け付ける", "必須は channel と text だけ。足りない項目は missing、疑わしい項目は doubtful に入る（拒否しない）。")
            .Takes<InquiryBody>().Gives<LoggedAnswer>(StatusCodes.Status201Created);
}

internal sealed record InquiryBody(
    [property: Required] Channel? Channel, DateTimeOffset? ReceivedAt, string? Desk, OrganisationBody? Organisation, ContactBody? Contact, TeleworkStatus? TeleworkStatus,
    VisitMode? PreferredMode, string? Source, [property: Required] string? Text);

internal sealed record OrganisationBody(
    string? Name, string? Kana, string? CorporateNumber, string? Prefecture, string? City, string? Industry, int? Employees, long? CapitalYen)
{
    internal OrganisationInput Told => new(Name, Kana, CorporateNumber, Prefecture, City, Industry, Employees, CapitalYen);
}

internal sealed record ContactBody(string? Name, string? Role, string? Phone, string? Email)
{
    internal ContactInput Told => new(Name, Role, Phone, Email);
}

internal sealed record LoggedAnswer(
    CaseId Id, string Number, CaseStatus Status, IReadOnlyList<string> Missing, IReadOnlyList<string> Doubtful, IReadOnlyList<SimilarCase> Similar, SuggestionAnswer Suggestion)
{
    public static LoggedAnswer Of(LoggedInquiry logged) =>
        new(logged.Id, logged.Number, logged.Status, logged.Missing, logged.Doubtful, logged.Similar, SuggestionAnswer.Of(logged.Suggestion));
}

/// <summary>The suggestion without its weights: numbers are for supervisors (design §2).</summary>
internal sealed record SuggestionAnswer(
    IReadOnlyList<Track> Tracks, Track? Lead, Outcome Outcome, IReadOnlyList<string> Referrals, IReadOnlyList<SuggestedAnswer> Answers, IReadOnlyList<TopicAnswer> Topics,
    int RuleVersion)
{
    public static SuggestionAnswer Of(Suggestion suggestion) => new(
        suggestion.Tracks, suggestion.Lead, suggestion.Outcome, suggestion.Referrals, suggestion.Answers,
        suggestion.Topics.Select(t => new TopicAnswer(t.Code, t.Evidence)).ToList(), suggestion.RuleVersion);
}

internal sealed record TopicAnswer(string Code, IReadOnlyList<Evidence> Evidence);
