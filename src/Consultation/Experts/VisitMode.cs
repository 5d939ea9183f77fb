namespace Consultation.Experts;

/// <summary>How a consultation is held: 訪問, Web会議, 電話.</summary>
public enum VisitMode { Visit, Web, Phone }
