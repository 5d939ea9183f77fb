using System.ComponentModel.DataAnnotations;
using Consultation.Cases;
using Consultation.FollowUps;
using Consultation.Messaging;

namespace Consultation.Web.Api;

/// <summary>Follow-ups that somebody has still to act on.</summary>
internal static class FollowUpsApi
{
    public static void MapFollowUps(this IEndpointRouteBuilder api)
    {
        api.MapGet("/follow-ups", ListAsync)
            .Says("フォローアップの一覧", "期日の早い順。due はその日まで、desk の既定は自分の窓口。").Gives<Page<FollowUpRowAnswer>>();
        api.MapPost("/follow-ups/{id:guid}/complete", (HttpContext http, FollowUpId id) => http.Do(
                (FollowedUpBody body) => new CompleteFollowUp(id, body.Result, body.TeleworkStatus),
                (changed, _) => Task.FromResult(FollowUpAnswer.Of(changed))))
            .Says("フォローアップの結果を記録する").Takes<FollowedUpBody>().Gives<FollowUpAnswer>();
        api.MapPost("/follow-ups/{id:guid}/postpone", (HttpContext http, FollowUpId id) => http.Do(
                (PostponeBody body) => new PostponeFollowUp(id, body.Due, body.Reason),
                (changed, _) => Task.FromResult(FollowUpAnswer.Of(changed))))
            .Says("フォローアップを延期する").Takes<PostponeBody>().Gives<FollowUpAnswer>();
    }

    private static async Task<IResult> ListAsync(HttpContext http, string? due, string? desk, string? after, string? limit)
    {
        var faults = new List<InputError>();
        var query = new ListFollowUps(InputReader.Date(due, "due", faults), ApiCall.Given(desk), null, ApiCall.Given(after), ApiCall.Limit(limit, faults));
        var page = await http.Ask(query, faults);
        return Answer.Of(new Page<FollowUpRowAnswer>(page.Items.Select(FollowUpRowAnswer.Of).ToList(), page.Next));
    }
}

internal sealed record FollowedUpBody([property: Required] FollowUpResult? Result, TeleworkStatus? TeleworkStatus);

internal sealed record PostponeBody([property: Required] DateOnly? Due, [property: Required] string? Reason);

internal sealed record FollowUpAnswer(
    FollowUpId Id, CaseId CaseId, string Number, CaseStatus Status, FollowUpKind Kind, DateOnly Base, DateOnly Due, string Why, FollowUpState State, FollowUpResult? Result,
    TeleworkStatus? TeleworkStatus)
{
    public static Answer Of(ChangedFollowUp f) => Answer.Of(
        new FollowUpAnswer(f.Id, f.Case, f.CaseNumber, f.CaseStatus, f.Kind, f.BaseOn, f.DueOn, f.Why, f.State, f.Result, f.TeleworkStatus), f.Version);
}

internal sealed record FollowUpRowAnswer(
    FollowUpId Id, CaseId CaseId, string Number, string? Organisation, FollowUpKind Kind, DateOnly Base, DateOnly Due, string Why, FollowUpState State, ExpertId? ExpertId,
    FollowUpResult? Result, TeleworkStatus? TeleworkStatus)
{
    public static FollowUpRowAnswer Of(FollowUpRow f) => new(
        f.Id, f.Case, f.CaseNumber, f.Organisation, f.Kind, f.BaseOn, f.DueOn, f.Why, f.State, f.Expert, f.Result, f.TeleworkStatus);
}
