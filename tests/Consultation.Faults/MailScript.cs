namespace Consultation.Faults;

/// <summary>What the mail server does in one conversation; where nothing else is said it behaves.</summary>
/// <param name="Greets">False: it accepts the connection and never says a word.</param>
/// <param name="End">Its reply after the final dot; null: none.</param>
/// <param name="KeepsUnsaid">It has the mail although it never said so.</param>
/// <param name="IsSilent">Without a reply it waits instead of cutting.</param>
/// <param name="HalfCloses">Without a reply it ends its own direction and goes on reading.</param>
/// <param name="RefusesOnly">To whom alone <paramref name="Rcpt"/> is said; all others are welcome.</param>
internal sealed record MailScript(
    string Name, bool Greets = true, bool OffersTls = true, bool OffersAuth = true, string Mail = "250 ok", string Rcpt = "250 ok", string Data = "354 go ahead", string? End = "250 kept",
    bool KeepsUnsaid = false, bool IsSilent = false, bool HalfCloses = false, string? RefusesOnly = null)
{
    public static readonly MailScript Good = new("good");

    private static readonly (int Share, MailScript Script)[] Weather =
    [
        (56, Good),
        (5, new("4xx to MAIL", Mail: "451 later")),
        (6, new("4xx to RCPT", Rcpt: "450 greylisted")),
        (4, new("4xx to DATA", Data: "452 full")),
        (4, new("4xx after the dot", End: "451 later")),
        (3, new("5xx to RCPT", Rcpt: "550 unknown")),
        (2, new("5xx after the dot", End: "554 refused")),
        (1, new("tarpit at the greeting", Greets: false)),
        (2, new("silent after the dot, kept", End: null, IsSilent: true, KeepsUnsaid: true)),
        (5, new("cut before 250, kept", End: null, KeepsUnsaid: true)),
        (5, new("cut before 250, not kept", End: null)),
        (4, new("half-closed before 250, kept", End: null, HalfCloses: true, KeepsUnsaid: true)),
        (2, new("no AUTH", OffersAuth: false)),
        (1, new("no STARTTLS", OffersTls: false)),
    ];

    /// <summary>What a seed makes of the next conversation; every kind comes by turns of a hundred.</summary>
    /// <param name="isFair">Ends the weather: from then on it behaves.</param>
    public static Func<MailScript> Flapping(Random random, Func<bool> isFair)
    {
        var gate = new Lock();
        var left = new Queue<MailScript>();
        return () =>
        {
            if (isFair())
            {
                return Good;
            }

            lock (gate)
            {
                if (left.Count == 0)
                {
                    var all = Weather.SelectMany(w => Enumerable.Repeat(w.Script, w.Share)).ToArray();
                    random.Shuffle(all);
                    left = new(all);
                }

                return left.Dequeue();
            }
        };
    }
}
