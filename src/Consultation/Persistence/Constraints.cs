using Consultation.Messaging;
using Npgsql;

namespace Consultation.Persistence;

/// <summary>Rules that span rows are constraints of the database (design §5); here their names meet the codes of the refusals.</summary>
public static class Constraints
{
    private static readonly Dictionary<string, string> Codes = new()
    {
        ["expert_diary_no_overlap"] = "visit.taken",
        ["quota_within_limit"] = "quota.exhausted",
        ["offers_one_open"] = "offer.already_open",
        ["follow_ups_one_per_kind"] = "follow_up.exists",
        ["staff_expert"] = "staff.no_such_expert",
        ["experts_email"] = "expert.email_taken",
        ["staff_email"] = "staff.email_taken",
        ["accounts_normalized_user_name_key"] = "account.user_name_taken",
        ["cases_import_key"] = "import.known",
        ["closures_day"] = "closure.exists",
        ["openings_day"] = "opening.exists",
        ["holiday_tables_pkey"] = "holidays.newer",
    };

    /// <summary>The rule a database error stands for; null where it stands for none and must surface as it is.</summary>
    public static RuleViolation? RuleOf(Exception exception)
    {
        return ErrorIn(exception)?.ConstraintName is { } name && Codes.TryGetValue(name, out var code) ? new RuleViolation(code) : null;
    }

    /// <summary>The database's own error, however deep: EF wraps what it holds for transient twice.</summary>
    public static PostgresException? ErrorIn(Exception? exception)
    {
        while (exception is not (null or PostgresException))
        {
            exception = exception.InnerException;
        }

        return (PostgresException?)exception;
    }
}
