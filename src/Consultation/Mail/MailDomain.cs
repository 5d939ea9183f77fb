using Consultation.Messaging;
using Consultation.Reference;
using FluentValidation;

namespace Consultation.Mail;

/// <summary>What follows the @ of an address, as mail servers compare it: in small letters.</summary>
internal static class MailDomain
{
    public static string Of(string typed) => typed.Trim().TrimStart('@').ToLowerInvariant();

    public static IRuleBuilderOptions<T, string?> MailDomainName<T>(this IRuleBuilder<T, string?> rule) =>
        rule.RequiredText(InputRules.FieldLength).Must(typed => typed is null || EmailAddress.IsWellFormed($"a@{Of(typed)}")).WithErrorCode("mail.bad_domain");
}
