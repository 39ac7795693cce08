using System;
using System.IO;
using System.Linq;

namespace SmallCnnGen.Package.Tests;

/// <summary>Whether NuGet can restore what a way of publishing needs.</summary>
internal static class RestoreProbe
{
    /// <summary>
    /// Restores an empty program into the machine's own package cache, where the tests look too: such a compiler has tens
    /// of megabytes, and once is enough.
    /// </summary>
    /// <param name="properties">What the program's project says about publishing.</param>
    /// <param name="what">The compiler that it needs, in words.</param>
    /// <returns>Why not, or null.</returns>
    public static string? FindObstacle(string properties, string what)
    {
        string folder = Path.Combine(Path.GetTempPath(), "smallcnngen-probe-" + Guid.NewGuid().ToString("N")[..8]);
        Directory.CreateDirectory(folder);
        try
        {
            foreach (string name in (string[])["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props"])
                File.WriteAllText(Path.Combine(folder, name), "<Project />");
            File.WriteAllText(Path.Combine(folder, "Probe.csproj"), $"""
                <Project Sdk="Microsoft.NET.Sdk">
                  <PropertyGroup>
                    <OutputType>Exe</OutputType>
                    {properties}
                  </PropertyGroup>
                </Project>
                """);
            Finished restore = Shell.Dotnet(folder, "restore", "--use-current-runtime");
            if (restore.ExitCode == 0)
                return null;
            string reason = restore.Text.Split('\n').FirstOrDefault(line => line.Contains("error", StringComparison.Ordinal)) ?? restore.Text;
            return what + " cannot be restored: " + reason.Trim();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
