namespace Consultation.Web.Pages.Shared;

/// <summary>The number to read aloud to the caller.</summary>
public sealed record TicketView(string Number, string Text)
{
    /// <summary>「R08-000423」 as it is said on the phone: アール ゼロハチ の ヨンニーサン.</summary>
    public string Spoken
    {
        get
        {
            var parts = Number.Split('-');
            if (parts.Length != 2) return Number;
            var sequence = parts[1].TrimStart('0');
            return $"アール {Say(parts[0].TrimStart('R'))} の {Say(sequence.Length > 0 ? sequence : "0")}";
        }
    }

    private static string Say(string figures) => string.Concat(figures.Select(figure => figure switch
    {
        '0' => "ゼロ", '1' => "イチ", '2' => "ニー", '3' => "サン", '4' => "ヨン", '5' => "ゴー", '6' => "ロク", '7' => "ナナ", '8' => "ハチ", '9' => "キュー",
        _ => figure.ToString(),
    }));
}
