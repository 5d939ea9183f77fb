using System.Globalization;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Audit;

/// <summary>Reads the audit, newest first; the reading itself leaves a row (journey J43).</summary>
/// <param name="From">First day, Japan time.</param>
/// <param name="To">Last day, Japan time.</param>
/// <param name="Actor">A part of the name of whoever acted.</param>
/// <param name="Kind">The first word of the action, such as <c>case</c>.</param>
/// <param name="Reads">True for looking only, false for changing only.</param>
/// <param name="Subject">What it was done to, such as <c>Staff</c>.</param>
/// <param name="About">Only what was done to these rows …</param>
/// <param name="Listed">… and the lists that showed this case number.</param>
[Requires(Permission.ViewAudit)]
public sealed record SearchAudit(
    DateOnly? From = null, DateOnly? To = null, string? Actor = null, string? Kind = null, bool? Reads = null, string? Subject = null,
    IReadOnlyList<Ref>? About = null, string? Listed = null, long? After = null, int Limit = 50) : IQuery<Page<AuditRow>>;

public sealed record AuditRow(long Id, DateTimeOffset At, StaffId? Staff, string Actor, Role Role, string Action, string Subject, Ref SubjectId, string? Details);

internal sealed class SearchAuditValidator : AbstractValidator<SearchAudit>
{
    public SearchAuditValidator()
    {
        RuleFor(r => r.Actor).Storable();
        RuleFor(r => r.Kind).Must(k => k is null || k.All(c => char.IsAsciiLetterLower(c) || c == '_')).WithErrorCode("field.unknown_code");
        RuleFor(r => r.Subject).Must(s => s is null || s.All(char.IsAsciiLetter)).WithErrorCode("field.unknown_code");
        RuleFor(r => r.To).Must((r, to) => to is null || r.From is null || r.From <= to).WithErrorCode("audit.period_backward");
        RuleFor(r => r.Limit).InclusiveBetween(1, 200).WithErrorCode("page.malformed");
    }
}

internal sealed class SearchAuditHandler(ConsultationDb db, Execution execution) : IRequestHandler<SearchAudit, Page<AuditRow>>
{
    public async Task<Page<AuditRow>> Handle(SearchAudit request, CancellationToken cancellationToken)
    {
        var found = await Narrow(db.Set<AuditEntry>().AsNoTracking(), request)
            .OrderByDescending(e => e.Id).Take(request.Limit + 1)
            .Select(e => new AuditRow(e.Id, e.At, e.StaffId, e.Actor, e.Role, e.Action, e.Subject, e.SubjectId, e.Details)).ToListAsync(cancellationToken);
        var shown = found.Take(request.Limit).ToList();
        execution.Audit("audit.viewed", new AuditId(request.About is [var first, ..] ? first.Value : Guid.Empty), Asked(request));
        return new(shown, found.Count > request.Limit ? shown[^1].Id.ToString(CultureInfo.InvariantCulture) : null);
    }

    private static IQueryable<AuditEntry> Narrow(IQueryable<AuditEntry> entries, SearchAudit request)
    {
        if (request.From is { } from)
        {
            var start = JapanTime.At(from, TimeOnly.MinValue).ToUniversalTime();
            entries = entries.Where(e => e.At >= start);
        }

        if (request.To is { } to)
        {
            var end = JapanTime.At(to.AddDays(1), TimeOnly.MinValue).ToUniversalTime();
            entries = entries.Where(e => e.At < end);
        }

        entries = string.IsNullOrWhiteSpace(request.Actor) ? entries : entries.Where(e => e.Actor.Contains(request.Actor.Trim()));
        entries = request.Kind is null ? entries : entries.Where(e => e.Action.StartsWith(request.Kind + "."));
        entries = request.Subject is null ? entries : entries.Where(e => e.Subject == request.Subject);
        entries = request.Reads is not { } reads ? entries : entries.Where(e =>
            (e.Action.EndsWith("viewed") || e.Action.EndsWith("listed") || e.Action.EndsWith("searched") || e.Action.EndsWith("shown")
                || e.Action.EndsWith(".opened") || e.Action.EndsWith(".previewed")) == reads);
        if (request.About is { } about)
        {
            // A list is one row that carries the numbers it showed; its subject is nobody, or the expert whose days it showed.
            var number = $" {request.Listed} ";
            var list = Ref.From(Guid.Empty);
            entries = entries.Where(e => about.Contains(e.SubjectId) || (request.Listed != null && (e.SubjectId == list || e.Action == "visits.own_listed" || e.Action == "diary.viewed") && e.Details != null && (" " + e.Details + " ").Contains(number)));
        }

        return request.After is { } after ? entries.Where(e => e.Id < after) : entries;
    }

    /// <summary>What was asked, without the name that was looked for.</summary>
    private static string Asked(SearchAudit request) => string.Join("; ", new[]
    {
        request.From is { } from ? $"from {from:O}" : null, request.To is { } to ? $"to {to:O}" : null, string.IsNullOrWhiteSpace(request.Actor) ? null : "actor",
        request.Kind, request.Reads switch { true => "reads", false => "changes", _ => null }, request.Subject, request.Listed, request.After is null ? null : "next",
    }.OfType<string>());
}

/// <summary>Stands for the audit as a subject of its own rows; the value is the row that was asked about, if one was.</summary>
public readonly record struct AuditId(Guid Value) : IStrongId<AuditId>
{
    public static AuditId From(Guid value) => new(value);
    public static AuditId Parse(string s, IFormatProvider? provider) => StrongId.Parse<AuditId>(s);
    public static bool TryParse(string? s, IFormatProvider? provider, out AuditId result) => StrongId.TryParse(s, out result);
    public override string ToString() => Value.ToString();
}
