namespace Consultation.Check;

/// <summary>I7: nothing without its audit row (the chain itself is <see cref="Audit.AuditChain"/>'s), I8: everything in its own district.</summary>
internal static partial class Invariants
{
    private static Invariant[] Records =>
    [
        new("audit.missing", "I7", "操作記録のない案件があります", Unrecorded("select id, number as name from cases", "case.logged")),
        new("audit.missing_offer", "I7", "操作記録のない打診があります", Unrecorded("select id, id::text as name from offers", "offer.made")),
        new("audit.missing_visit", "I7", "操作記録のない予約があります", Unrecorded("select id, id::text as name from visits", "visit.booked")),
        new("audit.missing_outcome", "I7", "操作記録のない実施・先方不在があります", Unrecorded("select id, id::text as name from visits where state in ('took_place', 'no_show')", "visit.completed")),
        new("audit.missing_report", "I7", "操作記録のない報告があります",
            """
            select r.id::text from session_reports r where not exists (
              select 1 from audit_entry e where e.subject_id = r.visit_id and e.action in ('report.filed', 'report.not_filed', 'hand_over.taken') and lower(e.details) = r.track)
            """),
        new("audit.missing_close", "I7", "操作記録のない完了があります", Unrecorded("select id, number as name from cases where closed_at is not null", "case.closed")),
        new("audit.missing_follow_up", "I7", "操作記録のないフォローアップがあります", Unrecorded("select id, id::text as name from follow_ups", "follow_up.planned")),

        new("case.district", "I8", "案件の地区が窓口の地区と違います", "select c.number from cases c join desks d on d.id = c.desk_id where c.district <> d.district"),
        new("follow_up.desk", "I8", "フォローアップが案件と別の窓口にあります",
            "select f.id::text from follow_ups f join cases c on c.id = f.case_id where f.desk_id <> c.desk_id and f.state in ('planned', 'suspended', 'due', 'hand_over')"),
        new("staff.role", "I8", "窓口や専門家が決まっていない利用者がいます",
            "select id::text from staff where active and ((role = 'desk' and desk_id is null) or (role = 'expert' and expert_id is null))"),
    ];

    // What came from another installation was recorded there; here stands that it was taken over.
    private static string Unrecorded(string rows, string action) =>
        $"select x.name from ({rows}) x where not exists (select 1 from audit_entry e where e.subject_id = x.id and e.action in ('{action}', 'hand_over.taken'))";
}
