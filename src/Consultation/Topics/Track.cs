namespace Consultation.Topics;

/// <summary>
/// The two fields of advice a case may need: the Ministry of Internal Affairs and Communications (ICT) and the Ministry of
/// Health, Labour and Welfare (labour management). Source: design §2, domain §5.
/// </summary>
public enum Track
{
    Mic,
    Mhlw,
}
