using Consultation.Mail;
using Consultation.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Consultation.FollowUps;

/// <summary>The link of a survey opens it only while the client still has the address that it was mailed to, as that of a visit does.</summary>
internal static class SurveyLink
{
    /// <summary>False once the client's address was corrected: the letter may lie in a stranger's mailbox.</summary>
    internal static async Task<bool> IsForAsync(ConsultationDb db, Survey survey, string? email, CancellationToken cancellationToken)
    {
        var happened = $"visit-survey/{survey.Id}";
        var recipient = await db.Set<OutgoingMail>().Where(m => m.EventKey == happened).Select(m => m.Recipient).FirstOrDefaultAsync(cancellationToken);
        return recipient is not null && email is not null && string.Equals(recipient.Trim(), email.Trim(), StringComparison.OrdinalIgnoreCase);
    }
}
