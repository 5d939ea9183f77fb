using Consultation.Web.Pages.Shared;

namespace Consultation.Web.Pages.Audit;

/// <summary>The codes of the audit in words; a code without one is shown as it is, so that nothing is hidden.</summary>
public static class AuditWords
{
    private static readonly Dictionary<string, string> Actions = new()
    {
        ["case.logged"] = "受け付けた", ["case.viewed"] = "案件を見た", ["case.sheet_viewed"] = "相談票を見た", ["cases.viewed"] = "案件一覧を見た", ["cases.searched"] = "案件を検索した", ["queue.viewed"] = "ワンストップ案件一覧を見た",
        ["case.similar_shown"] = "似た案件として見た", ["case.edited"] = "内容を直した", ["case.routed"] = "振り分けた", ["case.joined"] = "もう一方の省を加えた",
        ["case.closed"] = "完了にした", ["case.reopened"] = "再開した", ["case.held"] = "保留にした", ["case.resumed"] = "保留を解いた", ["case.handed_over"] = "ほかの窓口へ引き継いだ",
        ["case.candidates_listed"] = "専門家の候補を見た", ["case.candidates_ranked"] = "相談者の希望を記録した", ["case.decisions_viewed"] = "専門家を選んだ理由を見た", ["case.slots_viewed"] = "空き時間を見た", ["track.taken_back"] = "割当てを取り戻した",
        ["contact.recorded"] = "対応記録を付けた", ["call_back.made"] = "電話・作業を済みにした", ["call_back.tried"] = "電話したが不在だった", ["call_back.listed"] = "折り返しの一覧を見た", ["note.added"] = "内部メモを付けた",
        ["offer.made"] = "打診した", ["offer.accepted"] = "受諾した", ["offer.declined"] = "辞退した", ["offer.expired"] = "打診が期限切れになった", ["offer.withdrawn"] = "打診を取り下げた", ["offer.listed"] = "打診の一覧を見た",
        ["assignment.previewed"] = "割当て案を作った", ["assignment.applied"] = "割当て案で打診した", ["assignment.undone"] = "割当て案の打診を取り消した", ["assignment.viewed"] = "割当て案を見た", ["assignment.waiting_viewed"] = "割当て待ちの一覧を見た",
        ["visit.booked"] = "相談を予約した", ["slot_wish.made"] = "空き待ちに登録した", ["slot_wish.offered"] = "出た空きを仮押さえした", ["slot_wish.passed"] = "空きを見送った", ["slot_wish.met"] = "空き待ちの予約が決まった", ["slot_wish.ended"] = "空き待ちを終えた", ["slot_wish.listed"] = "空き待ちの一覧を見た",
        ["visit.not_counted"] = "回数に数えない相談を予約した", ["visit.beyond_quota"] = "上限を超えて予約した", ["visit.confirmed"] = "予約を確定した", ["visit.moved"] = "日時を変えた", ["visit.cancelled"] = "予約を取り消した",
        ["visit.completed"] = "実施を記録した", ["visit.hold_expired"] = "仮押さえが期限切れになった", ["visits.own_listed"] = "自分の予定を見た",
        ["report.filed"] = "報告を出した", ["report.draft_kept"] = "報告の下書きを保存した", ["report.approved"] = "報告を承認した", ["report.returned"] = "報告を差し戻した", ["report.confirmed"] = "報告を確かめた", ["report.not_filed"] = "報告なしで閉じた",
        ["follow_up.planned"] = "フォローアップを予定した", ["follow_up.raised"] = "フォローアップを始めた", ["follow_up.completed"] = "フォローアップを記録した", ["follow_up.postponed"] = "フォローアップを延ばした",
        ["follow_up.cancelled"] = "フォローアップを取り消した", ["follow_up.handed_over"] = "フォローアップを引き継いだ",
        ["expert.created"] = "専門家を登録した", ["expert.availability_set"] = "稼働時間を変えた", ["expert.absence_added"] = "不在を登録した", ["experts.listed"] = "専門家の一覧を見た",
        ["person.added"] = "利用者を登録した", ["person.changed"] = "利用者を変更した", ["person.retired"] = "利用を停止した", ["person.reinstated"] = "利用を再開した", ["person.viewed"] = "利用者を見た",
        ["people.listed"] = "利用者の一覧を見た", ["person.secret_issued"] = "一時パスワードを発行した",
        ["token.created"] = "トークンを発行した", ["token.revoked"] = "トークンを失効した", ["tokens.listed"] = "トークンの一覧を見た", ["desk.changed"] = "窓口の設定を変えた", ["desk.mail_hours_set"] = "窓口のメールを送る時間を決めた",
        ["signin.succeeded"] = "サインインした", ["signin.refused"] = "サインインに失敗した", ["signin.locked_out"] = "サインインが止められた", ["signin.password_chosen"] = "パスワードを決めた",
        ["mail_template.draft_changed"] = "文面の下書きを変えた", ["mail_template.draft_discarded"] = "文面の下書きを捨てた", ["mail_template.published"] = "文面の版を公開した", ["mail_template.restored"] = "文面を前の版に戻した",
        ["case.lost_letter_listed"] = "届かなかったお知らせを一覧で見た", ["case.letters_rehearsed"] = "送る前にお知らせを確かめた", ["case.letter_previewed"] = "メールの文面を案件で下見した", ["case.mail_viewed"] = "案件のメールの記録を見た", ["expert.mail_viewed"] = "専門家へのメールの記録を見た", ["expert.mail_digest_chosen"] = "メールの受け取り方を選んだ", ["expert.mail_digest_sent"] = "お知らせをまとめて送った",
        ["mail.retried"] = "メールを再送にした", ["mail.discarded"] = "メールを取りやめた", ["mail.left_digest"] = "取りやめたまとめからメールを戻した", ["mail.released"] = "メールの送信を再開した", ["mail.paused"] = "メールの送信を止めた",
        ["mail.domain_paused"] = "一つのドメインへの送信を止めた", ["mail.domain_resumed"] = "一つのドメインへの送信を再開した", ["mail.pace_set"] = "メールの速さの上限を変えた", ["work.run_now"] = "自動処理をすぐ実行した",
        ["answer.previewed"] = "標準の回答を下見した", ["answer.sent"] = "標準の回答を送った", ["case.referred"] = "ほかの窓口を案内した", ["case.deadlines_moved"] = "休業日の変更で期限を動かした",
        ["calendar.closed"] = "臨時休業を加えた", ["calendar.reopened"] = "臨時休業を取りやめた", ["calendar.opened"] = "臨時開所・時間変更を加えた", ["calendar.opening_withdrawn"] = "臨時開所・時間変更を取りやめた",
        ["calendar.holidays_published"] = "祝日の表を更新した", ["calendar.year_end_changed"] = "年末年始を変えた", ["cases.overdue_viewed"] = "期限超過の一覧を見た", ["cases.escalations_viewed"] = "自分への督促を見た", ["deadline.escalated"] = "過ぎた期限を知らせた",
        ["consent.recorded"] = "同意を記録した", ["consent.withdrawn"] = "同意の取消しを記録した", ["diary.viewed"] = "専門家の予定を見た", ["diary.district_viewed"] = "地域の専門家の予定を見た", ["diary.cases_to_book"] = "空きに予約できる案件を見た", ["news.listed"] = "ほかの窓口からの知らせを見た", ["news.seen"] = "知らせを確認した",
        ["expert.calendar_taken"] = "外部の予定を読み込んだ", ["expert.calendar_subscribed"] = "外部の予定表を購読した", ["expert.calendar_dropped"] = "外部の予定表をやめた", ["visit.way_cut_off"] = "前後の相談への移動が間に合わなくなった", ["visit.expert_elsewhere"] = "相談の日に専門家の外部の予定が入った",
        ["expert.viewed"] = "専門家を見た", ["expert.edited"] = "専門家の登録を変えた", ["expert.absence_removed"] = "不在を取り消した", ["expert.offers_stopped"] = "新しい打診を止めた", ["expert.offers_let_go"] = "打診の停止を解いた",
        ["survey.sent"] = "満足度アンケートを送った", ["survey.left_out"] = "満足度アンケートを送らなかった", ["survey.answered"] = "満足度アンケートに答えた", ["clock.moved"] = "デモの時計を進めた",
        ["hand_over.exported"] = "引継ぎのファイルを書き出した", ["hand_over.loaded"] = "引継ぎのファイルを読み込んだ", ["hand_over.loaded_again"] = "引継ぎのファイルを再び読み込んだ", ["hand_over.taken"] = "前の受託者から引き継いだ", ["hand_over.listed"] = "引継ぎ一覧を見た",
        ["follow_up.asked_again"] = "フォローアップを再びたずねた", ["follow_up.call_owed"] = "フォローアップの電話を窓口に頼んだ", ["follow_up.asking_stopped"] = "フォローアップのくり返しを止めた",
        ["follow_up.assigned"] = "フォローアップを頼んだ", ["follow_up.moved"] = "フォローアップの期日を動かした", ["follow_up.revived"] = "フォローアップを再び予定した", ["follow_ups.listed"] = "フォローアップの一覧を見た",
        ["programme.year_changed"] = "事業年度の設定を変えた", ["programme.year_opened"] = "事業年度を作った", ["track.handed_back"] = "担当を返した",
        ["report.opened"] = "報告を開いた", ["reports.viewed"] = "報告を読んだ", ["reports.late_viewed"] = "未提出の報告の一覧を見た", ["reports.to_review_viewed"] = "承認待ちの報告の一覧を見た",
        ["rules.compared"] = "振り分け基準を案件で比べた", ["rules.draft_changed"] = "振り分け基準の下書きを変えた", ["rules.draft_discarded"] = "振り分け基準の下書きを捨てた", ["rules.published"] = "振り分け基準の版を保存した",
        ["visit.expert_absent"] = "相談の日に専門家の不在が入った", ["visit.late"] = "遅れることを記録した", ["visit.put_off"] = "相談を延期した", ["visit.short_notice"] = "当日の変更を記録した",
        ["handover.proposed"] = "不在の引継ぎの案を作った", ["handover.viewed"] = "不在の引継ぎを見た", ["handover.approved"] = "不在の引継ぎを承認した", ["handover.undone"] = "不在の引継ぎを元へ戻した",
        ["track.passed_on"] = "担当を引き継いだ", ["visit.expert_changed"] = "相談に行く専門家を替えた",
        ["visit.link_opened"] = "メールのリンクを開いた", ["visit.client_confirmed"] = "相談者が日時を確認した", ["visit.moved_by_link"] = "相談者がリンクから日時を変えた", ["visit.cancelled_by_link"] = "相談者がリンクから取り消した",
        ["visit.wish_by_link"] = "相談者が日時の希望を送った", ["expert.feed_issued"] = "カレンダー用のアドレスを作った", ["expert.feed_revoked"] = "カレンダー用のアドレスを取りやめた",
        ["disaster.opened"] = "災害時の切替えを始めた", ["disaster.switched"] = "災害のため訪問を切り替えた", ["disaster.skipped"] = "災害時の切替えの対象が残っていなかった", ["disaster.refused"] = "災害時の切替えができなかった", ["disaster.undone"] = "災害時の切替えを元へ戻した",
        ["disaster.given_back"] = "災害で切り替えた訪問を戻した", ["disaster.viewed"] = "災害時の切替えを見た", ["visit.reopened"] = "中止した相談を戻した",
        ["audit.viewed"] = "操作記録を見た", ["audit.verified"] = "改ざんを検証した",
    };

