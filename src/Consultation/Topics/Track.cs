namespace Consultation.Topics;

/// <summary>The two sides of the one-stop service: <c>Mic</c> 総務省 (ICT, テレワークマネージャー) and <c>Mhlw</c> 厚生労働省 (労務管理).</summary>
public enum Track
{
    Mic,
    Mhlw,
}
