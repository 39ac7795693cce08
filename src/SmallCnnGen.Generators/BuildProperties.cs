using Microsoft.CodeAnalysis.Diagnostics;

namespace SmallCnnGen.Generators;

/// <summary>The build properties the generator listens to.</summary>
/// <param name="VectorBits">Vector width of networks that do not set their own.</param>
/// <param name="InvalidVectorBits">What the property says when that is no vector width, else null.</param>
internal sealed record BuildProperties(int VectorBits, string? InvalidVectorBits)
{
    private const int DefaultVectorBits = 256;

    /// <summary>Reads them.</summary>
    public static BuildProperties Read(AnalyzerConfigOptionsProvider provider)
    {
        // An unset property arrives as an empty string.
        if (!provider.GlobalOptions.TryGetValue("build_property.SmallCnnGenVectorBits", out string? text)
            || string.IsNullOrWhiteSpace(text))
        {
            return new(DefaultVectorBits, null);
        }

        return text.Trim() switch
        {
            "128" => new(128, null),
            "256" => new(256, null),
            "512" => new(512, null),
            _ => new(DefaultVectorBits, text),
        };
    }
}
