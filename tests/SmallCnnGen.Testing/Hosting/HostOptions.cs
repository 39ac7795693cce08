using System.Collections.Generic;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace SmallCnnGen.Testing.Hosting;

/// <summary>How <see cref="GeneratorHost"/> compiles.</summary>
public sealed record HostOptions
{
    /// <summary>What most tests want.</summary>
    public static HostOptions Default { get; } = new();

    /// <summary>Name of the assembly.</summary>
    public string AssemblyName { get; init; } = "Hosted";

    /// <summary>Whether the project sets AllowUnsafeBlocks.</summary>
    public bool AllowUnsafe { get; init; } = true;

    /// <summary>Optimised code, as benchmarks and users run it.</summary>
    public bool Optimize { get; init; } = true;

    /// <summary>Whether the compilation has nullable reference types enabled.</summary>
    public bool Nullable { get; init; } = true;

    /// <summary>C# version of the sources and of what is generated.</summary>
    public LanguageVersion LanguageVersion { get; init; } = LanguageVersion.Latest;

    /// <summary>What becomes of documentation comments; Diagnose as where a project publishes them.</summary>
    public DocumentationMode Documentation { get; init; } = DocumentationMode.Parse;

    /// <summary>Whether the project sets CheckForOverflowUnderflow.</summary>
    public bool CheckOverflow { get; init; }

    /// <summary>Build properties as MSBuild would pass them, by their names ("SmallCnnGenVectorBits").</summary>
    public IReadOnlyDictionary<string, string> BuildProperties { get; init; } = new Dictionary<string, string>();

    /// <summary>Text of an .editorconfig above all sources, with its section headers.</summary>
    public string EditorConfig { get; init; } = "";

    /// <summary>References beside the framework and SmallCnnGen.dll.</summary>
    public IReadOnlyList<MetadataReference> References { get; init; } = [];

    /// <summary>The generator, when it is not a new SmallCnnGenerator.</summary>
    public IIncrementalGenerator? Generator { get; init; }

    /// <summary>False compiles the sources alone: a library whose networks and blocks are only referred to.</summary>
    public bool RunGenerator { get; init; } = true;
}
