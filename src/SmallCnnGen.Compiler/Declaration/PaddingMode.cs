namespace SmallCnnGen.Compiler.Declaration;

/// <summary>How a padding is written.</summary>
internal enum PaddingMode
{
    /// <summary>As amounts.</summary>
    Fixed,

    /// <summary>Half of the window on every side.</summary>
    Half,

    /// <summary>TensorFlow's: as little as keeps ceil(size / stride).</summary>
    Same,
}
