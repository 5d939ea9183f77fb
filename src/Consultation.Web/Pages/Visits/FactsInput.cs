using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Consultation.CaseFile;
using Consultation.Cases;
using Consultation.Reference;
using Consultation.Topics;
using Consultation.Visits;
using Consultation.Web.Pages.Cases;
using Consultation.Web.Pages.Desk;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Consultation.Web.Pages.Visits;

/// <summary>What a report tells beside its text, exactly as typed.</summary>
public sealed class FactsInput
{
    public static readonly IReadOnlyList<Choice> Statuses = [new("", "書かない"), .. InquiryChoices.TeleworkStatuses];

    private const string AdviceOf = "Advice ";

    /// <summary>Advice by the code of its topic.</summary>
    public Dictionary<string, string?> Advice { get; set; } = [];

    [Display(Name = "導入状況(相談の前)")]
    public string? Before { get; set; }

    [Display(Name = "導入状況(相談の後)")]
    public string? After { get; set; }

    [Display(Name = "実際の時間(分)")]
    public string? Minutes { get; set; }

    [Display(Name = "謝金の対象となる時間(分)")]
    public string? FeeMinutes { get; set; }

    [Display(Name = "移動の距離(往復・km)")]
    public string? TravelKm { get; set; }

    [Display(Name = "交通の経路・実費のメモ")]
    public string? ExpenseNote { get; set; }

    public static FactsInput Of(ReportFacts facts, TeleworkStatus? known = null) => new()
    {
        Advice = (facts.Advice ?? []).ToDictionary(advice => advice.Topic, advice => (string?)advice.Text),
        Before = (facts.StatusBefore ?? (known is TeleworkStatus.Unknown ? null : known))?.ToString() ?? "",
        After = facts.StatusAfter?.ToString() ?? "",
        Minutes = Number(facts.Minutes), FeeMinutes = Number(facts.FeeMinutes), TravelKm = Number(facts.TravelKm), ExpenseNote = facts.ExpenseNote,
    };

    /// <summary>Exactly as typed, for a draft.</summary>
    public IReadOnlyDictionary<string, string> Typed()
    {
        var fields = Advice.ToDictionary(advice => AdviceOf + advice.Key, advice => advice.Value);
        (fields[nameof(Before)], fields[nameof(After)], fields[nameof(Minutes)]) = (Before, After, Minutes);
        (fields[nameof(FeeMinutes)], fields[nameof(TravelKm)], fields[nameof(ExpenseNote)]) = (FeeMinutes, TravelKm, ExpenseNote);
        return fields.Where(field => !string.IsNullOrEmpty(field.Value)).ToDictionary(field => field.Key, field => field.Value!);
    }

    public static FactsInput Of(IReadOnlyDictionary<string, string> typed) => new()
    {
        Advice = typed.Where(field => field.Key.StartsWith(AdviceOf, StringComparison.Ordinal)).ToDictionary(field => field.Key[AdviceOf.Length..], field => (string?)field.Value),
        Before = typed.GetValueOrDefault(nameof(Before)), After = typed.GetValueOrDefault(nameof(After)), Minutes = typed.GetValueOrDefault(nameof(Minutes)),
        FeeMinutes = typed.GetValueOrDefault(nameof(FeeMinutes)), TravelKm = typed.GetValueOrDefault(nameof(TravelKm)), ExpenseNote = typed.GetValueOrDefault(nameof(ExpenseNote)),
    };

    /// <summary>The fields for advice: the topics of the case, and whatever has been written already.</summary>
    public IReadOnlyList<Topic> Topics(IEnumerable<string> chosen) =>
        [.. chosen.Concat(Advice.Where(advice => !string.IsNullOrWhiteSpace(advice.Value)).Select(advice => advice.Key)).Distinct().Select(TopicCatalogue.Find).OfType<Topic>()];

    public ReportFacts Read(string name, ModelStateDictionary faults)
    {
        int? Figure(string? typed, string field, int least, int most)
        {
            if (string.IsNullOrWhiteSpace(typed))
            {
                return null;
            }

            if (Shared.Typed.Number(typed) is { } figure && figure >= least && figure <= most)
            {
                return (int)figure;
            }

            faults.AddModelError($"{name}.{field}", string.Create(CultureInfo.InvariantCulture, $"{least}から{most}までの数字で入力してください。"));
            return null;
        }

        return new(
            [.. Advice.Where(advice => !string.IsNullOrWhiteSpace(advice.Value)).Select(advice => new TopicAdvice(advice.Key, advice.Value!))],
            Choices.Read<TeleworkStatus>(Before), Choices.Read<TeleworkStatus>(After), Figure(Minutes, nameof(Minutes), 1, 1440), Figure(TravelKm, nameof(TravelKm), 0, 5000), ExpenseNote,
            Figure(FeeMinutes, nameof(FeeMinutes), 0, 1440));
    }

    /// <summary>Where a field of the request stands on the page.</summary>
    public static string? FieldOf(string field) => field switch
    {
        "minutes" => "Facts.Minutes", "feeMinutes" => "Facts.FeeMinutes", "travelKm" => "Facts.TravelKm", "expenseNote" => "Facts.ExpenseNote",
        _ when field.StartsWith("advice", StringComparison.Ordinal) => "Text",
        _ => null,
    };

    private static string? Number(int? figure) => figure?.ToString(CultureInfo.InvariantCulture);
}

/// <summary>The fields of a report beside its text.</summary>
/// <param name="Topics">Those that have a field for advice.</param>
public sealed record FactFieldsView(FactsInput Facts, IReadOnlyList<Topic> Topics, bool Travels);

/// <summary>What a written report tells beside its text, as people read it.</summary>
public sealed record WrittenFactsView(IReadOnlyList<(string Topic, string Text)> Advice, IReadOnlyList<FactView> Facts)
{
    /// <param name="visitMinutes">How long the visit was, where the report says nothing.</param>
    public static WrittenFactsView Of(ReportFacts facts, int? visitMinutes) => new(
        [.. (facts.Advice ?? []).Select(advice => (TopicCatalogue.Find(advice.Topic)?.NameJa ?? advice.Topic, advice.Text))], [.. Words(facts, visitMinutes)]);

    private static IEnumerable<FactView> Words(ReportFacts facts, int? visitMinutes)
    {
        if (facts.StatusBefore is not null || facts.StatusAfter is not null)
        {
            yield return new("導入状況", $"前: {(facts.StatusBefore is { } before ? CaseWords.Of(before) : "未記入")}　後: {(facts.StatusAfter is { } after ? CaseWords.Of(after) : "未記入")}");
        }

        if ((facts.Minutes ?? visitMinutes) is { } minutes)
        {
            yield return new("実際の時間", $"{minutes}分");
        }

        if (facts.FeeMinutes is { } fee)
        {
            yield return new("謝金の対象", $"{fee}分");
        }

        if (facts.TravelKm is not null || facts.ExpenseNote is not null)
        {
            yield return new("移動", string.Join("・", new[] { facts.TravelKm is { } km ? $"往復 {km}km" : null, facts.ExpenseNote }.OfType<string>()));
        }
    }
}
