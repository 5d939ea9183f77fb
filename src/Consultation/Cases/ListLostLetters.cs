using Consultation.Mail;
using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;

namespace Consultation.Cases;

/// <summary>
/// Letters about the desk's cases that will never arrive and of which no call has been made: for a moment, or for as long as that cannot be done
/// (<see cref="TellLostMails"/>). Oldest first.
/// </summary>
[Requires(Permission.ViewCases)]
public sealed record ListLostLetters : IQuery<IReadOnlyList<LostLetter>>;

public sealed record LostLetter(CaseId Case, string Number, string? Organisation, string Subject, DateTimeOffset WrittenAt);

internal sealed class ListLostLettersHandler(ConsultationDb db, Execution execution) : IRequestHandler<ListLostLetters, IReadOnlyList<LostLetter>>
{
    private const int Most = 50;

    public async Task<IReadOnlyList<LostLetter>> Handle(ListLostLetters request, CancellationToken cancellationToken)
    {
        var (desk, isExpert) = (execution.Actor.Desk?.Value, execution.Actor.Role == Role.Expert);
        var trip = new RoundTrip(db);
        // A subject may name the client.
        var lost = trip.Rows(
            $"""
            select cases.id, number, organisation_name, m.subject, m.created_at from outgoing_mail m join cases on cases.id = m.reference
            where m.untold_since is not null and ({desk}::uuid is null or cases.desk_id = {desk}::uuid) and {CaseAccess.Reach.Of(execution.Actor).Covers} and (not {isExpert} or consented_at is not null)
            order by m.created_at, m.id limit {Most}
            """, row => new LostLetter(row.Id<CaseId>(), row.Text(), row.MaybeText(), row.Text(), row.Time()));
        await trip.GoAsync(cancellationToken);
        foreach (var letter in lost)
        {
            execution.Audit("case.lost_letter_listed", letter.Case);
        }

        return lost;
    }
}
