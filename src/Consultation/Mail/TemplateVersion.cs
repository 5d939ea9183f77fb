using Consultation.Messaging;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Consultation.Mail;

public readonly record struct TemplateVersionId(Guid Value) : IStrongId<TemplateVersionId>
{
    public static TemplateVersionId New() => new(Guid.CreateVersion7());
    public static TemplateVersionId From(Guid value) => new(value);
    public static TemplateVersionId Parse(string s, IFormatProvider? provider) => StrongId.Parse<TemplateVersionId>(s);
    public static bool TryParse(string? s, IFormatProvider? provider, out TemplateVersionId result) => StrongId.TryParse(s, out result);
    public override string ToString() => Value.ToString();
}

/// <summary>
/// One published version of a mail's text, counted from 1 for each kind of mail; 0 is the product's own and no row. Versions are added, never
/// changed, so that a letter's version can be read for ever.
/// </summary>
public sealed class TemplateVersion
{
    private TemplateVersion()
    {
    }

    internal TemplateVersion(string template, int version, string subject, string body, string note, DateTimeOffset createdAt, string createdBy)
    {
        Id = TemplateVersionId.New();
        (Template, Version, Subject, Body, Note, CreatedAt, CreatedBy) = (template, version, subject, body, note, createdAt.ToUniversalTime(), createdBy);
    }

    public TemplateVersionId Id { get; private set; }
    public string Template { get; private set; } = "";
    public int Version { get; private set; }
    public string Subject { get; private set; } = "";
    public string Body { get; private set; } = "";

    /// <summary>Why it was changed, in the words of who changed it.</summary>
    public string Note { get; private set; } = "";
    public DateTimeOffset CreatedAt { get; private set; }
    public string CreatedBy { get; private set; } = "";
}

/// <summary>
/// The words that are to be the next version of a kind of mail: one draft for all administrators, so that who may see cases can look at it
/// filled with one. It has always passed the checks.
/// </summary>
public sealed class TemplateDraft
{
    private TemplateDraft()
    {
    }

    internal TemplateDraft(string template) => Template = template;

    public string Template { get; private set; } = "";

    /// <summary>The version it was begun from; a newer one refuses it until it is looked at again.</summary>
    public int BasedOn { get; private set; }
    public string Subject { get; private set; } = "";
    public string Body { get; private set; } = "";
    public DateTimeOffset ChangedAt { get; private set; }
    public string ChangedBy { get; private set; } = "";

    /// <summary>The number of its last save, which no other draft ever had, so that nobody overwrites or publishes what a colleague wrote meanwhile.</summary>
    public int Version { get; private set; }

    internal void Change(int save, int basedOn, string subject, string body, DateTimeOffset now, string by) =>
        (Version, BasedOn, Subject, Body, ChangedAt, ChangedBy) = (save, basedOn, subject, body, now.ToUniversalTime(), by);
}

internal sealed class TemplateMapping : IEntityTypeConfiguration<TemplateVersion>, IEntityTypeConfiguration<TemplateDraft>
{
    public void Configure(EntityTypeBuilder<TemplateVersion> builder) => builder.ToTable("mail_template_versions");

    public void Configure(EntityTypeBuilder<TemplateDraft> builder)
    {
        builder.ToTable("mail_template_drafts").HasKey(d => d.Template);
        builder.Property(d => d.Template).ValueGeneratedNever();
        builder.Property(d => d.Version).IsConcurrencyToken();
    }
}
