namespace Consultation.Persistence;

/// <summary>The private PostgreSQL cluster cannot be found, initialised or started; the message says in Japanese what to do.</summary>
public sealed class ClusterUnavailable(string message, Exception? cause = null) : Exception(message, cause);
