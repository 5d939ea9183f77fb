using System.Buffers;

namespace Consultation.Topics;

/// <summary>Arrays from the pool: what reading a long text needs for a millisecond must not become garbage.</summary>
internal static class Borrowed
{
    /// <summary>At least as long as asked for, and empty so far.</summary>
    public static T[] Cleared<T>(int count)
    {
        var array = ArrayPool<T>.Shared.Rent(count);
        array.AsSpan(0, count).Clear();
        return array;
    }
}
