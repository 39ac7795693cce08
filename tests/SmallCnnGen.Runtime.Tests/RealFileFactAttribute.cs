using System;
using System.IO;
using System.Linq;
using Xunit;

namespace SmallCnnGen.Runtime.Tests;

/// <summary>A test that needs files of shared/data, and is skipped, saying which one is missing, where it has none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RealFileFactAttribute : FactAttribute
{
    public RealFileFactAttribute(params string[] files)
    {
        Files = files;
        if (files.FirstOrDefault(f => Find(f) is null) is { } missing)
            Skip = $"no folder above {AppContext.BaseDirectory} has shared/data/{missing}";
    }

    /// <summary>Names of the files.</summary>
    public string[] Files { get; }

    /// <summary>The path of a file, or null.</summary>
    public static string? Find(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, "shared", "data", name);
            if (File.Exists(path))
                return path;
        }

        return null;
    }
}
