using Consultation.Messaging;
using Consultation.Web.Pages.Shared;

namespace Consultation.Web.Pages.Supervision;

/// <summary>The pages of the supervisor's room, as far as the role may open them.</summary>
public static class SupervisionViews
{
    public const string Load = "/supervision";
    public const string Table = "/supervision/table";
    public const string Reports = "/supervision/reports";
    public const string Months = "/supervision/months";
    public const string YearEnd = "/supervision/year-end";
    public const string WhatIf = "/supervision/what-if";

    public static IReadOnlyList<SavedView> Of(Actor actor, string current)
    {
        var views = new List<SavedView> { new("担当・滞留状況", Load, current == Load), new("内訳の表", Table, current == Table) };
        if (actor.Can(Permission.ApproveReport))
        {
            views.Add(new("報告の承認・未提出", Reports, current == Reports));
        }

        views.Add(new("月次報告", Months, current == Months));
        views.Add(new("待ち日数の見込み", WhatIf, current == WhatIf));
        if (actor.Can(Permission.ReassignCase))
        {
            views.Add(new("年度末の引継ぎ", YearEnd, current == YearEnd));
        }

        return views;
    }
}
