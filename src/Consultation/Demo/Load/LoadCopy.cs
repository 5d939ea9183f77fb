using System.Buffers.Binary;
using System.Text;
using NpgsqlTypes;

namespace Consultation.Demo;

/// <summary>
/// The binary form of COPY, written by hand: with the client library looking up a converter for every single value, writing took as much of this
/// process's time as making the cases. Source: PostgreSQL documentation, "COPY", binary format.
/// </summary>
internal sealed class LoadCopy(Stream stream)
{
    private const int TextOid = 25;
    private const int IntOid = 23;
    private const int Full = 1 << 16;
    private static readonly byte[] Header = [.. "PGCOPY\n"u8, 0xFF, .. "\r\n\0"u8, 0, 0, 0, 0, 0, 0, 0, 0];
    private static readonly long Epoch = new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;

    private static readonly int EpochDay = new DateOnly(2000, 1, 1).DayNumber;

    private byte[] buffer = new byte[2 * Full];
    private int length;

    public void Begin() => Header.CopyTo(Take(Header.Length));

    public void Row(int columns)
    {
        if (length > Full)
        {
            Flush();
        }

        BinaryPrimitives.WriteInt16BigEndian(Take(2), (short)columns);
    }

    public void End()
    {
        BinaryPrimitives.WriteInt16BigEndian(Take(2), -1);
        Flush();
    }

    public void Null() => Int(-1);

    public void Json(string text)
    {
        var start = Open();
        Take(1)[0] = 1;
        Bytes(text);
        Measure(start);
    }

    public void Value(string text)
    {
        var start = Open();
        Bytes(text);
        Measure(start);
    }

    public void Value(Guid id)
    {
        Int(16);
        id.TryWriteBytes(Take(16), bigEndian: true, out _);
    }

    public void Value(DateTimeOffset at) => Sized(Instant(at.UtcTicks));

    public void Value(int number)
    {
        Int(4);
        Int(number);
    }

    public void Value(long number) => Sized(number);

    public void Value(bool truth)
    {
        Int(1);
        Take(1)[0] = truth ? (byte)1 : (byte)0;
    }

    public void Value(DateOnly day) => Value(day.DayNumber - EpochDay);

    public void Value(TimeOnly time) => Sized(time.Ticks / TimeSpan.TicksPerMicrosecond);

    public void Value(TimeSpan span)
    {
        Int(16);
        Long(span.Ticks / TimeSpan.TicksPerMicrosecond);
        Long(0);
    }

    public void Value(string[] texts)
    {
        var start = Array(TextOid, texts.Length);
        foreach (var text in texts)
        {
            Value(text);
        }

        Measure(start);
    }

    public void Value(int[] numbers)
    {
        var start = Array(IntOid, numbers.Length);
        foreach (var number in numbers)
        {
            Value(number);
        }

        Measure(start);
    }

    public void Value(NpgsqlRange<DateTime> range)
    {
        const byte LowerInclusive = 2;
        Int(25);
        Take(1)[0] = range is { LowerBoundIsInclusive: true, UpperBoundIsInclusive: false } ? LowerInclusive : throw new NotSupportedException(range.ToString());
        Sized(Instant(range.LowerBound.Ticks));
        Sized(Instant(range.UpperBound.Ticks));
    }

    private static long Instant(long ticks) => (ticks - Epoch) / TimeSpan.TicksPerMicrosecond;

    private int Array(int type, int count)
    {
        var start = Open();
        Int(count == 0 ? 0 : 1);
        Int(0);
        Int(type);
        if (count > 0)
        {
            Int(count);
            Int(1);
        }

        return start;
    }

    /// <summary>A value whose length is known only when it is written: room for the length, and where that stands.</summary>
    private int Open()
    {
        Int(0);
        return length - 4;
    }

    private void Measure(int start) => BinaryPrimitives.WriteInt32BigEndian(buffer.AsSpan(start, 4), length - start - 4);

    private void Bytes(string text)
    {
        var most = Encoding.UTF8.GetMaxByteCount(text.Length);
        var written = Encoding.UTF8.GetBytes(text, Take(most));
        length -= most - written;
    }

    private void Sized(long number)
    {
        Int(8);
        Long(number);
    }

    private void Int(int number) => BinaryPrimitives.WriteInt32BigEndian(Take(4), number);

    private void Long(long number) => BinaryPrimitives.WriteInt64BigEndian(Take(8), number);

    private Span<byte> Take(int count)
    {
        if (length + count > buffer.Length)
        {
            System.Array.Resize(ref buffer, Math.Max(2 * buffer.Length, length + count));
        }

        length += count;
        return buffer.AsSpan(length - count, count);
    }

    private void Flush()
    {
        stream.Write(buffer, 0, length);
        length = 0;
    }
}
