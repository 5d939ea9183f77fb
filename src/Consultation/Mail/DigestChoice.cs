using Consultation.Messaging;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Consultation.Mail;

/// <summary>Somebody who gets letters that are not urgent once a day, together; without a row each goes by itself.</summary>
public sealed class DigestChoice(Ref person, DateTimeOffset chosenAt)
{
    /// <summary>The kind of letter that carries the others.</summary>
    internal const string Letter = "mail-digest";

    /// <summary>The expert or colleague; opaque here.</summary>
    public Ref Person { get; private set; } = person;
    public DateTimeOffset ChosenAt { get; private set; } = chosenAt;
}

internal sealed class DigestChoiceMapping : IEntityTypeConfiguration<DigestChoice>
{
    public void Configure(EntityTypeBuilder<DigestChoice> builder)
    {
        builder.ToTable("mail_digest_choices").HasKey(c => c.Person);
        builder.Property(c => c.Person).ValueGeneratedNever();
    }
}
