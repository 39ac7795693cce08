namespace SmallCnnGen.Generators;

/// <summary>Names of the pipeline's steps, so that a test can ask why each of them ran.</summary>
public static class TrackingNames
{
    /// <summary>Symbols and syntax become a specification, positions and the parser's diagnostics.</summary>
    public const string ParseNetwork = "ParseNetwork";

    /// <summary>The build properties the generator listens to.</summary>
    public const string ReadBuildProperties = "ReadBuildProperties";

    /// <summary>Whether the project is compiled without optimisation.</summary>
    public const string ReadOptimisation = "ReadOptimisation";

    /// <summary>The specification alone, completed by the build properties: all that compilation depends on.</summary>
    public const string ConfigureNetwork = "ConfigureNetwork";

    /// <summary>The expensive step: specification in, sources and findings out.</summary>
    public const string CompileNetwork = "CompileNetwork";

    /// <summary>The sources of one network under their final names.</summary>
    public const string EmitSources = "EmitSources";

    /// <summary>Findings meet positions and become diagnostics.</summary>
    public const string ReportDiagnostics = "ReportDiagnostics";
}
