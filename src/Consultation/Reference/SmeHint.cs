namespace Consultation.Reference;

/// <summary>The classes of industry in 中小企業基本法 2条.</summary>
public enum SmeClass
{
    /// <summary>製造業、建設業、運輸業その他.</summary>
    Other,
    Wholesale,
    Retail,
    Service,

    /// <summary>Outside the act, as public administration is.</summary>
    NotApplicable,
}

/// <summary>What the act asks about a body: companies by capital or employees, individuals by employees alone.</summary>
public enum BusinessForm
{
    Company,
    SoleProprietor,

    /// <summary>Public bodies, NPO, 医療法人 and others the act does not speak of.</summary>
    NotABusiness,
}

/// <summary>Whether the body looks like an SME (目安). It never blocks anything.</summary>
public enum SmeHint
{
    Yes,
    No,
    Unknown,
    NotApplicable,
}

/// <summary>
/// 中小企業者 and 小規模企業者 by 中小企業基本法 2条 (domain §9.6). Employees are 常時使用する従業員, capital in yen; null means not
/// known. Where the answer hangs on what is not known it is <see cref="SmeHint.Unknown"/>.
/// </summary>
public static class SmeRules
{
    public static SmeHint Medium(IReadOnlyCollection<SmeClass> possible, BusinessForm? form, int? employees, long? capitalYen) =>
        Agreed(possible, form, (sme, of) => Medium(sme, of, employees, capitalYen));

    /// <summary>小規模企業者: employees alone decide, there is no capital test.</summary>
    public static SmeHint Small(IReadOnlyCollection<SmeClass> possible, BusinessForm? form, int? employees) =>
        Agreed(possible, form, (sme, _) => employees is null ? SmeHint.Unknown : Answer(employees <= (sme == SmeClass.Other ? 20 : 5)));

    private static SmeHint Medium(SmeClass sme, BusinessForm form, int? employees, long? capitalYen)
    {
        var (maxCapital, maxEmployees) = sme switch
        {
            SmeClass.Wholesale => (100_000_000L, 100),
            SmeClass.Service => (50_000_000L, 100),
            SmeClass.Retail => (50_000_000L, 50),
            _ => (300_000_000L, 300),
        };
        bool? fewEmployees = employees is null ? null : employees <= maxEmployees;
        bool? littleCapital = form == BusinessForm.SoleProprietor ? false : capitalYen is null ? null : capitalYen <= maxCapital;
        return fewEmployees == true || littleCapital == true
            ? SmeHint.Yes
            : fewEmployees is null || littleCapital is null ? SmeHint.Unknown : SmeHint.No;
    }

    private static SmeHint Agreed(IReadOnlyCollection<SmeClass> possible, BusinessForm? form, Func<SmeClass, BusinessForm, SmeHint> judge)
    {
        var forms = form is { } known ? [known] : Enum.GetValues<BusinessForm>();
        var answers = (from sme in possible
                       from of in forms
                       select sme == SmeClass.NotApplicable || of == BusinessForm.NotABusiness ? SmeHint.NotApplicable : judge(sme, of))
            .Distinct()
            .ToArray();
        return answers is [var only] ? only : SmeHint.Unknown;
    }

    private static SmeHint Answer(bool yes) => yes ? SmeHint.Yes : SmeHint.No;
}
