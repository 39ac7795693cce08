using Xunit;

namespace SmallCnnGen.Package.Tests;

/// <summary>All tests share one package and run one after another: each of them is a build.</summary>
[CollectionDefinition(Name)]
public sealed class PackageCollection : ICollectionFixture<PackageFixture>
{
    /// <summary>Its name.</summary>
    public const string Name = "package";
}
