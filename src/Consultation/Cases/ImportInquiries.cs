using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Staff;
using Consultation.Topics;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Cases;

/// <summary>
/// Takes over a file of inquiries (UTF-8 or Shift_JIS), each row as one <see cref="LogInquiry"/> in its own transaction: a bad row is named
/// with its line and the good ones go in. A row is recognised by the hash of its normalised fields, so repeating a file adds nothing. No
/// mail is sent. Columns <c>expected_*</c> are optional and only compared.
/// </summary>
[Requires(Permission.LogInquiry)]
[OutsideTransaction]
public sealed record ImportInquiries(byte[] File, bool DryRun = false) : ICommand<ImportResult>;

/// <param name="Matched">Rows whose suggestion is among the expected ones; null where the file expects nothing.</param>
public sealed record ImportResult(int Read, int Imported, int Skipped, IReadOnlyList<RejectedRow> Rejected, IReadOnlyList<ImportedRow> Cases, int? Matched);

public sealed record RejectedRow(int Line, string Code, string Message);

/// <param name="Number">Null in a dry run and for a row that was known already and is only compared.</param>
public sealed record ImportedRow(int Line, string? Number, CaseId? Id, Suggestion Suggestion, bool? Matches);

internal sealed class ImportInquiriesHandler(ConsultationDb db, IMediator mediator, RuleBook rules, DeskBook desks, IValidator<LogInquiry> validator)
    : IRequestHandler<ImportInquiries, ImportResult>
{
    public async Task<ImportResult> Handle(ImportInquiries request, CancellationToken cancellationToken)
    {
        var rows = InquiryFile.Read(request.File);
        var keys = rows.Select(r => r.Key).ToList();
        var known = (await db.Set<Case>().Where(c => c.ImportKey != null && keys.Contains(c.ImportKey)).Select(c => c.ImportKey!).ToListAsync(cancellationToken)).ToHashSet();
        var suggester = await rules.SuggesterAsync(cancellationToken);
        var deskBook = await desks.ReadAsync(cancellationToken);
        var (skipped, rejected, cases) = (0, new List<RejectedRow>(), new List<ImportedRow>());
        foreach (var row in rows)
        {
            try
            {
                var inquiry = row.ToInquiry();
                if (validator.Validate(inquiry).Errors.FirstOrDefault() is { } fault)
                {
                    rejected.Add(new(row.Line, fault.ErrorCode, $"{InquiryFile.ColumnOf(fault.PropertyName)}: {Texts.Of(fault.ErrorCode, fault.CustomState as object?[] ?? [])}"));
                }
                else if (inquiry.Desk is { } desk && deskBook.Find(desk) is null)
                {
                    rejected.Add(new(row.Line, "field.unknown_code", $"desk: {Texts.Of("field.unknown_code")}"));
                }
                else if (!known.Add(row.Key))
                {
                    skipped++;
                }
                else if (request.DryRun)
                {
                    var suggestion = suggester.Suggest(inquiry.Text!, SuggestionContext.Of(inquiry.Organisation?.Name));
                    cases.Add(new(row.Line, null, null, suggestion, row.Matches(suggestion)));
                }
                else
                {
                    var logged = await mediator.Send(inquiry, cancellationToken);
                    cases.Add(new(row.Line, logged.Number, logged.Id, logged.Suggestion, row.Matches(logged.Suggestion)));
                }
            }
            catch (InvalidInput refused)
            {
                var first = refused.Errors[0];
                rejected.Add(new(row.Line, first.Code, $"{first.Field}: {first.Text}"));
            }
            catch (RuleViolation refused) when (refused.Code == "import.known")
            {
                skipped++;
            }
        }

        return new(rows.Count, request.DryRun ? 0 : cases.Count, skipped, rejected, cases,
            cases.Any(c => c.Matches is not null) ? cases.Count(c => c.Matches == true) : null);
    }
}

/// <summary>The file as rows: decoded, header read, fields by name.</summary>
internal sealed class InquiryFile
{
    private static readonly string[] Columns =
    [
        "received_at", "channel", "desk", "organization", "kana", "corporate_number", "prefecture", "city", "industry", "employees", "capital_yen",
        "contact_name", "contact_role", "phone", "email", "telework_status", "preferred_mode", "text",
    ];

    private static readonly string[] Compared = ["expected_track", "expected_topics"];

