using System;
using Microsoft.CodeAnalysis.Diagnostics;
using SmallCnnGen.Compiler.Model;

namespace SmallCnnGen.Generators;

/// <summary>The build properties the generator listens to.</summary>
/// <param name="VectorBits">Vector widths, or-ed, of networks that do not set their own.</param>
/// <param name="InvalidVectorBits">What the property says when that is no vector width, else null.</param>
/// <param name="Winograd">Whether networks that do not say may use Winograd's method.</param>
/// <param name="InvalidWinograd">What the property says when that is neither true nor false, else null.</param>
/// <param name="ReadyToRunBits">Vector width whose kernels ReadyToRun is to compile, or 0.</param>
/// <param name="InvalidReadyToRun">What SmallCnnGenReadyToRun says when that is not understood, else null.</param>
/// <param name="DeclarationsOnly">Check declarations but emit nothing: for libraries of architectures that others vary.</param>
/// <param name="DebugNote">Whether networks of a Debug build say that they are slow.</param>
internal sealed record BuildProperties(int VectorBits, string? InvalidVectorBits, WinogradUse Winograd, string? InvalidWinograd, int ReadyToRunBits, string? InvalidReadyToRun, bool DeclarationsOnly, bool DebugNote)
{
    /// <summary>Reads them.</summary>
    public static BuildProperties Read(AnalyzerConfigOptionsProvider provider)
    {
        bool declarationsOnly = Property(provider, "SmallCnnGenDeclarationsOnly").Equals("true", StringComparison.OrdinalIgnoreCase);
        (int readyToRun, string? invalidReadyToRun) = ParseReadyToRun(Property(provider, "_SmallCnnGenReadyToRunBits"));
        bool debugNote = !Property(provider, "SmallCnnGenDebugNote").Equals("false", StringComparison.OrdinalIgnoreCase);
        string text = Property(provider, "SmallCnnGenVectorBits");

        // What is not precompiled would be compiled on the first call, which is what ReadyToRun is to avoid.
        int automatic = readyToRun != 0 ? readyToRun : Automatic(Property(provider, "RuntimeIdentifier"));
        int bits = text.Length == 0 || text.Equals("auto", StringComparison.OrdinalIgnoreCase) ? automatic : Parse(text);
        string winograd = Property(provider, "SmallCnnGenWinograd");
        (WinogradUse use, string? invalidUse) = winograd.ToLowerInvariant() switch
        {
            "" or "true" => (WinogradUse.WhereFaster, null),
            "false" => (WinogradUse.Never, null),
            _ => (WinogradUse.WhereFaster, winograd),
        };
        return new(bits == 0 ? automatic : bits, bits == 0 ? text : null, use, invalidUse, readyToRun, invalidReadyToRun, declarationsOnly, debugNote);
    }

    /// <summary>A network with what it does not say itself.</summary>
    /// <param name="spec">The network as written.</param>
    /// <param name="isDebug">Whether it is compiled without optimisation.</param>
    public NetworkSpec Complete(NetworkSpec spec, bool isDebug = false) => spec with
    {
        Options = spec.Options with
        {
            VectorBits = spec.Options.VectorBits == 0 ? VectorBits : spec.Options.VectorBits,
            Winograd = spec.Options.Winograd ?? Winograd,
            ReadyToRunBits = ReadyToRunBits,
            IsDebug = isDebug && DebugNote,
        },
    };

    /// <summary>
    /// Every width a build may meet: AVX2 and AVX-512 on x64 (processors without either are over ten years old, and a
    /// network can be told 128), 128 bits on Arm, all of them where the build is for any machine.
    /// </summary>
    private static int Automatic(string runtimeIdentifier)
    {
        bool Ends(string architecture) => runtimeIdentifier.EndsWith("-" + architecture, StringComparison.OrdinalIgnoreCase);
        if (Ends("x64"))
            return 256 | 512;
        return Ends("arm64") || Ends("arm") || Ends("wasm") ? 128 : 128 | 256 | 512;
    }

    /// <summary>
    /// "256", or several with a plus, a comma or a space between them; 0 for anything else. (A semicolon would end the value in
    /// the file that the compiler reads properties from, so the build files hand it on as a plus.)
    /// </summary>
    private static int Parse(string text)
    {
        int bits = 0;
        foreach (string part in text.Split(new[] { ',', '+', ';', ' ' }, StringSplitOptions.RemoveEmptyEntries))
        {
            int width = part.Trim() switch { "128" => 128, "256" => 256, "512" => 512, _ => 0 };
            if (width == 0)
                return 0;
            bits |= width;
        }

        return bits;
    }

    /// <summary>The one width of an image, resolved by the package's build files; "false" and "auto" mean none by then.</summary>
    private static (int Bits, string? Invalid) ParseReadyToRun(string text) => text.ToLowerInvariant() switch
    {
        "" or "false" or "auto" => (0, null),
        "128" => (128, null),
        "256" => (256, null),
        "512" => (512, null),
        _ => (0, text),
    };

    /// <summary>A build property; one that is not set arrives as an empty string or not at all.</summary>
    private static string Property(AnalyzerConfigOptionsProvider provider, string name) =>
        provider.GlobalOptions.TryGetValue("build_property." + name, out string? text) ? text.Trim() : string.Empty;
}
