namespace SmallCnnGen.Compiler.Model;

/// <summary>Which kernels run a few rows at a time, so that the maps between them need not exist whole.</summary>
public enum StripUse
{
    /// <summary>Those whose maps would leave the second-level cache.</summary>
    WhereFaster,

    /// <summary>All that save memory.</summary>
    SmallArena,

    /// <summary>None.</summary>
    Never,

    /// <summary>All that can, however small: for tests.</summary>
    Everywhere,
}
