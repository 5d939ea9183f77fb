using Consultation.Messaging;
using Consultation.Staff;

namespace Consultation.Tests.Staff;

/// <summary>Who may act: entered, changed, retired, and always an administrator left (journey J46).</summary>
public sealed class PeopleTests(TestApp app) : IClassFixture<TestApp>
{
    [Fact]
    public async Task A_change_leaves_a_row_with_before_and_after_and_no_personal_data()
    {
        var clerk = await AddAsync("窓口 花子", Role.Desk, "tohoku", "hanako@desk.example");
        await app.Send(new ChangePerson(clerk, "窓口 華子", "hanako2@desk.example", Role.Supervisor, null, null, "別の受託者"));

        var details = (string)(await app.SqlAsync($"select details from audit_entry where action = 'person.changed' and subject_id = '{clerk}'"))!;
        Assert.Equal("role: desk → supervisor; desk: tohoku → -; name; email; organisation: 受託者 → 別の受託者", details);
        var actor = (await app.Send(new FindActor(clerk)))!;
        Assert.Equal((Role.Supervisor, null, true), (actor.Role, actor.District, actor.IsNationwide));
    }

    [Fact]
    public async Task Saving_what_is_there_already_changes_nothing_and_leaves_no_row()
    {
        var clerk = await AddAsync("窓口 変更なし", Role.Desk, "tohoku", null);
        await app.Send(new ChangePerson(clerk, "窓口 変更なし", null, Role.Desk, "tohoku", null, "受託者"));
        Assert.Equal(0L, await app.SqlAsync($"select count(*) from audit_entry where action = 'person.changed' and subject_id = '{clerk}'"));
        Assert.Equal(1, (await app.Send(new GetPerson(clerk))).Version);
    }

    [Fact]
    public async Task The_last_administrator_keeps_the_role_and_the_access_until_another_is_there()
    {
        await using var own = new TestApp();
        await own.InitializeAsync();
        var first = await own.Send(new AddPerson("管理 一", null, Role.Administrator, null, null, "受託者"));
        await own.Send(new CreateToken(Role.Administrator, null, null, "連携は数えない"));

        Assert.Equal("staff.last_administrator", (await Assert.ThrowsAsync<RuleViolation>(() => own.Send(new RetirePerson(first)))).Code);
        Assert.Equal("staff.last_administrator",
            (await Assert.ThrowsAsync<RuleViolation>(() => own.Send(new ChangePerson(first, "管理 一", null, Role.Auditor, null, null, "受託者")))).Code);
        await own.Send(new ChangePerson(first, "管理 壱", null, Role.Administrator, null, null, "受託者"));

        var second = await own.Send(new AddPerson("管理 二", null, Role.Administrator, null, null, "受託者"));
        // Each retires the other at the same moment: one of them stays.
        var acts = await Task.WhenAll(new[] { first, second }.Select(async who =>
        {
            try
            {
                await own.Send(new RetirePerson(who));
                return true;
            }
            catch (RuleViolation refused) when (refused.Code == "staff.last_administrator")
            {
                return false;
            }
        }));
        Assert.Single(acts, done => done);
        Assert.Equal(1L, await own.SqlAsync("select count(*) from staff where role = 'administrator' and active and not is_integration"));
    }

    [Fact]
    public async Task Retiring_ends_the_person_and_their_tokens_and_reinstating_brings_back_the_person_alone()
    {
        var clerk = await AddAsync("窓口 退職", Role.Desk, "tohoku", null);
        var token = await app.Send(new CreateToken(Role.Desk, "tohoku", null, "本人の鍵"));
        await app.SqlAsync($"update access_tokens set staff_id = '{clerk}' where id = '{token.Id}'; select 1");

        await app.Send(new RetirePerson(clerk));
        await app.Send(new RetirePerson(clerk));
        Assert.Null(await app.Send(new FindActor(clerk)));
        Assert.Null(await app.Send(new AuthenticateToken(token.Token)));

        await app.Send(new ReinstatePerson(clerk));
        Assert.NotNull(await app.Send(new FindActor(clerk)));
        Assert.Null(await app.Send(new AuthenticateToken(token.Token)));
        Assert.Equal(1L, await app.SqlAsync($"select count(*) from audit_entry where action = 'person.retired' and subject_id = '{clerk}'"));
        Assert.Equal(1L, await app.SqlAsync($"select count(*) from audit_entry where action = 'token.revoked' and subject_id = '{token.Id}'"));
    }

