namespace SmallCnnGen.Compiler.Model;

/// <summary>Which 3x3 convolutions are computed by Winograd's method.</summary>
public enum WinogradUse
{
    /// <summary>None.</summary>
    Never,

    /// <summary>Those for which the cost model expects a gain.</summary>
    WhereFaster,

    /// <summary>Every one that can be, in tiles of 2x2 outputs: for tests.</summary>
    Tiles2,

    /// <summary>Every one that can be, in tiles of 4x4 outputs: for tests.</summary>
    Tiles4,
}
