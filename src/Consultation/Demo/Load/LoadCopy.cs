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

    /// <param name="value">As the model converts it for the provider.</param>
    public void Value(object? value, bool isJson)
    {
        switch (value)
        {
            case null: Int(-1); break;
            case string text when isJson: Measured(() => { Take(1)[0] = 1; Bytes(text); }); break;
            case string text: Text(text); break;
            case Guid id: Int(16); id.TryWriteBytes(Take(16), bigEndian: true, out _); break;
            case DateTimeOffset at: Int(8); Long(Instant(at.UtcTicks)); break;
            case int number: Int(4); Int(number); break;
            case long number: Int(8); Long(number); break;
            case bool truth: Int(1); Take(1)[0] = truth ? (byte)1 : (byte)0; break;
            case DateOnly day: Int(4); Int(day.DayNumber - new DateOnly(2000, 1, 1).DayNumber); break;
            case TimeOnly time: Int(8); Long(time.Ticks / TimeSpan.TicksPerMicrosecond); break;
            case TimeSpan span: Int(16); Long(span.Ticks / TimeSpan.TicksPerMicrosecond); Long(0); break;
            case string[] texts: Array(TextOid, texts.Length, at => Text(texts[at])); break;
            case int[] numbers: Array(IntOid, numbers.Length, at => { Int(4); Int(numbers[at]); }); break;
            case NpgsqlRange<DateTime> range: Range(range); break;
            default: throw new NotSupportedException(value.GetType().Name);
        }
    }

    private static long Instant(long ticks) => (ticks - Epoch) / TimeSpan.TicksPerMicrosecond;

    private void Array(int type, int count, Action<int> item) => Measured(() =>
    {
        Int(count == 0 ? 0 : 1);
        Int(0);
        Int(type);
        if (count > 0)
        {
            Int(count);
            Int(1);
            for (var at = 0; at < count; at++)
            {
                item(at);
            }
        }
    });

    private void Range(NpgsqlRange<DateTime> range)
    {
        const byte LowerInclusive = 2;
        Int(25);
        Take(1)[0] = range is { LowerBoundIsInclusive: true, UpperBoundIsInclusive: false } ? LowerInclusive : throw new NotSupportedException(range.ToString());
        Int(8);
        Long(Instant(range.LowerBound.Ticks));
        Int(8);
        Long(Instant(range.UpperBound.Ticks));
    }

    /// <summary>A value whose length is known only when it is written.</summary>
    private void Measured(Action write)
    {
        var start = length;
        Int(0);
        write();
        BinaryPrimitives.WriteInt32BigEndian(buffer.AsSpan(start, 4), length - start - 4);
    }

    private void Text(string text)
    {
        Int(Encoding.UTF8.GetByteCount(text));
        Bytes(text);
    }

    private void Bytes(string text) => Encoding.UTF8.GetBytes(text, Take(Encoding.UTF8.GetByteCount(text)));

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