    [Theory]
    [InlineData(Role.Desk, null, "field.required")]
    [InlineData(Role.Auditor, "tohoku", "staff.desk_not_for_role")]
    [InlineData(Role.Desk, "nowhere", "field.unknown_code")]
    public async Task A_desk_belongs_to_the_roles_that_have_one(Role role, string? desk, string code)
    {
        var refused = await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new AddPerson("試験", null, role, desk, null, "受託者")));
        Assert.Equal(("deskSlug", code), (Assert.Single(refused.Errors).Field, refused.Errors[0].Code));
    }

    [Fact]
    public async Task An_address_belongs_to_one_person_and_a_stale_form_is_refused()
    {
        var one = await AddAsync("窓口 甲", Role.Desk, "tohoku", "same@desk.example");
        var other = await AddAsync("窓口 乙", Role.Desk, "tohoku", null);
        Assert.Equal("staff.email_taken",
            (await Assert.ThrowsAsync<RuleViolation>(() => app.Send(new ChangePerson(other, "窓口 乙", "SAME@desk.example", Role.Desk, "tohoku", null, "受託者")))).Code);

        await app.Send(new ChangePerson(one, "窓口 甲", null, Role.Desk, "kyushu", null, "受託者"), version: 1);
        Assert.Equal("version.stale",
            (await Assert.ThrowsAsync<Conflict>(() => app.Send(new ChangePerson(one, "窓口 甲", null, Role.Desk, "tohoku", null, "受託者"), version: 1))).Code);
    }

    [Fact]
    public async Task People_are_found_by_a_part_of_the_name_page_by_page_and_a_percent_sign_is_no_wildcard()
    {
        foreach (var number in Enumerable.Range(1, 5))
        {
            await AddAsync($"検索 {number}号", Role.Desk, "okinawa", null);
        }

        var left = await AddAsync("検索 6号", Role.Desk, "okinawa", null);
        await app.Send(new RetirePerson(left));

        var first = await app.Send(new SearchPeople("索", Role.Desk, "okinawa", Limit: 3));
        var second = await app.Send(new SearchPeople("索", Role.Desk, "okinawa", After: StaffId.Parse(first.Next!, null), Limit: 3));
        Assert.Equal(["検索 1号", "検索 2号", "検索 3号", "検索 4号", "検索 5号"], first.Items.Concat(second.Items).Select(person => person.Name));
        Assert.Null(second.Next);
        Assert.Equal("検索 6号", Assert.Single((await app.Send(new SearchPeople("検索", Active: false))).Items).Name);
        Assert.Empty((await app.Send(new SearchPeople("%"))).Items);
    }

    [Fact]
    public async Task A_token_is_listed_until_it_is_revoked()
    {
        var created = await app.Send(new CreateToken(Role.Ministry, null, null, "集計の連携"));
        Assert.Contains((await app.Send(new ListTokens(Limit: 200))).Items, token => token.Id == created.Id && token.IsIntegration);

        await app.Send(new RevokeToken(created.Id));
        await app.Send(new RevokeToken(created.Id));
        Assert.Null(await app.Send(new AuthenticateToken(created.Token)));
        Assert.DoesNotContain((await app.Send(new ListTokens(Limit: 200))).Items, token => token.Id == created.Id);
        Assert.Contains((await app.Send(new ListTokens(Open: false, Limit: 200))).Items, token => token.Id == created.Id);
        Assert.Equal(1L, await app.SqlAsync($"select count(*) from audit_entry where action = 'token.revoked' and subject_id = '{created.Id}'"));
    }

    [Fact]
    public async Task Only_the_administrator_keeps_people_tokens_and_desks()
    {
        foreach (var role in new[] { Role.Supervisor, Role.Centre, Role.Ministry, Role.Auditor })
        {
            var actor = await app.OfAsync(role);
            await Assert.ThrowsAsync<Forbidden>(() => app.Send(new SearchPeople(), actor));
            await Assert.ThrowsAsync<Forbidden>(() => app.Send(new ListTokens(), actor));
            await Assert.ThrowsAsync<Forbidden>(() => app.Send(new ListDesks(), actor));
            await Assert.ThrowsAsync<Forbidden>(() => app.Send(new RetirePerson(default), actor));
        }
    }

    private Task<StaffId> AddAsync(string name, Role role, string? desk, string? email) => app.Send(new AddPerson(name, email, role, desk, null, "受託者"));
}
