using Consultation.Messaging;
using Consultation.Staff;
using Consultation.Web.Host;
using Consultation.Web.SignIn;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Consultation.Web.Tests.SignIn;

/// <summary>Two servers on one database by the real clock, for the doors of both; a test brings people of its own.</summary>
public sealed class TwoNodes(TestCluster cluster) : IAsyncLifetime
{
    private static int names;

    public WebApplication Here { get; private set; } = null!;

    public WebApplication There { get; private set; } = null!;

    internal NpgsqlDataSource Source { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var database = await cluster.NewDatabaseAsync();
        Source = NpgsqlDataSource.Create(database);
        Here = ConsultationHost.Build(new(database, ServerRole.Web));
        There = ConsultationHost.Build(new(database, ServerRole.Web));
        await Here.StartAsync();
        await There.StartAsync();
        await Send(new Demo.SeedEssentials());
    }

    public async ValueTask DisposeAsync()
    {
        await Here.DisposeAsync();
        await There.DisposeAsync();
        await Source.DisposeAsync();
    }

    public Task<TResult> Send<TResult>(MediatR.IRequest<TResult> request) => Here.Services.GetRequiredService<Dispatcher>().Send(request, Actor.System("test"));

    /// <summary>A sign-in name that nobody else has.</summary>
    public static string NewName() => $"person{Interlocked.Increment(ref names)}@desk.example";

    public async Task OpenAsync(StaffId person, string userName, string password)
    {
        await using var scope = Here.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<Accounts>().OpenAsync(person, userName, password, CancellationToken.None);
    }

    public async Task<object?> SqlAsync(string sql)
    {
        await using var ask = Source.CreateCommand(sql);
        return await ask.ExecuteScalarAsync();
    }

    public async Task<List<string>> ListAsync(string sql)
    {
        await using var ask = Source.CreateCommand(sql);
        await using var reader = await ask.ExecuteReaderAsync();
        var found = new List<string>();
        while (await reader.ReadAsync())
        {
            found.Add(reader.GetString(0));
        }

        return found;
    }
}
