using Consultation.CalendarChange;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Web.Pages.Shared;
using MediatR;

namespace Consultation.Web.Pages.Settings;

/// <summary>Closes a day.</summary>
public sealed class CloseDayModel(Dispatcher dispatcher, DeskClock clock) : DayChangePage(dispatcher, clock)
{
    protected override string Asked => $"{On.Read():yyyyMMdd} {Desk}";

    protected override IRequest<DayPreview> Look => new PreviewClosing(On.Read(), DeskOrAll, Reason);

    protected override Task<bool> ChangeAsync() =>
        TryAsync(new CloseDay(On.Read(), DeskOrAll, Reason), FieldOf, done => Say($"{JapaneseDate.Long(done.Day)}を休業日にしました。{done.Moved}件の日付を数え直しました。"));
}
