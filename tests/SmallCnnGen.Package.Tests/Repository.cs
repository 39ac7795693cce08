using System;
using System.IO;
using System.Text.RegularExpressions;

namespace SmallCnnGen.Package.Tests;

/// <summary>What the tests read in the repository.</summary>
internal static partial class Repository
{
    /// <summary>Its folder.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The first example of README.md: the C# after the marker.</summary>
    public static string ReadExample()
    {
        string readme = File.ReadAllText(Path.Combine(Root, "README.md")).ReplaceLineEndings("\n");
        Match match = Example().Match(readme);
        return match.Success
            ? match.Groups["code"].Value
            : throw new InvalidDataException("README.md has no ```csharp block after the line <!-- example:start -->");
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "SmallCnnGen.sln")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException($"no folder above {AppContext.BaseDirectory} has SmallCnnGen.sln");
    }

    [GeneratedRegex("^<!-- example:start -->\n.*?^```csharp\n(?<code>.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Example();
}
