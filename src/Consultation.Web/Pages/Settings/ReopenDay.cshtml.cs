using Consultation.CalendarChange;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Staff;
using MediatR;

namespace Consultation.Web.Pages.Settings;

/// <summary>Takes a coming closure back.</summary>
public sealed class ReopenDayModel(Dispatcher dispatcher) : DayTakenBackPage(dispatcher)
{
    private ClosureId Closure => ClosureId.TryParse(Id, null, out var id) ? id : throw new NotFound();

    protected override IRequest<DayPreview> Look => new PreviewReopening(Closure);

    protected override Task<bool> TakeBackAsync() =>
        TryAsync(new ReopenDay(Closure), _ => null, done => Say($"{JapaneseDate.Long(done.Day)}を受付日に戻しました。{done.Moved}件の日付を数え直しました。"));
}
