using Consultation.Reference;

namespace Consultation.Demo;

/// <summary>Where clients are, weighted by inhabitants, so that city and country have their real shares. Source: 令和2年国勢調査, rounded to thousands.</summary>
internal static class LoadPlaces
{
    private static readonly int[] Thousands =
    [
        5225, 1238, 1211, 2302, 960, 1068, 1833, 2867, 1933, 1939, 7345, 6284, 14048, 9237, 2201, 1035, 1133, 767, 810, 2048, 1979, 3633, 7542, 1770,
        1414, 2578, 8838, 5465, 1324, 923, 553, 671, 1888, 2800, 1342, 720, 950, 1335, 692, 5135, 811, 1312, 1738, 1124, 1070, 1588, 1467,
    ];

    private static readonly int All = Thousands.Sum();

    private static readonly string[] Cities = ["中央市", "みなと市", "北見本市", "南見本市", "東山町", "西川町", "本町区", "架空市", "緑ヶ丘市", "青葉区", "大橋町", "新田村"];

    public static Prefecture Pick(LoadRandom random)
    {
        var left = random.Next(All);
        for (var at = 0; ; at++)
        {
            left -= Thousands[at];
            if (left < 0)
            {
                return Prefectures.All[at];
            }
        }
    }

    public static string City(LoadRandom random) => random.Pick(Cities);
}
