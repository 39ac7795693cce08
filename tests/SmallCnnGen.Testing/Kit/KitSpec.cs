using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using SmallCnnGen.Compiler.Model;

namespace SmallCnnGen.Testing.Kit;

using Activation = SmallCnnGen.Compiler.Ir.Activation;
using UpsampleMode = SmallCnnGen.Compiler.Ir.UpsampleMode;

/// <summary>A kit graph holds something the declaration language (or this mapping) has no layer for.</summary>
/// <param name="what">The op or attribute.</param>
public sealed class KitNotSupportedException(string what) : Exception("not supported: " + what)
{
    /// <summary>The op or attribute.</summary>
    public string What { get; } = what;
}

/// <summary>
/// Turns a kit graph into a declaration, one primitive layer for each of the kit's, without knowing any particular file.
/// </summary>
public static class KitSpec
{
    /// <summary>Namespace of the declared classes.</summary>
    public const string Namespace = "SmallCnnGen.KitNetworks";

    /// <summary>Class name for a case: its id with anything that is no identifier character replaced.</summary>
    public static string ClassName(KitCase kit)
    {
        var name = new StringBuilder(kit.IsModel ? "M_" : "Op_");
        foreach (char c in kit.Id)
            name.Append(char.IsAsciiLetterOrDigit(c) || c == '_' ? c : '_');
        return name.ToString();
    }

    /// <summary>Declares a case.</summary>
    /// <param name="kit">Model or op case.</param>
    /// <param name="vectorBits">128, 256 or 512.</param>
    /// <exception cref="KitNotSupportedException">Some layer has no counterpart.</exception>
    public static NetworkSpec Make(KitCase kit, int vectorBits = 256)
    {
        var layers = new List<(string Kind, List<ArgumentSpec> Arguments)>();
        (int height, int width, int channels) = KitCase.ImageShape(kit.Inputs[0].Shape);

        // The network's first input is always called "input"; the kit's may be called anything.
        var names = new Dictionary<string, string> { [kit.Inputs[0].Name] = "input" };
        foreach (KitTensor input in kit.Inputs.Skip(1))
        {
            (int h, int w, int c) = KitCase.ImageShape(input.Shape);
            names.Add(input.Name, input.Name);
            layers.Add(("Input", [Text("name", input.Name), Integer("Height", h), Integer("Width", w), Integer("Channels", c)]));
        }

        foreach (KitLayer layer in InOrder(kit))
        {
            if (layer.Name == "input" || !names.TryAdd(layer.Name, layer.Name))
                throw new KitNotSupportedException($"two tensors called '{layer.Name}'");
            layers.Add(Map(layer, kit, i => names.TryGetValue(i, out string? name) ? name : throw new FormatException($"layer '{layer.Name}' reads '{i}', which does not exist")));
        }

        return new NetworkSpec(
            Namespace,
            default,
            ClassName(kit),
            "public sealed",
            new NetworkOptions(height, width, channels, VectorBits: vectorBits, Trace: true),
            new EquatableArray<LayerSpec>(layers.Select((l, i) => new LayerSpec(l.Kind, false, new EquatableArray<ArgumentSpec>(l.Arguments), i))),
            default);
    }

    /// <summary>A declaration's result is its last layer, so the kit's output goes last.</summary>
    private static IEnumerable<KitLayer> InOrder(KitCase kit)
    {
        KitLayer output = kit.Layers.SingleOrDefault(l => l.Name == kit.Output) ?? throw new FormatException($"no layer is called '{kit.Output}', the output");
        if (kit.Layers[^1] == output)
            return kit.Layers;
        if (kit.Layers.Any(l => l.Inputs.Contains(kit.Output)))
            throw new KitNotSupportedException("an output that other layers read");
        return kit.Layers.Where(l => l != output).Append(output);
    }

