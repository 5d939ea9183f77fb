using Consultation.CaseFile;
using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Topics;
using Consultation.Visits;
using Consultation.Web.Pages.Cases;
using Consultation.Web.Pages.Expert;
using Consultation.Web.Pages.Shared;

namespace Consultation.Web.Pages.Visits;

/// <summary>The visits of a case in words, with what can be done with each.</summary>
public static class VisitLines
{
    /// <summary>A visit that fell through when its expert had set out already; the time stays taken.</summary>
    public static StateView OnTheRoad { get; } = new("専門家は移動中", Tone.Warn, Shape.Near);

    public static StateView Of(VisitState state) => state switch
    {
        VisitState.Held => new(VisitWords.Of(state), Tone.Info, Shape.Asked),
        VisitState.Confirmed => new(VisitWords.Of(state), Tone.Ok, Shape.Accepted),
        VisitState.TookPlace => new(VisitWords.Of(state), Tone.Ok, Shape.Done),
        VisitState.NoShow => new(VisitWords.Of(state), Tone.Warn, Shape.Declined),
        _ => new("取消（戻し）", Tone.Quiet, Shape.Declined),
    };

    public static StateView Of(ReportState state) => state switch
    {
        ReportState.Submitted => new($"報告{VisitWords.Of(state)}", Tone.Info, Shape.Writing),
        ReportState.Returned => new($"報告{VisitWords.Of(state)}", Tone.Warn, Shape.Again),
        ReportState.Approved => new($"報告{VisitWords.Of(state)}", Tone.Ok, Shape.Done),
        _ => new(VisitWords.Of(state), Tone.Quiet, Shape.Declined),
    };

    /// <summary>Whose word a dictated report carries.</summary>
    public static StateView OfDictated(bool confirmed) => confirmed ? new("専門家が確認済", Tone.Ok, Shape.Accepted) : new("聞き取り・専門家の確認待ち", Tone.Warn, Shape.Asked);

    /// <summary>True where this expert's own word is waited for.</summary>
    public static bool IsToConfirm(FileVisit visit, Track track, Actor actor) =>
        actor.Role == Role.Expert && visit.Experts.Any(expert => expert.Track == track && expert.Id == actor.Expert)
        && visit.Reports.Any(report => report is { Confirmed: false, State: ReportState.Submitted or ReportState.Approved } && report.Track == track);

    /// <summary>What the expert is asked for above the case.</summary>
    public static IReadOnlyList<NoticeView> ToConfirm(FullCase full, Actor actor) =>
        [.. full.Visits.SelectMany(visit => visit.Tracks.Where(track => IsToConfirm(visit, track, actor)).Select(track => new NoticeView(
            Tone.Warn, Shape.Writing, "聞き取りで書かれた報告を確かめてください", $"{Title(visit)}（{CaseWords.Of(track)}）", "報告を確かめる", ExpertLinks.ToDictated(visit.Id, track))))];

    public static string Title(FileVisit visit) => $"第{visit.Ordinal}回 {VisitWords.Of(visit.Stage)}";

    public static string When(FileVisit visit) =>
        $"{JapaneseDate.ShortTime(visit.Start)}〜{JapaneseDate.Time(JapanTime.TimeOf(visit.End))}・{CaseWords.Of(visit.Mode)}";

    public static string PathTo(CaseId id, FileVisit visit, string act) => $"{QueueRows.LinkTo(id)}/visits/{visit.Id}/{act}";

    /// <summary>The ministries whose report of this visit is owed: none yet, or one that was sent back.</summary>
    public static IEnumerable<Track> Owed(FileVisit visit) => visit.State != VisitState.TookPlace
        ? []
        : visit.Tracks.Where(track => visit.Reports.FirstOrDefault(report => report.Track == track) is null or { State: ReportState.Returned });

