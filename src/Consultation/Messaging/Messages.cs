using MediatR;

namespace Consultation.Messaging;

/// <summary>A request that changes something; it runs in one transaction (design §3).</summary>
public interface ICommand<out TResult> : IRequest<TResult>;

/// <summary>A request that only reads.</summary>
public interface IQuery<out TResult> : IRequest<TResult>;

/// <summary>Something that has happened, told by a lower room; the room above reacts in the same transaction by writing rows (design §1).</summary>
public interface IDomainEvent : INotification;

/// <summary>
/// Marks a command that takes care of its own transactions, because it sends shorter commands or does I/O between them (import, mail dispatch).
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class OutsideTransactionAttribute : Attribute;

/// <summary>
/// Marks a command that counts everything open again by another calendar: it runs alone, so that no other counts by the old one meanwhile.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ChangesCalendarAttribute : Attribute;

/// <summary>
/// A page of a list: <c>next</c> goes back as <c>after</c>, null at the end (design §6).
/// </summary>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);
