using Consultation.Messaging;

namespace Consultation.Web.Api;

/// <summary>
/// The part of a list that is asked for, where the list is worked out as a whole and not read from a table (free slots, ranked candidates).
/// </summary>
internal sealed record Part(string? After, int Limit)
{
    private const int MostPerPage = 200;

    public static Part Of(string? after, string? limit, List<InputError> faults)
    {
        var part = new Part(ApiCall.Given(after), ApiCall.Limit(limit, faults));
        if (part.Limit is < 1 or > MostPerPage)
        {
            faults.Add(new("limit", "page.malformed"));
        }

        return part;
    }

    /// <param name="all">In an order that does not change from page to page.</param>
    /// <param name="name">Names a row, the same on every page.</param>
    /// <exception cref="InvalidInput"><c>page.malformed</c>: no row has the name that the place carries.</exception>
    public Page<T> Cut<T>(IReadOnlyList<T> all, Func<T, string> name)
    {
        var before = After is null ? 0 : all.TakeWhile(row => name(row) != After).Count() + 1;
        if (before > all.Count)
        {
            throw new InvalidInput("after", "page.malformed");
        }

        var rows = all.Skip(before).Take(Limit).ToList();
        return new(rows, before + rows.Count < all.Count ? name(rows[^1]) : null);
    }
}
