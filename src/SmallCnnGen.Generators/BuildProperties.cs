using Microsoft.CodeAnalysis.Diagnostics;
using SmallCnnGen.Compiler.Model;

namespace SmallCnnGen.Generators;

/// <summary>The build properties the generator listens to.</summary>
/// <param name="VectorBits">Vector width of networks that do not set their own.</param>
/// <param name="InvalidVectorBits">What the property says when that is no vector width, else null.</param>
/// <param name="Winograd">Whether networks that do not say may use Winograd's method.</param>
/// <param name="InvalidWinograd">What the property says when that is neither true nor false, else null.</param>
/// <param name="DeclarationsOnly">Check declarations but emit nothing: for libraries of architectures that others vary.</param>
internal sealed record BuildProperties(int VectorBits, string? InvalidVectorBits, WinogradUse Winograd, string? InvalidWinograd, bool DeclarationsOnly)
{
    private const int DefaultVectorBits = 256;

    /// <summary>Reads them.</summary>
    public static BuildProperties Read(AnalyzerConfigOptionsProvider provider)
    {
        bool declarationsOnly = Property(provider, "SmallCnnGenDeclarationsOnly").Equals("true", System.StringComparison.OrdinalIgnoreCase);
        string bits = Property(provider, "SmallCnnGenVectorBits");
        string winograd = Property(provider, "SmallCnnGenWinograd");
        (int vectorBits, string? invalidBits) = bits switch
        {
            "" => (DefaultVectorBits, null),
            "128" => (128, null),
            "256" => (256, null),
            "512" => (512, null),
            _ => (DefaultVectorBits, bits),
        };
        (WinogradUse use, string? invalidUse) = winograd.ToLowerInvariant() switch
        {
            "" or "true" => (WinogradUse.WhereFaster, null),
            "false" => (WinogradUse.Never, null),
            _ => (WinogradUse.WhereFaster, winograd),
        };
        return new BuildProperties(vectorBits, invalidBits, use, invalidUse, declarationsOnly);
    }

    /// <summary>A build property; one that is not set arrives as an empty string or not at all.</summary>
    private static string Property(AnalyzerConfigOptionsProvider provider, string name) =>
        provider.GlobalOptions.TryGetValue("build_property." + name, out string? text) ? text.Trim() : string.Empty;
}
