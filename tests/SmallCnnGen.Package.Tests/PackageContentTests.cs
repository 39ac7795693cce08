using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;
using Xunit;

namespace SmallCnnGen.Package.Tests;

/// <summary>What is in the package, and what is not.</summary>
[Collection(PackageCollection.Name)]
public sealed class PackageContentTests(PackageFixture package)
{
    [Fact]
    public void Files_AreExactlyThese()
    {
        using ZipArchive archive = ZipFile.OpenRead(package.Nupkg);
        string[] packed = archive.Entries
            .Select(entry => entry.FullName)
            .Where(name => !name.EndsWith(".psmdcp", StringComparison.Ordinal) && name is not ("_rels/.rels" or "[Content_Types].xml"))
            .Order(StringComparer.Ordinal)
            .ToArray();
        var expected = new List<string>
        {
            "LICENSE",
            "README.md",
            "SmallCnnGen.nuspec",
            "analyzers/dotnet/roslyn4.8/cs/SmallCnnGen.Compiler.dll",
            "analyzers/dotnet/roslyn4.8/cs/SmallCnnGen.Generators.dll",
            "build/SmallCnnGen.props",
            "buildTransitive/SmallCnnGen.targets",
            "lib/net10.0/SmallCnnGen.dll",
            "lib/net10.0/SmallCnnGen.xml",
            "lib/net9.0/SmallCnnGen.dll",
            "lib/net9.0/SmallCnnGen.xml",
        };
        if (Directory.Exists(Path.Combine(Repository.Root, "src", "SmallCnnGen.CodeFixes")))
            expected.Add("analyzers/dotnet/roslyn4.8/cs/SmallCnnGen.CodeFixes.dll");
        Assert.Equal(expected.Order(StringComparer.Ordinal), packed);
    }

    [Fact]
    public void Symbols_ArePackedBesideIt()
    {
        using ZipArchive archive = ZipFile.OpenRead(Path.ChangeExtension(package.Nupkg, ".snupkg"));
        Assert.Equal(
            ["lib/net10.0/SmallCnnGen.pdb", "lib/net9.0/SmallCnnGen.pdb"],
            archive.Entries.Select(entry => entry.FullName).Where(name => name.EndsWith(".pdb", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Manifest_HasNoDependencies_AndTheLibraryFlows()
    {
        using ZipArchive archive = ZipFile.OpenRead(package.Nupkg);
        using Stream stream = archive.GetEntry("SmallCnnGen.nuspec")!.Open();
        XElement metadata = XDocument.Load(stream).Root!.Elements().Single();
        string? Value(string name) => metadata.Elements().SingleOrDefault(e => e.Name.LocalName == name)?.Value;

        Assert.Equal(package.Version, Value("version"));
        Assert.Equal("MIT", Value("license"));
        Assert.Equal("README.md", Value("readme"));
        Assert.False(string.IsNullOrEmpty(Value("description")));
        Assert.False(string.IsNullOrEmpty(Value("tags")));

        // developmentDependency would keep the run-time library from the projects that reference ours
        Assert.Null(Value("developmentDependency"));
        Assert.DoesNotContain(metadata.Descendants(), e => e.Name.LocalName == "dependency");
        Assert.Equal(["net10.0", "net9.0"], metadata.Descendants().Where(e => e.Name.LocalName == "group").Select(e => e.Attribute("targetFramework")!.Value));
    }

    [Fact]
    public void Generator_AsksForNoNewerCompilerThanItsFolderSays()
    {
        Assert.All(References("SmallCnnGen.Generators").Where(r => r.Name.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal)), r => Assert.Equal(new Version(4, 8, 0, 0), r.Version));
        Assert.DoesNotContain(References("SmallCnnGen.Compiler"), r => r.Name.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal));
    }

    private (string Name, Version Version)[] References(string assembly)
    {
        using ZipArchive archive = ZipFile.OpenRead(package.Nupkg);
        using var memory = new MemoryStream();
        using (Stream stream = archive.GetEntry($"analyzers/dotnet/roslyn4.8/cs/{assembly}.dll")!.Open())
            stream.CopyTo(memory);
        memory.Position = 0;
        using var image = new PEReader(memory);
        MetadataReader reader = image.GetMetadataReader();
        return reader.AssemblyReferences
            .Select(reader.GetAssemblyReference)
            .Select(reference => (reader.GetString(reference.Name), reference.Version))
            .ToArray();
    }
}
