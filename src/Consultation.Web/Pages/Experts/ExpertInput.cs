using System.ComponentModel.DataAnnotations;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Consultation.Web.Pages.Experts;

/// <summary>An expert's card as typed.</summary>
public sealed class ExpertInput
{
    private const string Yes = "true";

    public static readonly IReadOnlyList<Choice> Places = [new("", "選んでください"), .. Prefectures.All.Select(place => new Choice(place.Code, place.Name))];

    public static readonly IReadOnlyList<Choice> DistrictChoices = [.. Reference.Districts.All.Select(district => new Choice(district.Slug, district.Name))];

    public static readonly IReadOnlyList<Choice> NationwideChoice = [new(Yes, "全国を担当する")];

    public static readonly IReadOnlyList<Choice> ActiveChoice = [new(Yes, "打診の対象にする")];

    public static readonly IReadOnlyList<Choice> Levels = [new("", "―"), .. Enumerable.Range(1, Consultation.Experts.Expert.HighestLevel).Select(level => new Choice($"{level}", ExpertWords.Level(level)))];

    public static readonly IReadOnlyList<Choice> IndustryChoices = [.. Reference.Industries.All.Select(industry => new Choice(industry.Letter, industry.Name))];

    [Display(Name = "氏名")]
    public string? Name { get; set; }

    [Display(Name = "省")]
    public string? Affiliation { get; set; }

    [Display(Name = "肩書き")]
    public string? DisplayTitle { get; set; }

    [Display(Name = "メールアドレス")]
    public string? Email { get; set; }

    [Display(Name = "電話番号")]
    public string? Phone { get; set; }

    [Display(Name = "拠点の都道府県")]
    public string? Prefecture { get; set; }

    [Display(Name = "全国対応")]
    public List<string> Nationwide { get; set; } = [];

    [Display(Name = "担当する地区")]
    public List<string> Districts { get; set; } = [];

    [Display(Name = "ほかに担当する都道府県")]
    public string? More { get; set; }

    [Display(Name = "相談の方法")]
    public List<string> Modes { get; set; } = [];

    [Display(Name = "同時に担当する上限(件)")]
    public string? Capacity { get; set; }

    [Display(Name = "委嘱期間の始まり")]
    public DayInput TermFrom { get; set; } = new();

    [Display(Name = "委嘱期間の終わり")]
    public DayInput TermTo { get; set; } = new();

    /// <summary>Level by the place of the topic in the catalogue.</summary>
    [Display(Name = "分野")]
    public List<string?> Topics { get; set; } = [];

    [Display(Name = "詳しい業種")]
    public List<string> Industries { get; set; } = [];

    /// <summary>One a line.</summary>
    [Display(Name = "顧問先・関係先")]
    public string? OwnClients { get; set; }

    [Display(Name = "打診")]
    public List<string> Active { get; set; } = [];

    public static ExpertInput Blank() => new()
    {
        Modes = [.. Enum.GetValues<VisitMode>().Select(mode => mode.ToString())], Capacity = $"{Consultation.Experts.Expert.DefaultCapacity}", Active = [Yes], Topics = [.. TopicCatalogue.All.Select(_ => "")],
    };

    public static ExpertInput Of(ExpertView card) => new()
    {
        Name = card.Name, Affiliation = card.Affiliation.ToString(), DisplayTitle = card.DisplayTitle, Email = card.Email, Phone = card.Phone,
        Prefecture = Prefectures.Find(card.Prefecture)?.Code, Nationwide = card.Nationwide ? [Yes] : [], Districts = [.. card.Districts], More = string.Join("、", card.Prefectures),
        Modes = [.. card.Modes.Select(mode => mode.ToString())], Capacity = $"{card.Capacity}",
        TermFrom = card.TermFrom is { } from ? DayInput.Of(from) : new(), TermTo = card.TermTo is { } to ? DayInput.Of(to) : new(),
        Topics = [.. TopicCatalogue.All.Select(topic => card.Topics.FirstOrDefault(known => known.Code == topic.Code) is { } known ? $"{known.Level}" : "")],
        Industries = [.. card.Industries], OwnClients = string.Join('\n', card.OwnClients), Active = card.Active ? [Yes] : [],
    };

    /// <summary>The request as typed; a day or a number that cannot be read is an error of the form.</summary>
    public EditExpert Read(ExpertId expert, ModelStateDictionary state)
    {
        // A form that lost fields on its way still has a row for every topic.
        Topics.AddRange(Enumerable.Repeat<string?>("", Math.Max(0, TopicCatalogue.All.Count - Topics.Count)));
        return AsTyped(expert, state);
    }

    private EditExpert AsTyped(ExpertId expert, ModelStateDictionary state) => new(
        expert, Name, Choices.Read<Affiliation>(Affiliation), Prefecture, DisplayTitle, Email, Phone, NumberOf(state), Nationwide.Contains(Yes), Districts,
        [.. (More ?? "").Split(['、', ',', '，', ' ', '　'], StringSplitOptions.RemoveEmptyEntries)], [.. Modes.Select(Choices.Read<VisitMode>).OfType<VisitMode>()],
        [.. TopicCatalogue.All.Zip(Topics, (topic, level) => new TopicLevel(topic.Code, (int)(Typed.Number(level) ?? 0))).Where(topic => topic.Level > 0)],
        Industries, DayOf(TermFrom, "Input.TermFrom", state), DayOf(TermTo, "Input.TermTo", state), Active.Contains(Yes),
        (OwnClients ?? "").Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    internal static string? FieldOf(string field) => field switch
    {
        "prefectures" => "Input.More",
        "topics" => "Input.Topics[0]",
        _ => "Input." + char.ToUpperInvariant(field[0]) + field[1..],
    };

    private int? NumberOf(ModelStateDictionary state)
    {
        var number = Typed.Number(Capacity);
        if (number is null or > int.MaxValue && !string.IsNullOrWhiteSpace(Capacity))
        {
            state.AddModelError("Input.Capacity", "6 のように、数字だけを入力してください。");
        }

        return (int?)number;
    }

    private static DateOnly? DayOf(DayInput typed, string field, ModelStateDictionary state)
    {
        if (!typed.IsEmpty && typed.Read() is null)
        {
            state.AddModelError(field, "2027年3月31日のように、暦にある日付を入力してください。");
        }

        return typed.Read();
    }
}
