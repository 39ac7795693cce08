using SmallCnnGen.Compiler.Declaration;
using SmallCnnGen.Compiler.Ir;

namespace SmallCnnGen.Compiler.Critique;

/// <summary>One operation of the optimised graph with what the rules ask about it.</summary>
/// <param name="Node">The node.</param>
/// <param name="Origin">The attribute it came from; of fused layers the first.</param>
/// <param name="Input">Shape of its first input.</param>
/// <param name="MultiplyAdds">Multiply-adds.</param>
/// <param name="Parameters">Learned values that no earlier layer has.</param>
/// <param name="MemoryAccessCost">Elements read and written, weights included.</param>
public sealed record CritiqueLayer(Node Node, LayerOrigin Origin, TensorShape Input, long MultiplyAdds, long Parameters, double MemoryAccessCost)
{
    /// <summary>Shape of its result.</summary>
    public TensorShape Output => Node.Shape;

    /// <summary>Full name of the layer.</summary>
    public string Name => Origin.Name;

    /// <summary>The convolution, or null; a fully connected layer is none.</summary>
    public ConvOp? Conv => Node.Op is ConvOp { IsDense: false } conv ? conv : null;

    /// <summary>Whether it is a fully connected layer.</summary>
    public bool IsDense => Node.Op is ConvOp { IsDense: true } or DenseOp;

    /// <summary>Whether it is a convolution with one input channel a group.</summary>
    public bool IsDepthwise => Conv is { Groups: > 1 } conv && conv.Groups == Input.Channels;

    /// <summary>Whether it is a 1x1 convolution of stride 1 over all channels.</summary>
    public bool IsPointwise => Conv is { Groups: 1 } conv && conv.Window.IsPointwise;

    /// <summary>The function applied to its result before a residual is added, or to the sum.</summary>
    public ActivationSpec Activation => Node.Op switch
    {
        ActivationOp activation => activation.Function,
        EpilogueOp { Epilogue: { Before.IsNone: false } epilogue } => epilogue.Before,
        EpilogueOp fused => fused.Epilogue.After,
        _ => ActivationSpec.None,
    };
}
