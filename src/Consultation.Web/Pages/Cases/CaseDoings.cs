using Consultation.CaseFile;
using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Visits;
using Consultation.Web.Pages.Shared;
using Consultation.Web.Pages.Visits;

namespace Consultation.Web.Pages.Cases;

/// <summary>
/// What a case offers to whom: exactly its allowed actions, as far as the actor's role may do them. The first is what the case waits for.
/// </summary>
public static class CaseDoings
{
    public static (ActionView? Main, IReadOnlyList<ActionView> Others) Of(CaseFileView file, FullCase full, Actor actor, DateTimeOffset now)
    {
        var doings = full.AllowedActions.Where(action => actor.Can(NeededFor(action)))
            .SelectMany(action => LinksOf(action, file, full, actor, now).Select((link, at) => (Action: action, Link: at == 0 ? link with { Key = KeyOf(action) } : link)))
            .ToList();
        var main = doings.FirstOrDefault(doing => doing.Action == Awaited(file.Status)).Link;
        return (main, [.. doings.Select(doing => doing.Link).Where(link => link != main)]);
    }

    /// <summary>Where a case is answered or referred beside its route; null for people who do not do the desk's work.</summary>
    public static string? ReplyLink(CaseId id, Actor actor) => actor.Can(Permission.EditCase) ? $"{QueueRows.LinkTo(id)}/reply" : null;

    /// <summary>What the status waits for; everything else is possible beside it.</summary>
    private static CaseAction Awaited(CaseStatus status) => status switch
    {
        CaseStatus.Received => CaseAction.Route,
        CaseStatus.Waiting => CaseAction.Offer,
        CaseStatus.Offered => CaseAction.AnswerOffer,
        CaseStatus.Assigned => CaseAction.Book,
        CaseStatus.Booked => CaseAction.CompleteVisit,
        CaseStatus.ReportDue => CaseAction.WriteReport,
        CaseStatus.FollowingUp => CaseAction.WorkFollowUp,
        _ => CaseAction.Reopen,
    };

    private static string? KeyOf(CaseAction action) => action switch
    {
        CaseAction.AddContact => "r",
        CaseAction.Route => "f",
        CaseAction.Offer => "o",
        CaseAction.AnswerOffer => "a",
        CaseAction.Book => "b",
        CaseAction.CompleteVisit => "d",
        CaseAction.WriteReport => "w",
        CaseAction.Hold or CaseAction.Resume => "h",
        CaseAction.HandOver => "t",
        CaseAction.Close => "e",
        _ => null,
    };

    private static Permission NeededFor(CaseAction action) => action switch
    {
        CaseAction.Route => Permission.RouteCase,
        CaseAction.JoinTrack => Permission.JoinTrack,
        CaseAction.Offer => Permission.OfferCase,
        CaseAction.AnswerOffer => Permission.AnswerOffer,
        // Whoever answers an offer may also give the track back; taking it away is the supervisor's.
        CaseAction.Reassign => Permission.AnswerOffer,
        CaseAction.Book or CaseAction.ChangeVisit => Permission.BookVisit,
        CaseAction.CompleteVisit => Permission.CompleteVisit,
        CaseAction.WriteReport => Permission.WriteReport,
        CaseAction.WorkFollowUp => Permission.WorkFollowUps,
        CaseAction.Close or CaseAction.Reopen => Permission.CloseCase,
        CaseAction.AddContact => Permission.AddContact,
        CaseAction.AddNote => Permission.ViewCases,
        _ => Permission.EditCase,
    };

    private static IEnumerable<ActionView> LinksOf(CaseAction action, CaseFileView file, FullCase full, Actor actor, DateTimeOffset now)
    {
        var at = QueueRows.LinkTo(file.Id);
        return action switch
        {
            CaseAction.AddContact when ReplyLink(file.Id, actor) is { } reply => [new("標準の回答を送る・ほかの機関を紹介する", reply)],
            CaseAction.Edit when !full.Consented => [new("情報の提供への同意を記録する", $"{at}/consent")],
            CaseAction.Route => [new(file.Status == CaseStatus.Received ? "振り分けを決める" : "振り分けを見直す", $"{at}/route")],
            CaseAction.JoinTrack => full.Tracks.Where(track => track.State == TrackState.Later)
                .Select(track => new ActionView($"{CaseWords.Of(track.Track)}も始める", null, "Join", track.Track.ToString())),
            CaseAction.Offer => full.Tracks.Where(track => track.State == TrackState.Wanted)
                .Select(track => new ActionView($"専門家に打診する({CaseWords.Of(track.Track)})", $"{at}/offer?track={track.Track}")),
            CaseAction.AnswerOffer => full.Tracks.Where(track => track.State == TrackState.Offered)
                .Select(track => new ActionView($"{track.Expert} の受諾・辞退を記録する", $"{at}/answer?offer={track.OfferId}")),
            CaseAction.Reassign => full.Tracks.Where(track => actor.Can(Permission.ReassignCase) && track.State is TrackState.Offered or TrackState.Held)
                .Select(track => new ActionView($"専門家を替える({CaseWords.Of(track.Track)})", $"{at}/offer?track={track.Track}&instead=true"))
                .Concat(full.Tracks.Where(track => track.State == TrackState.Held && (actor.Role != Role.Expert || track.ExpertId == actor.Expert))
                    .Select(track => new ActionView($"担当の返上を記録する({CaseWords.Of(track.Track)})", $"{at}/hand-back?offer={track.OfferId}"))),
            CaseAction.Book => [new(file.Status == CaseStatus.Booked ? "次の相談を予約する" : "相談を予約する", $"{at}/visits/new")],
            CaseAction.CompleteVisit => full.Visits.Where(visit => visit.State == VisitState.Confirmed && visit.Start <= now).Take(1)
                .Select(visit => new ActionView("実施・先方不在を記録する", VisitLines.PathTo(file.Id, visit, "complete"))),
            CaseAction.WriteReport => full.Visits.SelectMany(visit => VisitLines.Owed(visit).Select(track => (visit, track)))
                .Where(owed => actor.Role != Role.Expert || owed.visit.Experts.Any(expert => expert.Track == owed.track && expert.Id == actor.Expert))
                .Select(owed => new ActionView($"報告を書く({CaseWords.Of(owed.track)})", VisitLines.PathTo(file.Id, owed.visit, $"report?track={owed.track}"))),
            CaseAction.Hold => [new("保留にする(相談者の回答待ち)", $"{at}/hold")],
            CaseAction.Resume => [new("保留をやめて再開する", null, "Resume")],
            CaseAction.HandOver => [new("ほかの窓口へ引き継ぐ", $"{at}/hand-over")],
            CaseAction.Close => [new("完了にする", $"{at}/close")],
            CaseAction.Reopen => [new("完了した案件を再開する", $"{at}/reopen")],
            _ => [],
        };
    }
}