    private static (string Kind, List<ArgumentSpec> Arguments) Map(KitLayer layer, KitCase kit, Func<string, string> resolve)
    {
        string[] inputs = layer.Inputs.Select(resolve).ToArray();
        var arguments = new List<ArgumentSpec>();
        var known = new HashSet<string>();
        string kind;

        // By how many names the layer refers to its inputs: through From, or (add, mul, concat) through the constructor.
        bool inConstructor = false;
        int from = 1;
        switch (layer.Op)
        {
            case "conv":
                kind = "Conv";
                arguments.Add(Integer("channels", layer.OutShape[1]));
                Window(true);
                break;
            case "conv_transpose":
                kind = "ConvTranspose";
                arguments.Add(Integer("channels", layer.OutShape[1]));
                Window(true);
                if (Known("output_padding"))
                    arguments.Add(Text("OutputPadding", Pair(layer.Integers("output_padding"))));
                break;
            case "linear":
                kind = "Dense";
                Know("bias");
                arguments.Add(Integer("units", layer.OutShape[1]));
                arguments.Add(Boolean("Bias", layer.Flag("bias", kit.Parameters.Any(p => p.Name == layer.Module + ".bias"))));
                break;
            case "batch_norm":
                kind = "BatchNorm";
                Know("eps");
                arguments.Add(Real("Epsilon", layer.Number("eps", 1e-5)));
                break;
            case "relu":
                kind = Activate(Activation.ReLU);
                break;
            case "relu6":
                kind = Activate(Activation.ReLU6);
                break;
            case "leaky_relu":
                kind = Activate(Activation.LeakyReLU);
                Know("alpha");
                arguments.Add(Real("Alpha", layer.Number("alpha", 0.01)));
                break;
            case "elu":
                kind = Activate(Activation.ELU);
                Know("alpha");
                arguments.Add(Real("Alpha", layer.Number("alpha", 1)));
                break;
            case "prelu":
                kind = Activate(Activation.PReLU);
                KitTensor slopes = kit.Parameters.FirstOrDefault(p => p.Name == layer.Module + ".weight") ?? throw new FormatException($"prelu '{layer.Name}' has no slopes");
                if (slopes.Length == 1)
                    arguments.Add(Boolean("Shared", true));
                break;
            case "sigmoid":
                kind = Activate(Activation.Sigmoid);
                break;
            case "hardsigmoid":
                kind = Activate(Activation.HardSigmoid);
                break;
            case "hardswish":
                kind = Activate(Activation.HardSwish);
                break;
            case "silu":
                kind = Activate(Activation.SiLU);
                break;
            case "tanh":
                kind = Activate(Activation.Tanh);
                break;
            case "max_pool":
                kind = "MaxPool";
                Window(false);
                break;
            case "avg_pool":
                kind = "AveragePool";
                Window(false);
                Know("count_include_pad");
                arguments.Add(Boolean("CountIncludePad", layer.Flag("count_include_pad", true)));
                break;
            case "adaptive_avg_pool":
                kind = "AdaptiveAveragePool";
                Know("output_size");
                arguments.Add(Text("size", Pair(layer.Integers("output_size"))));
                break;
            case "adaptive_max_pool":
                kind = "AdaptiveMaxPool";
                Know("output_size");
                arguments.Add(Text("size", Pair(layer.Integers("output_size"))));
                break;
            case "global_avg_pool":
                // Flattened or not, the result is 1x1xC.
                kind = "GlobalAveragePool";
                Know("flatten");
                break;
            case "global_max_pool":
                kind = "GlobalMaxPool";
                Know("flatten");
                break;
            case "max_unpool":
                // The window is the named pool's.
                kind = "MaxUnpool";
                Know("kernel", "stride", "padding");
                arguments.Add(Text("pool", inputs[1]));
                from = 2;
                break;
            case "add":
                kind = "Add";
                inConstructor = true;
                break;
            case "mul":
                kind = "Multiply";
                inConstructor = true;
                break;
            case "concat":
                kind = "Concat";
                Channelwise("axis");
                inConstructor = true;
                break;
            case "channel_slice":
                kind = "Slice";
                Know("start", "end", "step");
                arguments.Add(Integer("start", layer.Integer("start")));
                arguments.Add(Integer("end", layer.Integer("end")));
                if (layer.Integer("step", 1) != 1)
                    arguments.Add(Integer("Step", layer.Integer("step")));
                break;
            case "channel_shuffle":
                kind = "Shuffle";
                Know("groups");
                arguments.Add(Integer("groups", layer.Integer("groups")));
                break;
            case "channel_gather":
                kind = "Gather";
                Know("index");
                arguments.Add(new ArgumentSpec("index", List(layer.Integers("index").Select(i => ArgumentValue.Of((long)i)))));
                break;
            case "pad":
                kind = "Pad";
                Know("pads");
                arguments.Add(Text("pads", Sides(layer.Integers("pads"))));
                break;
            case "pad_channels":
                kind = "PadChannels";
                Know("channels");
                arguments.Add(Integer("channels", layer.Integer("channels")));
                break;
            case "upsample":
                kind = "Upsample";
                Know("scale", "mode", "align_corners");
                int[] scale = layer.Integers("scale");
                if (scale.Distinct().Count() != 1)
                    throw new KitNotSupportedException("upsample with two scales");
                arguments.Add(Integer("scale", scale[0]));
                arguments.Add(Integer("Mode", (int)(layer.Text("mode", "nearest") switch
                {
                    "nearest" => UpsampleMode.Nearest,
                    "bilinear" => UpsampleMode.Bilinear,
                    string other => throw new KitNotSupportedException("upsample mode " + other),
                })));
                if (layer.Flag("align_corners"))
                    arguments.Add(Boolean("AlignCorners", true));
                break;
            case "lrn":
                kind = "LocalResponseNorm";
                Know("size", "alpha", "beta", "k");
                arguments.Add(Integer("Size", layer.Integer("size")));
                arguments.Add(Real("Alpha", layer.Number("alpha", 1e-4)));
                arguments.Add(Real("Beta", layer.Number("beta", 0.75)));
                arguments.Add(Real("K", layer.Number("k", 1)));
                break;
            case "softmax":
                kind = "Softmax";
                Channelwise("axis");
                break;
            case "flatten":
                kind = "Flatten";
                break;
            default:
                throw new KitNotSupportedException(layer.Op);
        }

        string? unknown = layer.Attributes.FirstOrDefault(a => !known.Contains(a));
        if (unknown is not null)
            throw new KitNotSupportedException($"{layer.Op} with '{unknown}'");

        if (inConstructor)
        {
            arguments.Insert(0, new ArgumentSpec("inputs", List(inputs.Select(ArgumentValue.Of))));
        }
        else
        {
            if (inputs.Length != from)
                throw new KitNotSupportedException($"{layer.Op} with {inputs.Length} inputs");
            arguments.Add(Text("From", inputs[0]));
        }

        arguments.Add(Text("Name", layer.Name));
        if (layer.Module is not null)
            arguments.Add(Text("Module", layer.Module));
        return (kind, arguments);

        bool Known(string name)
        {
            known.Add(name);
            return layer.Has(name);
        }

        void Know(params string[] attributes) => known.UnionWith(attributes);

        void Channelwise(string name)
        {
            Know(name);
            if (layer.Integer(name, 1) != 1)
                throw new KitNotSupportedException($"{layer.Op} along axis {layer.Integer(name)}");
        }

        string Activate(Activation function)
        {
            arguments.Add(Integer("function", (int)function));
            return "Activate";
        }

        void Window(bool isConvolution)
        {
            Know("kernel", "stride", "padding");
            arguments.Add(Text("Kernel", Pair(layer.Integers("kernel"))));
            arguments.Add(Text("Stride", Pair(layer.Has("stride") ? layer.Integers("stride") : isConvolution ? [1, 1] : layer.Integers("kernel"))));
            arguments.Add(Text("Padding", Sides(layer.Has("padding") ? layer.Integers("padding") : [0, 0])));
            if (!isConvolution)
            {
                Know("ceil_mode");
                if (layer.Flag("ceil_mode"))
                    arguments.Add(Boolean("CeilMode", true));
                if (Known("dilation") && layer.Integers("dilation").Any(d => d != 1))
                    throw new KitNotSupportedException($"{layer.Op} with dilation");
                return;
            }

            if (Known("dilation"))
                arguments.Add(Text("Dilation", Pair(layer.Integers("dilation"))));
            if (Known("groups"))
                arguments.Add(Integer("Groups", layer.Integer("groups")));
            Know("bias");
            arguments.Add(Boolean("BatchNorm", false));
            arguments.Add(Boolean("Bias", layer.Flag("bias", kit.Parameters.Any(p => p.Name == layer.Module + ".bias"))));
            arguments.Add(Integer("Activation", (int)Activation.None));
        }
    }

