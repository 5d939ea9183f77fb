using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Pipeline;
using Consultation.Web.Host;
using Consultation.Web.Mailbox;
using MediatR;
using Npgsql;

namespace Consultation.Web.CommandLine;

/// <summary>The product opened for one verb: its data and a way to send requests, without a server.</summary>
internal sealed class Product : IAsyncDisposable
{
    private readonly ProductData? owned;
    private readonly ServiceProvider services;
    private DemoMailServer? mailbox;

    private Product(ProductData? owned, ServiceProvider services) => (this.owned, this.services) = (owned, services);

    public IServiceProvider Services => services;

    /// <summary>Takes <c>--data</c>, refuses whatever the verb has not taken before, and opens the data.</summary>
    public static async Task<Product> OpenAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        var folder = arguments.Option("--data");
        arguments.Done();
        var data = await ProductData.OpenAsync(folder, cancellationToken);
        try
        {
            return await OnAsync(data, data, null, cancellationToken);
        }
        catch
        {
            await data.DisposeAsync();
            throw;
        }
    }

    /// <summary>On data that somebody else opened and closes.</summary>
    public static Task<Product> OnAsync(ProductData data, Action<IServiceCollection>? more, CancellationToken cancellationToken) =>
        OnAsync(data, null, more, cancellationToken);

    public Task<TResult> SendAsync<TResult>(IRequest<TResult> request, CancellationToken cancellationToken) =>
        services.GetRequiredService<Dispatcher>().Send(request, Actor.System("command-line"), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (mailbox is not null)
        {
            await mailbox.StopAsync(CancellationToken.None);
        }

        await services.DisposeAsync();
        if (owned is not null)
        {
            await owned.DisposeAsync();
        }
    }

    private static async Task<Product> OnAsync(ProductData data, ProductData? owned, Action<IServiceCollection>? more, CancellationToken cancellationToken)
    {
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables().AddInMemoryCollection().Build();
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(configuration);
        services.AddLogging(logging => Logging.Configure(logging, LogLevel.Warning));
        services.AddConsultation(RuntimeSource.Create(data.RuntimeConnectionString));
        more?.Invoke(services);
        var product = new Product(owned, services.BuildServiceProvider());
        try
        {
            await product.BeginAsync(data, configuration, cancellationToken);
            return product;
        }
        catch
        {
            await product.services.DisposeAsync();
            throw;
        }
    }

    private async Task BeginAsync(ProductData data, IConfiguration configuration, CancellationToken cancellationToken)
    {
        await services.GetRequiredService<AppClock>().RefreshAsync(services.GetRequiredService<NpgsqlDataSource>(), cancellationToken);

        // A verb that does background work sends the demo's mail too; the mailbox is a table, so it does not matter who takes it in.
        if (string.IsNullOrWhiteSpace(configuration["Mail:Host"]) && await data.IsDemoAsync(cancellationToken))
        {
            mailbox = ActivatorUtilities.CreateInstance<DemoMailServer>(services, DemoMailServer.Listen(configuration));
            await mailbox.StartAsync(CancellationToken.None);
        }
    }
}
