using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using SmallCnnGen.Compiler.Model;

namespace SmallCnnGen.Testing.Kit;

using Activation = SmallCnnGen.Compiler.Ir.Activation;
using UpsampleMode = SmallCnnGen.Compiler.Ir.UpsampleMode;

/// <summary>Writes a block-free specification as the C# a user would write, and an adapter that runs the result.</summary>
public static class KitDeclaration
{
    /// <summary>The declaration: [Network(...)], one attribute a layer, a partial class.</summary>
    public static string Write(NetworkSpec spec)
    {
        var text = new StringBuilder();
        text.Append("using SmallCnnGen;\n\nnamespace ").Append(spec.Namespace).Append(";\n\n");
        text.Append(CultureInfo.InvariantCulture, $"[Network(Height = {spec.Options.Height}, Width = {spec.Options.Width}, Channels = {spec.Options.Channels}, VectorBits = {spec.Options.VectorBits}");
        if (spec.Options.Trace)
            text.Append(", Trace = true");
        if (spec.Options.Winograd is { } winograd)
            text.Append(winograd switch { WinogradUse.Never => ", Winograd = false", WinogradUse.WhereFaster => ", Winograd = true", _ => $" /* Winograd: {winograd} */" });
        text.Append(")]\n");
        foreach (LayerSpec layer in spec.Layers)
        {
            text.Append('[').Append(layer.Kind);

            // Constructor parameters start with a small letter, properties with a capital: C#'s own convention.
            IEnumerable<string> arguments = layer.Arguments.Where(a => char.IsLower(a.Name[0])).Select(a => Value(layer, a))
                .Concat(layer.Arguments.Where(a => !char.IsLower(a.Name[0])).Select(a => a.Name + " = " + Value(layer, a)));
            string list = string.Join(", ", arguments);
            if (list.Length > 0)
                text.Append('(').Append(list).Append(')');
            text.Append("]\n");
        }

        text.Append(spec.TypeModifiers).Append(" partial class ").Append(spec.TypeName).Append(";\n");
        return text.ToString();
    }

    /// <summary>The declaration of a variant of a compiled architecture, as a user of its assembly writes it.</summary>
    /// <param name="architecture">A class with [Network].</param>
    /// <param name="space">Namespace of the variant.</param>
    /// <param name="type">Its name.</param>
    /// <param name="vectorBits">Register width.</param>
    public static string WriteVariant(Type architecture, string space, string type, int vectorBits) => string.Create(
        CultureInfo.InvariantCulture,
        $"using SmallCnnGen;\n\nnamespace {space};\n\n[Network(typeof(global::{architecture.FullName}), VectorBits = {vectorBits}, Trace = true)]\npublic sealed partial class {type};\n");

    /// <summary>Name of the adapter class of a declaration, in the same namespace.</summary>
    public static string AdapterName(string type) => type + "_Adapter";

    /// <summary>The adapter of a declaration with as many inputs as it has.</summary>
    public static string WriteAdapter(NetworkSpec spec) =>
        WriteAdapter(spec.Namespace, spec.TypeName, 1 + spec.Layers.Count(l => l.Kind == "Input"));

    /// <summary>
    /// A class that implements <see cref="IKitNetwork"/> over the generated one: spans cannot pass through reflection.
    /// </summary>
    /// <param name="space">Namespace of both.</param>
    /// <param name="type">The generated class.</param>
    /// <param name="inputs">Its inputs.</param>
    public static string WriteAdapter(string space, string type, int inputs)
    {
        string arguments = string.Join(", ", Enumerable.Range(0, inputs).Select(i => string.Create(CultureInfo.InvariantCulture, $"inputs[{i}]")));
        return $$"""
            namespace {{space}};

            public sealed class {{AdapterName(type)}} : global::SmallCnnGen.Testing.Kit.IKitNetwork
            {
                private {{type}}? _network;

                public int InputLength => {{type}}.InputLength;

                public int OutputLength => {{type}}.OutputLength;

                public long ArenaBytes => {{type}}.ArenaBytes;

                public long MultiplyAdds => {{type}}.MultiplyAdds;

                public long Parameters => {{type}}.Parameters;

                public void Load(byte[] safetensors) => _network = {{type}}.Load((global::System.ReadOnlySpan<byte>)safetensors);

                public void Run(float[][] inputs, float[] output) => _network!.Run({{arguments}}, output);

                public void Run(float[][] inputs, float[] output, global::System.Predicate<string> wanted, global::System.Action<string, int, int, int, float[]> observer) =>
                    _network!.Run({{arguments}}, output, (in global::SmallCnnGen.TensorView tensor) =>
                    {
                        string name = tensor.Name.ToString();
                        if (!wanted(name))
                            return;
                        float[] values = new float[tensor.Height * tensor.Width * tensor.Channels];
                        tensor.CopyTo(values);
                        observer(name, tensor.Height, tensor.Width, tensor.Channels, values);
                    });

                public void Dispose()
                {
                    ((object?)_network as global::System.IDisposable)?.Dispose();
                    _network = null;
                }
            }

            """;
    }

    private static string Value(LayerSpec layer, ArgumentSpec argument) => (layer.Kind, argument.Name) switch
    {
        ("Activate", "function") or (_, "Activation") => "Activation." + (Activation)argument.Value.Integer,
        ("Upsample", "Mode") => "UpsampleMode." + (UpsampleMode)argument.Value.Integer,
        _ => Literal(argument.Value),
    };

    private static string Literal(ArgumentValue value) => value.Kind switch
    {
        ArgumentKind.Text => Quote(value.Text),
        ArgumentKind.List => string.Join(", ", value.Items.Select(Literal)),
        _ => value.ToString(),
    };

    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (char c in text)
        {
            if (c is '"' or '\\')
                quoted.Append('\\').Append(c);
            else if (char.IsControl(c))
                quoted.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
            else
                quoted.Append(c);
        }

        return quoted.Append('"').ToString();
    }
}
