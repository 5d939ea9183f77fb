using Consultation.Cases;
using Consultation.Messaging;

namespace Consultation.Demo;

/// <summary>What desks of the demo do for each other: a case given away, and a second call about a case held elsewhere.</summary>
internal sealed class DemoDesks(Dispatcher dispatcher, DemoPeople people)
{
    public async Task HandOverAsync(CancellationToken cancellationToken)
    {
        if (await FirstAsync("shinetsu", cancellationToken) is { } given)
        {
            await dispatcher.Send(new HandOverCase(given, "kanto", "訪問先が東京の事業所になったため。社長には電話で伝えてあります。"), people.Clerks["shinetsu"], cancellationToken);
        }
    }

    public async Task SecondCallAsync(CancellationToken cancellationToken)
    {
        foreach (var holder in new[] { "tohoku", "kinki" })
        {
            if (await FirstAsync(holder, cancellationToken) is { } asked)
            {
                await dispatcher.Send(
                    new RecordContact(asked, ContactDirection.In, Channel.Phone, ContactResult.Message, Minutes: 3, Text: "出張先から電話がありました。水曜の午後に連絡がほしいそうです。"),
                    people.Clerks["kyushu"], cancellationToken);
            }
        }
    }

    private async Task<CaseId?> FirstAsync(string desk, CancellationToken cancellationToken)
    {
        var open = await dispatcher.Send(new ListQueue(Limit: 3), people.Clerks[desk], cancellationToken);
        return open.Items.Count == 0 ? null : open.Items[^1].Id;
    }
}
