using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Experts;

/// <summary>The active experts by name, to tie a person who signs in to one of them; nothing of what they do.</summary>
[Requires(Permission.Administer)]
public sealed record ListExpertNames : IQuery<IReadOnlyList<ExpertName>>;

public sealed record ExpertName(ExpertId Id, string Name);

internal sealed class ListExpertNamesHandler(ConsultationDb db) : IRequestHandler<ListExpertNames, IReadOnlyList<ExpertName>>
{
    public async Task<IReadOnlyList<ExpertName>> Handle(ListExpertNames request, CancellationToken cancellationToken) =>
        await db.Set<Expert>().AsNoTracking().Where(e => e.Active).OrderBy(e => e.Name).ThenBy(e => e.Id).Select(e => new ExpertName(e.Id, e.Name)).ToListAsync(cancellationToken);
}