    public static IReadOnlyList<VisitLineView> Of(CaseFileView file, FullCase full, Actor actor, DateTimeOffset now) =>
        [.. full.Visits.OrderByDescending(visit => visit.Start).Select(visit => new VisitLineView(
            Title(visit),
            visit is { Counting.Kept: true, State: VisitState.Cancelled } ? new("中止（1回と数える）", Tone.Warn, Shape.Declined) : Of(visit.State),
            string.Join("・", new[] { When(visit), string.Join("、", visit.Experts.Select(expert => expert.Name).Distinct()), visit.Place }.Where(part => !string.IsNullOrEmpty(part))),
            visit.State == VisitState.Held && visit.HoldExpiresAt is { } until ? $"仮押さえは {JapaneseDate.ShortTime(until)} に自動で外れます。" : visit.Reason,
            CountingOf(visit),
            [.. visit.Reports.Select(report => new TrackView(CaseSigns.Of(report.Track), Of(report.State), report.FiledBy))],
            [.. DoingsOf(file, full, visit, actor, now)]))];

    /// <summary>How it is counted, where that is not usual.</summary>
    private static string? CountingOf(FileVisit visit) => visit switch
    {
        { QuotaUnits: 0 } => $"回数に数えない（{visit.Counting.Reason}）",
        { Counting.Extra: > 0 } => $"業務責任者の承認で上限を超えて予約（{visit.Counting.Reason}）",
        { Counting.Kept: true, State: VisitState.NoShow } => "1回と数える（事業年度の取扱い）",
        { QuotaUnits: > 1 } => $"{visit.QuotaUnits}回と数える（両省）",
        _ => null,
    };

    private static IEnumerable<ActionView> DoingsOf(CaseFileView file, FullCase full, FileVisit visit, Actor actor, DateTimeOffset now)
    {
        bool May(CaseAction action, Permission permission) => full.AllowedActions.Contains(action) && actor.Can(permission);
        var open = visit.State is VisitState.Held or VisitState.Confirmed;
        if (open && May(CaseAction.ChangeVisit, Permission.BookVisit))
        {
            if (visit.State == VisitState.Held)
            {
                yield return new("確定する", null, "Confirm", visit.Id.ToString());
            }

            if (JapanTime.DateOf(visit.Start) == JapanTime.DateOf(now) && now < visit.End)
            {
                yield return new("当日の連絡(遅れる・Webに変更・延期)", PathTo(file.Id, visit, "today"));
            }

            yield return new("相談票", PathTo(file.Id, visit, "sheet"));
            yield return new("日時を変える", $"{QueueRows.LinkTo(file.Id)}/visits/new?moving={visit.Id}");
            yield return new("取り消す", PathTo(file.Id, visit, "cancel"));
        }

        if (visit.State == VisitState.Confirmed && visit.Start <= now && May(CaseAction.CompleteVisit, Permission.CompleteVisit))
        {
            yield return new("実施・先方不在を記録する", PathTo(file.Id, visit, "complete"));
        }

        if (May(CaseAction.WriteReport, Permission.WriteReport))
        {
            foreach (var track in Owed(visit).Where(track => actor.Role != Role.Expert || visit.Experts.Any(expert => expert.Track == track && expert.Id == actor.Expert)))
            {
                yield return new($"報告を書く({CaseWords.Of(track)})", PathTo(file.Id, visit, $"report?track={track}"));
            }
        }

        if (visit.Reports.Count > 0)
        {
            yield return new("報告を読む", PathTo(file.Id, visit, "reports"));
        }

        foreach (var track in visit.Tracks.Where(track => IsToConfirm(visit, track, actor)))
        {
            yield return new($"聞き取りの報告を確かめる({CaseWords.Of(track)})", ExpertLinks.ToDictated(visit.Id, track));
        }

        if (actor.Can(Permission.ApproveReport))
        {
            foreach (var report in visit.Reports.Where(report => report.State == ReportState.Submitted))
            {
                yield return new($"報告を確かめる({CaseWords.Of(report.Track)})", PathTo(file.Id, visit, $"review?track={report.Track}"));
            }
        }
    }
}
