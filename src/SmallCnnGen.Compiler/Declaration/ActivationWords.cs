using System;
using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Ir;

namespace SmallCnnGen.Compiler.Declaration;

/// <summary>Activations as PyTorch, TensorFlow and ONNX spell them: what is written where a member is expected.</summary>
internal static class ActivationWords
{
    private static readonly string[] Prefixes = { "torch.nn.functional.", "torch.nn.", "torch.", "nn.functional.", "nn.", "f.", "tf.keras.activations.", "tf.nn.", "tf.", "keras.activations.", "activations.", "smallcnngen.activation.", "activation." };

    private static readonly Dictionary<string, Activation> Known = new(StringComparer.Ordinal)
    {
        ["none"] = Activation.None,
        ["linear"] = Activation.None,
        ["identity"] = Activation.None,
        ["relu"] = Activation.ReLU,
        ["rectifier"] = Activation.ReLU,
        ["relu6"] = Activation.ReLU6,
        ["leakyrelu"] = Activation.LeakyReLU,
        ["lrelu"] = Activation.LeakyReLU,
        ["leaky"] = Activation.LeakyReLU,
        ["prelu"] = Activation.PReLU,
        ["elu"] = Activation.ELU,
        ["sigmoid"] = Activation.Sigmoid,
        ["logistic"] = Activation.Sigmoid,
        ["hardsigmoid"] = Activation.HardSigmoid,
        ["hsigmoid"] = Activation.HardSigmoid,
        ["hardswish"] = Activation.HardSwish,
        ["hswish"] = Activation.HardSwish,
        ["hardsilu"] = Activation.HardSwish,
        ["silu"] = Activation.SiLU,
        ["swish"] = Activation.SiLU,
        ["swish1"] = Activation.SiLU,
        ["tanh"] = Activation.Tanh,
        ["hyperbolictangent"] = Activation.Tanh,
    };

    /// <summary>Functions that exist elsewhere and not here; they must not be taken for a misspelling of one that does.</summary>
    private static readonly HashSet<string> Foreign = new(StringComparer.Ordinal)
    {
        "gelu", "geluapproximate", "quickgelu", "mish", "softplus", "softsign", "softshrink", "hardshrink", "tanhshrink", "selu", "celu",
        "hardtanh", "relu1", "rrelu", "crelu", "glu", "geglu", "swiglu", "logsigmoid", "thresholdedrelu", "threshold", "exp", "exponential",
        "softmax", "logsoftmax", "softmin", "maxout", "sparseplus", "squareplus", "sin", "abs",
    };

    /// <summary>The member that a word stands for, misspelt or not, or null when there is none like it.</summary>
    public static Activation? Find(string text)
    {
        string word = Normalise(text);
        if (Known.TryGetValue(word, out Activation function))
            return function;
        return !Foreign.Contains(word) && NameSuggestion.Nearest(word, Known.Keys) is { } near ? Known[near] : null;
    }

    /// <summary>What else to say of a word that is no activation here, with a leading space, or nothing.</summary>
    public static string Instead(string text) => Normalise(text) switch
    {
        "softmax" => " For the softmax over the channels of a pixel write [Softmax] below the layer.",
        "logsoftmax" => " For the logarithm of softmax over the channels of a pixel write [LogSoftmax] below the layer.",
        "hardtanh" => " PyTorch's Hardtanh(0, 6) is Activation.ReLU6.",
        _ => string.Empty,
    };

    /// <summary>Every member as C#.</summary>
    public static string All => string.Join(", ", Enum.GetNames(typeof(Activation)).Select(n => "Activation." + n));

    private static string Normalise(string text)
    {
        string word = text.Trim().ToLowerInvariant();
        foreach (string prefix in Prefixes)
        {
            if (word.StartsWith(prefix, StringComparison.Ordinal))
            {
                word = word.Substring(prefix.Length);
                break;
            }
        }

        return new string(word.Where(char.IsLetterOrDigit).ToArray());
    }
}
