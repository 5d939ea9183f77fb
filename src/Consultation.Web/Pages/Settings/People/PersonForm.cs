using System.ComponentModel.DataAnnotations;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Staff;
using Consultation.Web.Pages.Shared;

namespace Consultation.Web.Pages.Settings.People;

/// <summary>What is typed about a person; all as text, so that nothing typed is lost.</summary>
public sealed class PersonForm
{
    [Display(Name = "氏名")]
    public string? Name { get; set; }

    [Display(Name = "メールアドレス")]
    public string? Email { get; set; }

    [Display(Name = "役割")]
    public string? Role { get; set; }

    [Display(Name = "窓口")]
    public string? Desk { get; set; }

    [Display(Name = "専門家")]
    public string? Expert { get; set; }

    [Display(Name = "所属")]
    public string? Organisation { get; set; }

    public string? DeskSlug => Text(Desk);

    public string? Address => Text(Email);

    public ExpertId? ExpertId => Messaging.ExpertId.TryParse(Expert, null, out var id) ? id : null;

    public static PersonForm Of(PersonView person) => new()
    {
        Name = person.Name, Email = person.Email, Role = person.Role.ToString(), Desk = person.Desk, Expert = person.Expert?.ToString(), Organisation = person.Organisation,
    };

    /// <summary>The role that was chosen; one that is none where nothing was, so that the request names it with all that is missing.</summary>
    public Role ReadRole() => Choices.Read<Role>(Role) ?? (Role)(-1);

    public static string? FieldOf(string field) => field switch
    {
        "name" or "email" or "role" or "expert" or "organisation" => "Input." + char.ToUpperInvariant(field[0]) + field[1..],
        "deskSlug" or "desk" => "Input.Desk",
        _ => null,
    };

    private static string? Text(string? typed) => string.IsNullOrWhiteSpace(typed) ? null : typed.Trim();
}

/// <summary>What is chosen from in the form of a person.</summary>
public sealed record PersonChoices(IReadOnlyList<Choice> Roles, IReadOnlyList<Choice> Desks, IReadOnlyList<Choice> Experts)
{
    public static PersonChoices Of(DeskBook.Snapshot book, IReadOnlyList<ExpertName> experts) => new(
        [new("", "選んでください"), .. SettingsWords.Roles],
        [new("", "所属なし"), .. book.Desks.Select(desk => new Choice(desk.Slug, desk.Name))],
        [new("", "専門家ではない"), .. experts.Select(expert => new Choice(expert.Id.ToString(), expert.Name))]);
}
