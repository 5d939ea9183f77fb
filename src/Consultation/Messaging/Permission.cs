using System.Collections.Frozen;

namespace Consultation.Messaging;

/// <summary>What a request may demand of its actor (design §3, "Permissions").</summary>
public enum Permission
{
    /// <summary>For requests that every signed-in actor may send, such as asking for the time.</summary>
    SignedIn,
    LogInquiry,
    AddContact,
    ViewCases,
    EditCase,
    RouteCase,
    JoinTrack,
    OfferCase,
    AnswerOffer,
    BookVisit,

    /// <summary>To book a consultation that is not counted.</summary>
    ExemptFromQuota,

    /// <summary>To book beyond an exhausted quota (domain.md §6.6).</summary>
    ExceedQuota,
    CompleteVisit,
    WriteReport,
    ApproveReport,
    WorkFollowUps,
    CloseCase,
    ReassignCase,
    ManageExperts,
    KeepOwnAvailability,

    /// <summary>To keep availability at all: experts their own, managers everybody's.</summary>
    KeepAvailability,

    /// <summary>To read the list of experts; experts find only themselves there.</summary>
    ViewExperts,
    ViewCaseLoad,
    ViewAudit,
    Administer,
    ReadDemoMailbox,
    MoveDemoClock,


    /// <summary>To turn the visits of a prefecture into web meetings, or put them off (journey J26).</summary>
    DeclareDisaster,

    /// <summary>What a secret link opens without signing in, and nothing else: the one visit of a letter, its survey, the calendar of one expert.</summary>
    FollowLink,

    /// <summary>Background work and the command line only.</summary>
    Operate,
}

/// <summary>Marks a request with the permission it needs; a request without the mark fails at start-up (design §10.4).</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class RequiresAttribute(Permission permission) : Attribute
{
    public Permission Permission { get; } = permission;
}

/// <summary>Which role holds which permission. Row rights (whose cases) are a second question, answered by <c>CaseAccess</c>.</summary>
public static class Permissions
{
    private static readonly Permission[] DeskWork =
    [
        Permission.SignedIn, Permission.LogInquiry, Permission.AddContact, Permission.ViewCases, Permission.EditCase, Permission.RouteCase, Permission.JoinTrack,
        Permission.OfferCase, Permission.AnswerOffer, Permission.BookVisit, Permission.CompleteVisit, Permission.WriteReport,
        Permission.WorkFollowUps, Permission.CloseCase, Permission.ViewExperts, Permission.ExemptFromQuota,
    ];

    private static readonly FrozenDictionary<Role, FrozenSet<Permission>> Held = new Dictionary<Role, FrozenSet<Permission>>
    {
        [Role.Desk] = DeskWork.ToFrozenSet(),
        [Role.Centre] = DeskWork.Concat([Permission.ReadDemoMailbox, Permission.DeclareDisaster]).ToFrozenSet(),
        [Role.Supervisor] = DeskWork.Concat([Permission.ApproveReport, Permission.ExceedQuota, Permission.ReassignCase, Permission.ManageExperts, Permission.KeepAvailability, Permission.ViewCaseLoad, Permission.ReadDemoMailbox, Permission.MoveDemoClock, Permission.DeclareDisaster]).ToFrozenSet(),
        [Role.Expert] = new[]
        {
            Permission.SignedIn, Permission.ViewCases, Permission.AddContact, Permission.JoinTrack, Permission.AnswerOffer, Permission.BookVisit, Permission.CompleteVisit,
            Permission.WriteReport, Permission.WorkFollowUps, Permission.KeepOwnAvailability, Permission.KeepAvailability,
            Permission.ViewExperts,
        }.ToFrozenSet(),
        [Role.Ministry] = new[] { Permission.SignedIn, Permission.ViewCaseLoad }.ToFrozenSet(),
        [Role.Auditor] = new[] { Permission.SignedIn, Permission.ViewAudit }.ToFrozenSet(),
        [Role.Administrator] = new[] { Permission.SignedIn, Permission.Administer, Permission.MoveDemoClock, Permission.ManageExperts, Permission.KeepAvailability, Permission.ViewExperts }.ToFrozenSet(),
        [Role.System] = Enum.GetValues<Permission>().ToFrozenSet(),
        [Role.Public] = new[] { Permission.FollowLink }.ToFrozenSet(),
    }.ToFrozenDictionary();

    public static IReadOnlySet<Permission> Of(Role role) => Held[role];
}
