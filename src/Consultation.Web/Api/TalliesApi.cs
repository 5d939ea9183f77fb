using System.ComponentModel.DataAnnotations;
using Consultation.Cases;

namespace Consultation.Web.Api;

/// <summary>Questions that are no case, counted.</summary>
internal static class TalliesApi
{
    public static void MapTallies(this IEndpointRouteBuilder api) =>
        api.MapPost("/tallies", (Delegate)((HttpContext http) => http.Do(
                (TallyBody body) => new RecordTally(body.Channel, body.Kind),
                (id, body) => Task.FromResult(Answer.Created(new TallyAnswer(id, body.Channel!.Value, body.Kind!.Value), 1)))))
            .Says("案件にしない問合せを数える").Takes<TallyBody>().Gives<TallyAnswer>(StatusCodes.Status201Created);
}

internal sealed record TallyBody([property: Required] Channel? Channel, [property: Required] TallyKind? Kind);

internal sealed record TallyAnswer(TallyId Id, Channel Channel, TallyKind Kind);
