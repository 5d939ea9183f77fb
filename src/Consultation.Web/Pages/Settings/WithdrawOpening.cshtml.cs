using Consultation.CalendarChange;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Staff;
using MediatR;

namespace Consultation.Web.Pages.Settings;

/// <summary>Takes a coming opening back.</summary>
public sealed class WithdrawOpeningModel(Dispatcher dispatcher) : DayTakenBackPage(dispatcher)
{
    private OpeningId Opening => OpeningId.TryParse(Id, null, out var id) ? id : throw new NotFound();

    protected override IRequest<DayPreview> Look => new PreviewWithdrawal(Opening);

    protected override Task<bool> TakeBackAsync() =>
        TryAsync(new WithdrawOpening(Opening), _ => null, done => Say($"{JapaneseDate.Long(done.Day)}をふだんどおりに戻しました。{done.Moved}件の日付を数え直しました。"));
}
