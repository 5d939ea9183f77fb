using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Routing;
using Consultation.Tests.Visits;
using Consultation.Topics;
using Consultation.Visits;
using static Consultation.Tests.Visits.Scene;

namespace Consultation.Tests.CaseLoad;

/// <summary>
/// Seven cases that a person can count: on Tuesday 2026-11-24 09:20 a joint one with one report owed (宮城), one asked and overdue (東京), an
/// e-mail of this morning (place unknown), one by telephone of the 10th (岩手), one that waits on hold (神奈川), one answered and one of October
/// that was referred elsewhere.
/// </summary>
public sealed class MonthScene : TestApp
{
    public ExpertId Ict { get; private set; }
    public ExpertId Labour { get; private set; }
    public ExpertId Both { get; private set; }
    public CaseId Asked { get; private set; }

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Ict = await this.ExpertNamedAsync("専門家 甲");
        Labour = await this.ExpertNamedAsync("専門家 乙", Affiliation.Mhlw);
        Both = await this.ExpertNamedAsync("専門家 丙", Affiliation.Both, "13");

        await MoveClockAsync(At(11, 18, 10));
        var old = await LogAsync("national", Channel.Phone, null, At(10, 30, 11));
        await Send(new RecordContact(old, ContactDirection.Out, Channel.Phone, ContactResult.Answered, Minutes: 5));
        await Send(new CloseCase(old, CaseOutcome.Referred));
        await LogAsync("tohoku", Channel.Phone, "岩手県", At(11, 10, 9, 30));
        var answered = await LogAsync("kanto", Channel.Phone, "東京都", null);
        await Send(new CloseCase(answered, CaseOutcome.Answered));

        Asked = await LogAsync("kanto", Channel.Phone, "東京都", null);
        await Send(new RouteCase(Asked, [Track.Mic], Topics: ["ICT-SEC"], Reason: "試験"));
        await Send(new OfferCase(Asked, Track.Mic, Both));
        await Send(new RecordContact(Asked, ContactDirection.Out, Channel.Phone, ContactResult.NoAnswer));
        await Send(new RecordContact(Asked, ContactDirection.Out, Channel.Phone, ContactResult.Answered, Minutes: 3));

        var joint = await this.HeldCaseAsync("株式会社合同", (Track.Mic, Ict), (Track.Mhlw, Labour));
        var visit = await Send(Visit(joint, At(11, 19, 10)));
        await MoveClockAsync(At(11, 19, 12));
        await Send(new CompleteVisit(visit.Id, VisitOutcome.TookPlace, 70, "電話で確認"));
        await Send(new FileReport(visit.Id, Track.Mic, "助言した", ReportNext.Done, Source: "電話で口述"));
        await Send(new RecordTally(Channel.Phone, TallyKind.OpeningHours));
        await Send(new RecordTally(Channel.Email, TallyKind.OpeningHours));
        await Send(new RecordTally(Channel.Phone, TallyKind.SalesCall));

        await MoveClockAsync(At(11, 24, 9, 10));
        await LogAsync("kanto", Channel.Email, null, At(11, 24, 9, 0));
        var held = await LogAsync("kanto", Channel.Phone, "神奈川県", null);
        await Send(new RouteCase(held, [Track.Mhlw], Topics: [], Reason: "試験"));
        await Send(new HoldCase(held, "回答待ち"));
        await MoveClockAsync(Start);
    }

    private async Task<CaseId> LogAsync(string desk, Channel channel, string? prefecture, DateTimeOffset? receivedAt) =>
        (await Send(new LogInquiry(channel, "相談したい", receivedAt, Desk: desk, Organisation: new(Prefecture: prefecture)))).Id;
}
