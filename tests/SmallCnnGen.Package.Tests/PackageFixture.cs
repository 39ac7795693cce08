using System;
using System.Globalization;
using System.IO;

namespace SmallCnnGen.Package.Tests;

/// <summary>The package, packed once per run, and a folder in which programs can use it.</summary>
/// <remarks>
/// Everything happens outside the repository, whose Directory.Build.props and central package versions a user does not
/// have. The version is unique, and packages land in a folder of their own, so what is tested was packed just now.
/// </remarks>
public sealed class PackageFixture : IDisposable
{
    /// <summary>Packs.</summary>
    public PackageFixture()
    {
        Folder = Path.Combine(Path.GetTempPath(), "smallcnngen-package-" + Guid.NewGuid().ToString("N")[..8]);
        Feed = Path.Combine(Folder, "feed");
        Version = "0.1.0-test." + DateTime.UtcNow.ToString("yyyyMMddHHmmssfff", CultureInfo.InvariantCulture);
        Directory.CreateDirectory(Folder);
        try
        {
            // Its own artifacts folder: other test projects are built and run from bin/ and obj/ at the same time.
            Shell.Dotnet(
                Repository.Root, "pack", Path.Combine("src", "SmallCnnGen"), "-c", "Release", "-p:Version=" + Version,
                "--artifacts-path", Path.Combine(Folder, "artifacts"), "-o", Feed).Succeeded();

            // Sources and credentials of the machine stay in force; so does its package cache, read only.
            string cache = Shell.Dotnet(Folder, "nuget", "locals", "global-packages", "--list").Succeeded().Output.Split(": ", 2)[1].Trim();
            File.WriteAllText(Path.Combine(Folder, "nuget.config"), $"""
                <configuration>
                  <packageSources><add key="SmallCnnGen.Package.Tests" value="{Feed}" /></packageSources>
                  <config><add key="globalPackagesFolder" value="packages" /></config>
                  <fallbackPackageFolders><add key="machine" value="{cache}" /></fallbackPackageFolders>
                </configuration>
                """);

            // nothing above the temporary folder may decide how the programs are built
            foreach (string name in (string[])["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props"])
                File.WriteAllText(Path.Combine(Folder, name), "<Project />");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The folder of this run.</summary>
    public string Folder { get; }

    /// <summary>The package source.</summary>
    public string Feed { get; }

    /// <summary>The version packed.</summary>
    public string Version { get; }

    /// <summary>The package file.</summary>
    public string Nupkg => Path.Combine(Feed, $"SmallCnnGen.{Version}.nupkg");

    /// <summary>Makes a console project as "dotnet new console" and "dotnet add package SmallCnnGen" would.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="program">Its Program.cs.</param>
    /// <param name="reference">What it references instead of the package.</param>
    /// <returns>Its folder.</returns>
    /// <remarks>
    /// The property Framework stands for the two lines a user would edit: dotnet does not hand a TargetFramework given
    /// on the command line to the restore.
    /// </remarks>
    public string CreateProject(string name, string program, string? reference = null)
    {
        string folder = Path.Combine(Folder, name);
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, name + ".csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <Framework Condition="'$(Framework)' == ''">net10.0</Framework>
                <TargetFramework>$(Framework)</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
              </PropertyGroup>
              <ItemGroup>
                {reference ?? $"<PackageReference Include=\"SmallCnnGen\" Version=\"{Version}\" />"}
              </ItemGroup>
            </Project>
            """);
        File.WriteAllText(Path.Combine(folder, "Program.cs"), program);
        return folder;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            Directory.Delete(Folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A compiler server may hold the analyzers a little longer; a temporary folder can wait.
        }
    }
}
