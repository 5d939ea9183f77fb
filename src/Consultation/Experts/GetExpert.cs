using Consultation.Messaging;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Experts;

/// <summary>One expert's card: the own one for an expert, every one for those who offer cases or keep the list.</summary>
[Requires(Permission.SignedIn)]
public sealed record GetExpert(ExpertId Expert) : IQuery<ExpertView>;

internal sealed class GetExpertHandler(Execution execution, ExpertAccess access) : IRequestHandler<GetExpert, ExpertView>
{
    public async Task<ExpertView> Handle(GetExpert request, CancellationToken cancellationToken)
    {
        var expert = await access.Visible().Where(e => e.Id == request.Expert)
            .Include(e => e.Topics).Include(e => e.Hours).Include(e => e.Days).Include(e => e.Absences.Where(a => a.EndsAt > execution.Now.ToUniversalTime())).AsSplitQuery()
            .FirstOrDefaultAsync(cancellationToken) ?? throw new NotFound();
        execution.Audit("expert.viewed", expert.Id);
        return ExpertView.Of(expert, execution.Now);
    }
}
