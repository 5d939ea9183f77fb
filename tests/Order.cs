using System.Security.Cryptography;
using System.Text;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCaseOrderer(typeof(Consultation.Testing.Order))]
[assembly: TestCollectionOrderer(typeof(Consultation.Testing.Order))]

namespace Consultation.Testing;

/// <summary>
/// The order of the tests: by a hash of their names, so that it is the same in every folder (xUnit's own depends on where the clone lies: what passed here
/// would meet another order there). CONSULTATION_TEST_ORDER, any text, gives another one; each class must pass in all of them.
/// </summary>
public sealed class Order : ITestCaseOrderer, ITestCollectionOrderer
{
    private static readonly string Seed = Environment.GetEnvironmentVariable("CONSULTATION_TEST_ORDER") ?? "";

    public IReadOnlyCollection<TTestCase> OrderTestCases<TTestCase>(IReadOnlyCollection<TTestCase> testCases)
        where TTestCase : notnull, ITestCase => [.. testCases.OrderBy(test => Place(test.TestCaseDisplayName), StringComparer.Ordinal)];

    /// <summary>The display name of a class's collection ends with an id that holds the folder.</summary>
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(all => Place(all.TestCollectionDisplayName.Split(" (id")[0]), StringComparer.Ordinal)];

    private static string Place(string name) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Seed + name)));
}