    public static readonly IReadOnlyList<Choice> Kinds =
    [
        new("", "すべて"), new("case", "案件"), new("cases", "案件一覧・検索"), new("queue", "ワンストップ案件一覧"), new("contact", "対応記録"), new("offer", "打診"), new("assignment", "割当て案"), new("handover", "不在の引継ぎ"), new("hand_over", "年度末の引継ぎ"), new("survey", "アンケート"), new("clock", "デモの時計"), new("disaster", "災害時の切替え"), new("visit", "相談の予約と実施"), new("slot_wish", "空き待ち"), new("report", "報告"),
        new("follow_up", "フォローアップ"), new("expert", "専門家"), new("person", "利用者"), new("token", "トークン"), new("desk", "窓口"), new("signin", "サインイン"),
        new("follow_up", "フォローアップ"), new("expert", "専門家"), new("diary", "専門家の予定"), new("person", "利用者"), new("token", "トークン"), new("desk", "窓口"), new("signin", "サインイン"),
        new("mail", "メール"), new("mail_template", "文面"), new("work", "自動処理"), new("audit", "操作記録"),
    ];

    public static readonly IReadOnlyList<Choice> Subjects =
    [
        new("", "すべて"), new("Case", "案件"), new("Visit", "相談"), new("SlotWish", "空き待ち"), new("Offer", "打診"), new("BoardPlan", "割当て案"), new("HandoverPlan", "不在の引継ぎ"), new("DisasterPlan", "災害時の切替え"), new("FollowUp", "フォローアップ"), new("Expert", "専門家"), new("Staff", "利用者"),
        new("AccessToken", "トークン"), new("Desk", "窓口"), new("Mail", "メール"), new("TemplateVersion", "文面の版"), new("Audit", "操作記録"),
    ];

    public static string OfAction(string action) => Actions.GetValueOrDefault(action, action);

    public static string OfSubject(string subject) => Subjects.FirstOrDefault(one => one.Value == subject)?.Text ?? subject;
}
