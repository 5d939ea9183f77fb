using Consultation.CaseFile;
using Consultation.Messaging;
using Consultation.Tests.Routing;
using Consultation.Topics;

namespace Consultation.Tests.CaseFile;

public sealed class HandedOverMeanwhileTests(TestApp app) : IClassFixture<TestApp>
{
    [Fact]
    public async Task A_case_that_goes_to_another_desk_while_it_is_read_is_shown_reduced_and_leaves_its_trace()
    {
        var (desk, other) = (await app.DeskAsync("kanto"), await app.DeskAsync("kinki"));
        var id = await app.WaitingAsync(desk, Track.Mic);
        await using var blocker = await Blocker.OpenAsync(app, "lock table follow_ups in access exclusive mode");
        var reading = app.Send(new GetCase(id), desk);
        await blocker.WaitedForAsync();
        await app.SqlAsync($"update cases set district = 'kinki', desk_id = (select id from desks where slug = 'kinki') where id = '{id}'");
        await blocker.LetGoOnceWaitedForAsync();

        Assert.Null((await reading).Full);
        Assert.Equal("reduced", await app.SqlAsync($"select string_agg(details, ';') from audit_entry where action = 'case.viewed' and subject_id = '{id}'"));
        Assert.NotNull((await app.Send(new GetCase(id), other)).Full);
    }
}
