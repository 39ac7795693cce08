using System;
using System.IO;
using System.Linq;
using Xunit;

namespace SmallCnnGen.Package.Tests;

/// <summary>A test that publishes ahead of time; skipped where the compiler for it cannot be restored.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NativeAotFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> s_obstacle = new(FindObstacle);

    /// <summary>Looks.</summary>
    public NativeAotFactAttribute() => Skip = s_obstacle.Value;

    /// <summary>
    /// Restores an empty program into the machine's own package cache, where the tests look too: the compiler has a
    /// hundred megabytes, and once is enough.
    /// </summary>
    private static string? FindObstacle()
    {
        string folder = Path.Combine(Path.GetTempPath(), "smallcnngen-aot-" + Guid.NewGuid().ToString("N")[..8]);
        Directory.CreateDirectory(folder);
        try
        {
            foreach (string name in (string[])["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props"])
                File.WriteAllText(Path.Combine(folder, name), "<Project />");
            File.WriteAllText(Path.Combine(folder, "Probe.csproj"), """
                <Project Sdk="Microsoft.NET.Sdk">
                  <PropertyGroup>
                    <OutputType>Exe</OutputType>
                    <TargetFramework>net9.0</TargetFramework>
                    <PublishAot>true</PublishAot>
                  </PropertyGroup>
                </Project>
                """);
            Finished restore = Shell.Dotnet(folder, "restore", "--use-current-runtime");
            if (restore.ExitCode == 0)
                return null;
            string reason = restore.Text.Split('\n').FirstOrDefault(line => line.Contains("error", StringComparison.Ordinal)) ?? restore.Text;
            return "the ahead-of-time compiler cannot be restored: " + reason.Trim();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
