using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace Consultation.Experts.Outside;

/// <summary>The calendar did not come; the code says why.</summary>
internal sealed class CalendarNotFetched(string code) : Exception
{
    public string Code => code;
}

/// <summary>
/// Fetches a calendar from an allowed host: one megabyte and twenty seconds at most, redirects only within the host, and never an address of
/// a private network behind a public name. The address is looked at when the connection is made, so that a name cannot change its meaning in between.
/// </summary>
public sealed class CalendarFetcher(CalendarSettings settings) : IDisposable
{
    private const int MostBytes = 1_000_000;
    private const int MostRedirects = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly HttpClient client = new(HandlerOf(settings)) { Timeout = Timeout.InfiniteTimeSpan };

    /// <exception cref="CalendarNotFetched"><c>calendar.host_not_allowed</c>, <c>calendar.unreachable</c>, <c>calendar.too_large</c></exception>
    internal async Task<byte[]> FetchAsync(string typed, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            var address = settings.AddressOf(typed);
            var host = address?.Host;
            for (var hops = 0; hops <= MostRedirects && address is not null; hops++)
            {
                if (!settings.Allows(address) || address.Host != host)
                {
                    throw new CalendarNotFetched("calendar.host_not_allowed");
                }

                using var asked = new HttpRequestMessage(HttpMethod.Get, address);
                asked.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/calendar"));
                using var answer = await client.SendAsync(asked, HttpCompletionOption.ResponseHeadersRead, patience.Token);
                if ((int)answer.StatusCode is >= 300 and < 400 && answer.Headers.Location is { } next)
                {
                    address = settings.AddressOf(new Uri(address, next).AbsoluteUri);
                    continue;
                }

                return answer.StatusCode == HttpStatusCode.OK ? await BytesAsync(answer, patience.Token) : throw new CalendarNotFetched("calendar.unreachable");
            }

            throw new CalendarNotFetched("calendar.unreachable");
        }
        catch (Exception failed) when (failed is HttpRequestException or IOException or UriFormatException || (failed is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw failed is HttpRequestException { InnerException: CalendarNotFetched inner } ? inner : new CalendarNotFetched("calendar.unreachable");
        }
    }

    public void Dispose() => client.Dispose();

    private static async Task<byte[]> BytesAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        await using var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
        var (read, buffer) = (new MemoryStream(), new byte[64 * 1024]);
        for (var count = await body.ReadAsync(buffer, cancellationToken); count > 0; count = await body.ReadAsync(buffer, cancellationToken))
        {
            read.Write(buffer, 0, count);
            if (read.Length > MostBytes)
            {
                throw new CalendarNotFetched("calendar.too_large");
            }
        }

        return read.ToArray();
    }

    private static SocketsHttpHandler HandlerOf(CalendarSettings settings) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        ConnectTimeout = Patience,
        ConnectCallback = async (context, cancellationToken) =>
        {
            var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellationToken);
            var isPrivate = settings.IsPrivate(context.InitialRequestMessage.RequestUri!);
            var usable = addresses.Where(a => isPrivate || IsPublic(a)).ToArray();
            if (usable.Length == 0)
            {
                throw new CalendarNotFetched("calendar.host_not_allowed");
            }

            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(usable, context.DnsEndPoint.Port, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    };

    /// <summary>False for loopback, link-local, private, carrier-grade and multicast ranges of both families.</summary>
    internal static bool IsPublic(IPAddress address)
    {
        var ip = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (ip.AddressFamily == AddressFamily.InterNetworkV6)
        {
            var six = ip.GetAddressBytes();
            // 2000::/3 without 6to4, Teredo and the documentation range, behind which a private address may stand.
            return (six[0] & 0xE0) == 0x20 && !(six[0] == 0x20 && six[1] == 0x02) && !(six[0] == 0x20 && six[1] == 0x01 && six[2] == 0x00 && six[3] == 0x00)
                && !(six[0] == 0x20 && six[1] == 0x01 && six[2] == 0x0D && six[3] == 0xB8);
        }

        var four = ip.GetAddressBytes();
        return four[0] is not (0 or 10 or 127) and < 224
            && !(four[0] == 100 && (four[1] & 0xC0) == 64)
            && !(four[0] == 169 && four[1] == 254)
            && !(four[0] == 172 && (four[1] & 0xF0) == 16)
            && !(four[0] == 192 && four[1] == 168)
            && !(four[0] == 192 && four[1] == 0 && four[2] is 0 or 2)
            && !(four[0] == 198 && four[1] is 18 or 19);
    }
}
