using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Pipeline;
using Consultation.Web.Host;
using MediatR;
using Npgsql;

namespace Consultation.Web.CommandLine;

/// <summary>The product opened for one verb: its data and a way to send requests, without a server.</summary>
internal sealed class Product : IAsyncDisposable
{
    private readonly ProductData data;
    private readonly ServiceProvider services;

    private Product(ProductData data, ServiceProvider services) => (this.data, this.services) = (data, services);

    /// <summary>Takes <c>--data</c>, refuses whatever the verb has not taken before, and opens the data.</summary>
    public static async Task<Product> OpenAsync(Arguments arguments, CancellationToken cancellationToken, Action<IServiceCollection>? more = null)
    {
        var folder = arguments.Option("--data");
        arguments.Done();
        var data = await ProductData.OpenAsync(folder, cancellationToken);
        try
        {
            return new(data, await ServicesAsync(data, more, cancellationToken));
        }
        catch
        {
            await data.DisposeAsync();
            throw;
        }
    }

    public static async Task<ServiceProvider> ServicesAsync(ProductData data, Action<IServiceCollection>? more, CancellationToken cancellationToken)
    {
        var services = new ServiceCollection();
        services.AddLogging(Logging.Configure);
        services.AddConsultation(NpgsqlDataSource.Create(data.RuntimeConnectionString));
        more?.Invoke(services);
        var provider = services.BuildServiceProvider();
        try
        {
            await provider.GetRequiredService<AppClock>().RefreshAsync(provider.GetRequiredService<NpgsqlDataSource>(), cancellationToken);
            return provider;
        }
        catch
        {
            await provider.DisposeAsync();
            throw;
        }
    }

    public IServiceProvider Services => services;

    public Task<TResult> SendAsync<TResult>(IRequest<TResult> request, CancellationToken cancellationToken) =>
        services.GetRequiredService<Dispatcher>().Send(request, Actor.System("command-line"), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await data.DisposeAsync();
    }
}