    /// <exception cref="InvalidInput">The file is in neither encoding, has no header, or a header of other columns.</exception>
    public static IReadOnlyList<InquiryRow> Read(byte[] file)
    {
        var lines = CsvText.Read(CsvText.Decode(file) ?? throw new InvalidInput("file", "import.encoding"));
        if (lines.Count == 0)
        {
            throw new InvalidInput("file", "import.empty");
        }

        var header = lines[0].Select(c => c.Trim().TrimStart('\uFEFF')).ToList();
        var unknown = header.Except(Columns).Except(Compared).ToList();
        if (unknown.Count > 0 || !header.Contains("channel") || !header.Contains("text") || header.Distinct().Count() != header.Count)
        {
            throw new InvalidInput("file", "import.header", string.Join("、", Columns));
        }

        return lines.Skip(1).Select(line => new InquiryRow(line.Line, header, line, line.IsMalformed)).ToList();
    }

    /// <summary>The column of a fault of <see cref="LogInquiry"/>.</summary>
    public static string ColumnOf(string property) => property switch
    {
        "Organisation.Name" => "organization",
        "Contact.Name" => "contact_name",
        "Contact.Role" => "contact_role",
        _ => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Split('.')[^1]),
    };
}

internal sealed class InquiryRow(int line, IReadOnlyList<string> header, IReadOnlyList<string> fields, bool isMalformed)
{
    public int Line { get; } = line;

    /// <summary>The same inquiry gives the same key whatever the widths, cases and column order of the file.</summary>
    public string Key { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\u001F', header
        .Zip(fields, (name, value) => (name, value))
        .Where(p => !p.name.StartsWith("expected_", StringComparison.Ordinal) && p.value.Trim().Length > 0)
        .OrderBy(p => p.name, StringComparer.Ordinal)
        .Select(p => $"{p.name}={JapaneseText.Fold(p.value).Trim()}")))));

    /// <exception cref="InvalidInput">A field cannot be read.</exception>
    public LogInquiry ToInquiry()
    {
        if (isMalformed)
        {
            throw new InvalidInput("row", "import.quote");
        }

        if (fields.Count != header.Count)
        {
            throw new InvalidInput("row", "import.columns", header.Count, fields.Count);
        }

        return new(
            Code<Channel>("channel"), Field("text"), ReceivedAt(), Field("desk"),
            new(Field("organization"), Field("kana"), Field("corporate_number"), Field("prefecture"), Field("city"), Field("industry"), (int?)Number("employees", int.MaxValue), Number("capital_yen", long.MaxValue)),
            new(Field("contact_name"), Field("contact_role"), Field("phone"), Field("email")),
            Code<TeleworkStatus>("telework_status"), Code<VisitMode>("preferred_mode"), ImportKey: Key);
    }

    /// <summary>Whether the suggestion is one of the expected alternatives; null where nothing is expected.</summary>
    public bool? Matches(Suggestion suggestion)
    {
        if (Field("expected_track") is not { } expected)
        {
            return null;
        }

        return expected.Split('|', StringSplitOptions.TrimEntries).Contains(Way.Of(suggestion));
    }

    private string? Field(string name)
    {
        var at = header.ToList().IndexOf(name);
        return at < 0 || at >= fields.Count || string.IsNullOrWhiteSpace(fields[at]) ? null : fields[at].Trim();
    }

    private T? Code<T>(string name) where T : struct, Enum
    {
        if (Field(name) is not { } typed)
        {
            return null;
        }

        return EnumText.TryParse<T>(typed, out var value) ? value : throw new InvalidInput(name, "field.unknown_code");
    }

    private long? Number(string name, long most)
    {
        if (Field(name) is not { } typed)
        {
            return null;
        }

        var digits = typed.Normalize(NormalizationForm.FormKC).Replace(",", "", StringComparison.Ordinal);
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value <= most ? value : throw new InvalidInput(name, "import.number");
    }

    private DateTimeOffset? ReceivedAt()
    {
        if (Field("received_at") is not { } typed)
        {
            return null;
        }

        string[] local = ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd HH:mm", "yyyy/MM/dd HH:mm", "yyyy/M/d H:mm", "yyyy-MM-dd"];
        if (DateTime.TryParseExact(typed, local, CultureInfo.InvariantCulture, DateTimeStyles.None, out var at))
        {
            return new(at, JapanTime.Offset);
        }

        return DateTimeOffset.TryParseExact(typed, ["yyyy-MM-dd'T'HH:mmzzz", "yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss'Z'"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)
            ? instant
            : throw new InvalidInput("received_at", "field.impossible_date");
    }
}
