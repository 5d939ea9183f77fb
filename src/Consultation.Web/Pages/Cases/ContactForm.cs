using System.ComponentModel.DataAnnotations;
using Consultation.Cases;
using Consultation.Reference;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Consultation.Web.Pages.Cases;

/// <summary>A contact as it is typed: what was said, how, with whom, and whether a call was promised.</summary>
public sealed class ContactForm
{
    [Display(Name = "内容")]
    public string? Text { get; set; }

    [Display(Name = "向き")]
    public string? Direction { get; set; } = nameof(ContactDirection.Out);

    [Display(Name = "手段")]
    public string? Channel { get; set; } = nameof(Consultation.Cases.Channel.Phone);

    [Display(Name = "結果")]
    public string? Result { get; set; } = nameof(ContactResult.Answered);

    [Display(Name = "相手")]
    public string? Person { get; set; }

    [Display(Name = "かかった時間(分)")]
    public string? Minutes { get; set; }

    [Display(Name = "折り返しを約束した日")]
    public DayInput CallBackOn { get; set; } = new();

    [Display(Name = "時刻")]
    public string? CallBackAt { get; set; }

    public static string? FieldOf(string field) => "Contact." + char.ToUpperInvariant(field[0]) + field[1..];

    public RecordContact Read(CaseId id, DateTimeOffset now, ModelStateDictionary state)
    {
        var minutes = Typed.Number(Minutes);
        if ((minutes is null && !string.IsNullOrWhiteSpace(Minutes)) || minutes > 1440)
        {
            state.AddModelError("Contact.Minutes", "10 のように、分の数字だけを入力してください。");
        }

        return new(
            id, Choices.Read<ContactDirection>(Direction), Choices.Read<Channel>(Channel), Choices.Read<ContactResult>(Result), null, (int?)minutes, Person, Text,
            PromiseInput.Read(CallBackOn, CallBackAt, "Contact.CallBackOn", "Contact.CallBackAt", now, state));
    }
}
