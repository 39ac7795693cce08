// Linked into the compiler, where it lives in another namespace so that a test can reference both assemblies.
#if SMALLCNNGEN_COMPILER
namespace SmallCnnGen.Compiler.Ir;
#else
namespace SmallCnnGen;
#endif

/// <summary>How an upsampling layer fills new pixels.</summary>
public enum UpsampleMode
{
    /// <summary>Source pixel floor(i / scale).</summary>
    Nearest = 0,

    /// <summary>Two-way linear interpolation.</summary>
    Bilinear = 1,
}
