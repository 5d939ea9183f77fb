using System.Reflection;
using Consultation.Audit;
using Consultation.CalendarChange;
using Consultation.Cases;
using Consultation.Disaster;
using Consultation.Experts;
using Consultation.Experts.Outside;
using Consultation.FollowUps;
using Consultation.Handover;
using Consultation.Mail;
using Consultation.Messaging;
using Consultation.Organisations;
using Consultation.Persistence;
using Consultation.Pipeline;
using Consultation.Routing;
using Consultation.Routing.Board;
using Consultation.Staff;
using Consultation.Topics;
using Consultation.Visits;
using Consultation.Work;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Consultation;

/// <summary>A request without <c>[Requires]</c> would be open to everybody; the product refuses to start (design §3).</summary>
public sealed class UnguardedRequest(Type request) : Exception($"{request.Name} carries no [Requires].");

/// <summary>Puts the house together: every handler, validator and reaction of the assembly, and the behaviours in their order.</summary>
public static class ConsultationServices
{
    /// <param name="source">Connects as the runtime role, never as the owner.</param>
    /// <exception cref="UnguardedRequest">A request lacks its mark.</exception>
    public static IServiceCollection AddConsultation(this IServiceCollection services, NpgsqlDataSource source)
    {
        var assembly = typeof(ConsultationServices).Assembly;
        var types = assembly.GetTypes().Where(t => t is { IsAbstract: false, IsClass: true }).ToList();
        if (types.FirstOrDefault(t => IsRequest(t) && t.GetCustomAttribute<RequiresAttribute>() is null) is { } unguarded)
        {
            throw new UnguardedRequest(unguarded);
        }

        // By factory, so that the container closes the pool when it goes.
        services.AddSingleton(_ => source);
        services.AddPooledDbContextFactory<ConsultationDb>((provider, options) => options.UseNpgsql(
            provider.GetRequiredService<NpgsqlDataSource>(),
            // A case has a handful of tracks and deadlines: one joined read is cheaper than three round trips.
            npgsql => npgsql.UseQuerySplittingBehavior(QuerySplittingBehavior.SingleQuery)));
        services.AddScoped(provider => provider.GetRequiredService<IDbContextFactory<ConsultationDb>>().CreateDbContext());
        services.AddSingleton<AppClock>();
        services.AddSingleton<TimeProvider>(provider => provider.GetRequiredService<AppClock>());
        services.AddScoped<Execution>();
        services.AddSingleton<Dispatcher>();
        services.AddSingleton<DeskBook>();
        services.AddSingleton<ProgrammeBook>();
        services.AddSingleton<RuleBook>();
        services.AddSingleton<ExpertBook>();
        services.AddScoped<RuleDrafts>();
        services.AddScoped<ExpertDiary>();
        services.AddScoped<ExpertAccess>();
        services.AddScoped<CalendarIntake>();
        services.AddSingleton(provider => CalendarSettings.Read(provider.GetService<IConfiguration>()));
        services.AddSingleton<CalendarFetcher>();
        services.AddScoped<CaseAccess>();
        services.AddScoped<Candidates>();
        services.AddScoped<Offering>();
        services.AddScoped<OfferAccess>();
        services.AddScoped<WaitingNeeds>();
        services.AddScoped<BoardAccess>();
        services.AddScoped<PlanCheck>();
        services.AddSingleton(provider => MailSettings.Read(provider.GetService<IConfiguration>()));
        services.AddSingleton<MailWake>();
        services.AddSingleton<MailSenders>();
        services.AddSingleton<TemplateBook>();
        services.AddScoped<TemplateDrafts>();
        services.AddSingleton<IMailTransport, SmtpMailTransport>();
        services.AddScoped<Outbox>();
        services.AddSingleton<WorkRuns>();
        services.AddSingleton<ScheduleRunner>();
        services.AddScoped<ClientLetter>();
        services.AddScoped<AnswerLetter>();
        services.AddScoped<VisitAccess>();
        services.AddScoped<VisitQuota>();
        services.AddScoped<VisitLetters>();
        services.AddScoped<VisitLinks>();
        services.AddScoped<VisitLinkAccess>();
        services.AddScoped<ExpiredHolds>();
        services.AddScoped<VisitCancellation>();
        services.AddScoped<VisitMoving>();
        services.AddScoped<VisitBooking>();
        services.AddScoped<SlotWishes>();
        services.AddScoped<FreedTime>();
        services.AddScoped<VisitReopening>();
        services.AddScoped<ShortNotice>();
        services.AddScoped<CallTasks>();
        services.AddScoped<ContactRecord>();
        services.AddScoped<PromisedCalls>();
        services.AddScoped<OfferCalls>();
        services.AddScoped<DiaryReading>();
        services.AddScoped<OwedReports>();
        services.AddScoped<LateReports>();
        services.AddScoped<FollowUpPlan>();
        services.AddScoped<FollowUpAccess>();
        services.AddScoped<Approaches>();
        services.AddScoped<PassingOn>();
        services.AddScoped<VisitSubstitution>();
        services.AddScoped<HandoverAccess>();
        services.AddScoped<Standing>();
        services.AddScoped<Substitutes>();
        services.AddScoped<HandoverLetters>();
        services.AddScoped<DisasterAccess>();
        services.AddScoped<DisasterLetters>();
        services.AddScoped<CaseSwitch>();
        services.AddScoped<ClosedDay>();
        services.AddScoped<SpecialDay>();
        services.AddScoped<PublishedHolidays>();
        services.AddScoped<WinterDays>();
        services.AddScoped<CalendarMoves>();

        services.AddScoped<IMediator>(provider => new Mediator(provider.GetRequiredService<ServiceFactory>()));
        services.AddScoped<ServiceFactory>(provider => provider.GetService!);
        foreach (var type in types)
        {
            foreach (var handled in type.GetInterfaces().Where(i => i.IsGenericType && (i.GetGenericTypeDefinition() == typeof(IRequestHandler<,>)
                || i.GetGenericTypeDefinition() == typeof(INotificationHandler<>) || i.GetGenericTypeDefinition() == typeof(IValidator<>))))
            {
                // A validator keeps nothing of a request, and its rules are costly to build.
                services.Add(new(handled, type, handled.GetGenericTypeDefinition() == typeof(IValidator<>) ? ServiceLifetime.Singleton : ServiceLifetime.Transient));
            }
        }

        services.AddTransient(typeof(IPipelineBehavior<,>), typeof(Trace<,>));
        services.AddTransient(typeof(IPipelineBehavior<,>), typeof(Authorize<,>));
        services.AddTransient(typeof(IPipelineBehavior<,>), typeof(Validate<,>));
        services.AddTransient(typeof(IPipelineBehavior<,>), typeof(Transact<,>));
        return services;
    }

    private static bool IsRequest(Type type) => type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IRequest<>));
}
