using Microsoft.CodeAnalysis.Diagnostics;

namespace SmallCnnGen.Generators;

/// <summary>The build properties the generator listens to.</summary>
/// <param name="VectorBits">Vector width of networks that do not set their own.</param>
/// <param name="InvalidVectorBits">What the property says when that is no vector width, else null.</param>
/// <param name="DeclarationsOnly">Check declarations but emit nothing: for libraries of architectures that others vary.</param>
internal sealed record BuildProperties(int VectorBits, string? InvalidVectorBits, bool DeclarationsOnly)
{
    private const int DefaultVectorBits = 256;

    /// <summary>Reads them.</summary>
    public static BuildProperties Read(AnalyzerConfigOptionsProvider provider)
    {
        bool declarationsOnly = Property(provider, "SmallCnnGenDeclarationsOnly").Equals("true", System.StringComparison.OrdinalIgnoreCase);
        string text = Property(provider, "SmallCnnGenVectorBits");
        return text switch
        {
            "" => new(DefaultVectorBits, null, declarationsOnly),
            "128" => new(128, null, declarationsOnly),
            "256" => new(256, null, declarationsOnly),
            "512" => new(512, null, declarationsOnly),
            _ => new(DefaultVectorBits, text, declarationsOnly),
        };
    }

    /// <summary>A build property; one that is not set arrives as an empty string or not at all.</summary>
    private static string Property(AnalyzerConfigOptionsProvider provider, string name) =>
        provider.GlobalOptions.TryGetValue("build_property." + name, out string? text) ? text.Trim() : string.Empty;
}
