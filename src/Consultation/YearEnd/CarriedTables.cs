namespace Consultation.YearEnd;

/// <summary>
/// What a successor needs, table by table in an order in which it can be read, and which rows of each: by the cases, organisations and experts that go along.
/// Not carried: people and their accounts, tokens, settings, match decisions (they judge every expert), the audit, tallies.
/// </summary>
/// <param name="Name">Also the name in the file.</param>
/// <param name="Rows">Which rows; <c>@cases</c>, <c>@organisations</c> and <c>@experts</c> stand for the ids that go along.</param>
/// <param name="Row">What of a row is told: an expression over <c>t</c>.</param>
/// <param name="Counted">Whether it stands in the counts at the head of the file, and what people call it.</param>
internal sealed record CarriedTable(string Name, string Rows, string Row = "to_jsonb(t)", string? Counted = null)
{
    private const string OfCases = "t.case_id = any(@cases)";
    private const string WithoutStaff = "to_jsonb(t) || '{\"staff_id\": null}'";

    /// <summary>A text of a letter without the secrets of the links in it: keys of this house.</summary>
    private static string WithoutSecrets(string text) => "regexp_replace(" + text + ", '/(visit|survey)/[A-Za-z0-9_-]{32}', '/\\1/（削除）', 'g')";

    private static string UnsentFollowUp(string mail) =>
        $"{mail}.template in ('follow-up-due', 'follow-up-again') and {mail}.state in ('waiting', 'deferred') and not {mail}.possibly_twice";

    /// <summary>What stays behind, said for each table, so that whoever adds one decides.</summary>
    public static readonly IReadOnlyDictionary<string, string> LeftBehind = new Dictionary<string, string>
    {
        ["installation"] = "is the house itself", ["idempotency"] = "answers to clients of this house", ["audit_entry"] = "tells of this house; the other begins its own", ["audit_seal"] = "as the audit",
        ["desks"] = "are there already, matched by slug", ["staff"] = "people of this contractor", ["access_tokens"] = "keys of this house", ["closures"] = "a setting", ["openings"] = "a setting", ["year_ends"] = "a setting", ["holiday_tables"] = "a setting", ["expert_days"] = "of experts whose contracts end",
        ["expert_absences"] = "of experts whose contracts end", ["expert_calendars"] = "of experts whose contracts end", ["expert_elsewhere"] = "of experts whose contracts end",
        ["freed_times"] = "times of experts whose contracts end", ["disaster_plans"] = "as the decisions", ["calendar_feeds"] = "keys of this house", ["visit_links"] = "keys of this house", ["report_drafts"] = "work of this contractor's people", ["programme_years"] = "a setting", ["tallies"] = "figures of this contract", ["rule_bases"] = "a setting", ["rule_drafts"] = "work of this contractor's people",
        ["match_decisions"] = "judge every expert, also those who have nothing to do with the case", ["assignment_plans"] = "as the decisions", ["assignment_plan_offers"] = "as the decisions",
        ["handover_plans"] = "as the decisions", ["work_runs"] = "work of this house", ["work_failures"] = "work of this house", ["mail_server"] = "a setting, and how this house sends", ["mail_domains"] = "how this house sends", ["case_load_sums"] = "counted anew there", ["case_load_marks"] = "counted anew there", ["hand_over_loads"] = "tells of this house",
        ["demo_mailbox"] = "only a demo has one", ["mail_template_versions"] = "a setting", ["mail_template_drafts"] = "work of this contractor's people", ["mail_digest_choices"] = "of experts whose contracts end",
    };

    // Who works for the successor is not known here: people are named by the text beside them, ids of theirs are left out.
    public static readonly IReadOnlyList<CarriedTable> All =
    [
        new("organisations", "t.id = any(@organisations)", Counted: "企業・団体"),
        new("experts", "t.id = any(@experts)", Counted: "専門家"),
        new("expert_topics", "t.expert_id = any(@experts)"),
        new("expert_hours", "t.expert_id = any(@experts)"),
        new("cases", "t.id = any(@cases)", "to_jsonb(t) || '{\"holder\": null}'", "案件"),
        new("case_tracks", OfCases),
        new("deadlines", OfCases),
        new("contacts", OfCases, WithoutStaff, "対応記録"),
        new("call_backs", OfCases, $"to_jsonb(t) || jsonb_build_object('reason', {WithoutSecrets("t.reason")})", "電話"),
        new("consents", OfCases, WithoutStaff),
        new("desk_news", OfCases),
        new("referrals", OfCases, WithoutStaff),
        new("case_notes", OfCases, WithoutStaff, "内部メモ"),
        new("case_history", OfCases),
        new("case_search", OfCases),
        new("offers", OfCases),
        new("applicant_wishes", OfCases),
        new("visits", OfCases, Counted: "相談"),
        new("visit_experts", "t.visit_id in (select id from visits where case_id = any(@cases))"),
        new("slot_wishes", OfCases),
        new("session_reports", OfCases, Counted: "報告"),
        new("expert_diary", "t.visit in (select id from visits where case_id = any(@cases))"),
        new("quota_accounts", "t.organisation_id = any(@organisations)"),
        new("quota_ledger", "t.account_id in (select id from quota_accounts where organisation_id = any(@organisations))"),
        // A letter that never left is not carried, and counts as not written.
        new("follow_ups", OfCases,
            $"""
            to_jsonb(t) || jsonb_build_object('asked', t.asked - (select count(*) from outgoing_mail m where m.reference = t.case_id and {UnsentFollowUp("m")}
              and split_part(m.event_key, '/', 2) = t.id::text and left(split_part(m.event_key, '/', 3), 8) = to_char(t.due_on, 'YYYYMMDD')))
            """, "フォローアップ"),
        // The answers only: a link of this installation opens nothing in another.
        new("surveys", OfCases + " and t.state = 'answered'", "to_jsonb(t) || '{\"secret_hash\": null}'"),
        // The archive of what was sent. What has not left is not to leave from anywhere; a follow-up's letter is written anew by the successor.
        new("outgoing_mail", $"t.reference = any(@cases) and not ({UnsentFollowUp("t")})",
            $"to_jsonb(t) || jsonb_build_object('body', {WithoutSecrets("t.body")})" +
            """
             || '{"lease_until": null, "template_version": null, "digest": null}' || case
              when t.state in ('waiting', 'attempting', 'deferred') then '{"state": "discarded", "discard_reason": "引継ぎのため送信しない"}'::jsonb
              when t.state = 'gathered' then coalesce((
                select case when d.state = 'sent' then '{"state": "discarded", "discard_reason": "まとめの控え"}'::jsonb
                  when d.state in ('bounced', 'dead') then jsonb_build_object('state', d.state, 'address_is_wrong', d.address_is_wrong, 'untold_since', coalesce(d.untold_since, app_now())) end
                from outgoing_mail d where d.id = t.digest), '{"state": "discarded", "discard_reason": "引継ぎのため送信しない"}'::jsonb)
              else '{}'::jsonb end
            """, "メールの控え"),
    ];
}
