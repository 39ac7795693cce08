// Linked into the compiler, where it lives in another namespace so that a test can reference both assemblies.
#if SMALLCNNGEN_COMPILER
namespace SmallCnnGen.Compiler.Ir;
#else
namespace SmallCnnGen;
#endif

/// <summary>Element-wise non-linearities a layer may end in.</summary>
public enum Activation
{
    /// <summary>No activation: y = x.</summary>
    None = 0,

    /// <summary>max(x, 0).</summary>
    ReLU = 1,

    /// <summary>min(max(x, 0), 6) (MobileNet V1 in TensorFlow, MobileNet V2).</summary>
    ReLU6 = 2,

    /// <summary>x for x &gt; 0, alpha * x otherwise; alpha is the layer's <c>Alpha</c> (0.01 unless set).</summary>
    LeakyReLU = 3,

    /// <summary>x for x &gt; 0, slope[c] * x otherwise; the slopes are learned, one a channel or one for all.</summary>
    PReLU = 4,

    /// <summary>x for x &gt; 0, alpha * (exp(x) - 1) otherwise; alpha is the layer's <c>Alpha</c> (1 unless set).</summary>
    ELU = 5,

    /// <summary>1 / (1 + exp(-x)).</summary>
    Sigmoid = 6,

    /// <summary>min(max(x + 3, 0), 6) / 6 (MobileNet V3).</summary>
    HardSigmoid = 7,

    /// <summary>x * min(max(x + 3, 0), 6) / 6 (MobileNet V3).</summary>
    HardSwish = 8,

    /// <summary>x / (1 + exp(-x)), also called swish (EfficientNet).</summary>
    SiLU = 9,

    /// <summary>Hyperbolic tangent.</summary>
    Tanh = 10,
}
