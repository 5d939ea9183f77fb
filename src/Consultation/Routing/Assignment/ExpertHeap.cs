namespace Consultation.Routing.Assignment;

/// <summary>Experts by distance, the nearest on top and equal ones by number; a binary heap over the distances it is given.</summary>
internal sealed class ExpertHeap(long[] distance)
{
    private const int Away = -1;

    private readonly int[] heap = new int[distance.Length];
    private readonly int[] at = Filled(distance.Length);

    public int Count { get; private set; }

    public bool HasBelow(long limit) => Count > 0 && distance[heap[0]] < limit;

    /// <summary>Puts an expert in, or where it belongs since its distance fell.</summary>
    public void Lower(int expert)
    {
        if (at[expert] == Away)
        {
            at[expert] = Count++;
        }

        var hole = at[expert];
        while (hole > 0 && IsNearer(expert, heap[(hole - 1) / 2]))
        {
            Put(heap[(hole - 1) / 2], hole);
            hole = (hole - 1) / 2;
        }

        Put(expert, hole);
    }

    public int Take()
    {
        var nearest = heap[0];
        at[nearest] = Away;
        if (--Count > 0)
        {
            Sink(heap[Count]);
        }

        return nearest;
    }

    public void Clear()
    {
        while (Count > 0)
        {
            at[heap[--Count]] = Away;
        }
    }

    private void Sink(int expert)
    {
        var hole = 0;
        while (2 * hole + 1 < Count)
        {
            var child = 2 * hole + 1;
            child += child + 1 < Count && IsNearer(heap[child + 1], heap[child]) ? 1 : 0;
            if (!IsNearer(heap[child], expert))
            {
                break;
            }

            Put(heap[child], hole);
            hole = child;
        }

        Put(expert, hole);
    }

    private bool IsNearer(int one, int other) => distance[one] < distance[other] || (distance[one] == distance[other] && one < other);

    private void Put(int expert, int slot)
    {
        heap[slot] = expert;
        at[expert] = slot;
    }

    private static int[] Filled(int length)
    {
        var filled = new int[length];
        Array.Fill(filled, Away);
        return filled;
    }
}