    private static string Pair(int[] values) => values.Length switch
    {
        1 => string.Create(CultureInfo.InvariantCulture, $"{values[0]}x{values[0]}"),
        2 => string.Create(CultureInfo.InvariantCulture, $"{values[0]}x{values[1]}"),
        _ => throw new KitNotSupportedException($"a window of {values.Length} dimensions"),
    };

    /// <summary>Kit order [vertical, horizontal] or [top, left, bottom, right].</summary>
    private static string Sides(int[] values) => values.Length switch
    {
        1 => Sides([values[0], values[0], values[0], values[0]]),
        2 => Sides([values[0], values[1], values[0], values[1]]),
        4 => string.Create(CultureInfo.InvariantCulture, $"{values[0]}, {values[1]}, {values[2]}, {values[3]}"),
        _ => throw new KitNotSupportedException($"padding with {values.Length} numbers"),
    };

    private static ArgumentValue List(IEnumerable<ArgumentValue> items) => ArgumentValue.Of(new EquatableArray<ArgumentValue>(items));

    private static ArgumentSpec Text(string name, string value) => new(name, ArgumentValue.Of(value));

    private static ArgumentSpec Integer(string name, long value) => new(name, ArgumentValue.Of(value));

    private static ArgumentSpec Real(string name, double value) => new(name, ArgumentValue.Of(value));

    private static ArgumentSpec Boolean(string name, bool value) => new(name, ArgumentValue.Of(value));
}
