using System.ComponentModel.DataAnnotations;
using Consultation.CaseFile;
using Consultation.Cases;
using Consultation.Experts;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Consultation.Web.Pages.Desk;

/// <summary>What can be asked about the organisation and the person, exactly as typed.</summary>
public class InquiryInput
{
    [Display(Name = "電話番号")]
    public string? Phone { get; set; }

    [Display(Name = "企業・団体名")]
    public string? Organisation { get; set; }

    [Display(Name = "フリガナ")]
    public string? Kana { get; set; }

    [Display(Name = "都道府県")]
    public string? Prefecture { get; set; }

    [Display(Name = "市区町村")]
    public string? City { get; set; }

    [Display(Name = "業種")]
    public string? Industry { get; set; }

    [Display(Name = "従業員数(人)")]
    public string? Employees { get; set; }

    [Display(Name = "資本金(円)")]
    public string? CapitalYen { get; set; }

    [Display(Name = "法人番号")]
    public string? CorporateNumber { get; set; }

    [Display(Name = "お名前")]
    public string? Person { get; set; }

    [Display(Name = "部署・役職")]
    public string? PersonRole { get; set; }

    [Display(Name = "メールアドレス")]
    public string? Email { get; set; }

    [Display(Name = "テレワークの導入状況")]
    public string? TeleworkStatus { get; set; }

    [Display(Name = "希望する方法")]
    public string? PreferredMode { get; set; }

    public static InquiryInput Of(FullCase full) => new()
    {
        Phone = full.Contact.Phone, Organisation = full.Organisation.Name, Kana = full.Organisation.Kana, Prefecture = full.Organisation.Prefecture,
        City = full.Organisation.City, Industry = full.Organisation.Industry, Employees = $"{full.Organisation.Employees}", CapitalYen = $"{full.Organisation.CapitalYen}",
        CorporateNumber = full.Organisation.CorporateNumber, Person = full.Contact.Name, PersonRole = full.Contact.Role, Email = full.Contact.Email,
        TeleworkStatus = full.TeleworkStatus == Consultation.Cases.TeleworkStatus.Unknown ? null : full.TeleworkStatus.ToString(), PreferredMode = full.PreferredMode?.ToString(),
    };

    public OrganisationInput ReadOrganisation(ModelStateDictionary state) => new(
        Organisation, Kana, CorporateNumber, Prefecture, City, Industry,
        (int?)Figure(Employees, int.MaxValue, "Input.Employees", "24 のように数字だけで入力してください。およその人数でかまいません。", state),
        Figure(CapitalYen, long.MaxValue, "Input.CapitalYen", "30,000,000 のように円で、数字だけを入力してください。", state));

    public ContactInput ReadContact() => new(Person, PersonRole, Phone, Email);

    public EditCase Read(CaseId id, ModelStateDictionary state) => new(
        id, ReadOrganisation(state), ReadContact(), null, Choices.Read<VisitMode>(PreferredMode), Choices.Read<TeleworkStatus>(TeleworkStatus));

    /// <summary>Puts in what a colleague saved meanwhile, wherever this person changed nothing; says which fields both changed.</summary>
    public IReadOnlyList<string> TakeOver(InquiryInput was, InquiryInput stored)
    {
        var both = new List<string>();
        foreach (var field in GetType().GetProperties().Where(field => field.PropertyType == typeof(string)))
        {
            var (mine, before, theirs) = (Of(field.GetValue(this)), Of(field.GetValue(was)), Of(field.GetValue(stored)));
            if (mine == before && theirs != before)
            {
                field.SetValue(this, theirs);
            }
            else if (mine != theirs && theirs != before)
            {
                both.Add(field.Name);
            }
        }

        return both;

        static string Of(object? value) => value as string ?? "";
    }

    private static long? Figure(string? typed, long most, string field, string wrong, ModelStateDictionary state)
    {
        var figure = Typed.Number(typed);
        if (figure <= most || string.IsNullOrWhiteSpace(typed))
        {
            return figure;
        }

        state.AddModelError(field, wrong);
        return null;
    }
}

/// <summary>A new inquiry: the one line that is needed, how it came, and a promised call-back.</summary>
public sealed class NewInquiryInput : InquiryInput
{
    [Display(Name = "相談の内容")]
    public string? Text { get; set; }

    [Display(Name = "受付の方法")]
    public string? Channel { get; set; } = nameof(Consultation.Cases.Channel.Phone);

    [Display(Name = "折り返す日")]
    public DayInput CallBackOn { get; set; } = new();

    [Display(Name = "時刻")]
    public string? CallBackAt { get; set; }

    [Display(Name = "両省と専門家への情報の提供")]
    public List<string> Agreed { get; set; } = [];

    public bool Consented => Agreed.Contains("yes");

    public string? Match { get; set; }

    [Display(Name = "別の相談とする理由")]
    public string? SeparateReason { get; set; }
}
