using System.ComponentModel.DataAnnotations;
using Consultation.CaseFile;
using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Web.Pages.Desk;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Consultation.Web.Pages.Cases;

/// <summary>Everything of a case that may be corrected; a field that was emptied is emptied, because the form showed what is stored.</summary>
public sealed class EditInput : InquiryInput
{
    [Display(Name = "窓口担当")]
    public string? Holder { get; set; }

    public static EditInput Of(CaseFileView file, FullCase full)
    {
        var known = InquiryInput.Of(full);
        return new()
        {
            Phone = known.Phone, Organisation = known.Organisation, Kana = known.Kana, Prefecture = known.Prefecture, City = known.City, Industry = known.Industry,
            Employees = known.Employees, CapitalYen = known.CapitalYen, CorporateNumber = known.CorporateNumber, Person = known.Person, PersonRole = known.PersonRole,
            Email = known.Email, TeleworkStatus = known.TeleworkStatus, PreferredMode = known.PreferredMode, Holder = file.Holder?.ToString(),
        };
    }

    /// <param name="was">What the form was filled with; groups that are as they were are not sent.</param>
    public EditCase ReadAll(CaseId id, EditInput? was, ModelStateDictionary state)
    {
        var (edit, before) = (Whole(id, state), was?.Whole(id, new()));
        return edit with
        {
            Organisation = edit.Organisation == before?.Organisation ? null : edit.Organisation,
            Contact = edit.Contact == before?.Contact ? null : edit.Contact,
            Holder = edit.Holder == before?.Holder ? null : edit.Holder,
            PreferredMode = edit.PreferredMode == before?.PreferredMode ? null : edit.PreferredMode,
            TeleworkStatus = edit.TeleworkStatus == before?.TeleworkStatus ? null : edit.TeleworkStatus,
        };
    }

    private EditCase Whole(CaseId id, ModelStateDictionary state)
    {
        var edit = Read(id, state);
        return edit with
        {
            Organisation = edit.Organisation! with
            {
                Name = Organisation ?? "", Kana = Kana ?? "", CorporateNumber = CorporateNumber ?? "", Prefecture = Prefecture ?? "", City = City ?? "", Industry = Industry ?? "",
            },
            Contact = new(Person ?? "", PersonRole ?? "", Phone ?? "", Email ?? ""),
            Holder = StaffId.TryParse(Holder, null, out var holder) ? holder : null,
        };
    }
}
