using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;
using static System.FormattableString;

namespace SmallCnnGen.Compiler.Critique;

/// <summary>Writes attributes that can stand in place of a convolution.</summary>
internal static class Replacement
{
    private static readonly HashSet<string> Understood = new() { "channels", "Kernel", "Stride", "BatchNorm", "Bias", "Activation", "Name", "From" };

    /// <summary>
    /// A chain of convolutions instead of one, or null where the attribute says more than can be divided. The first reads
    /// what the layer read and takes its stride, the last has its name; normalisation and activation are those of all.
    /// </summary>
    /// <param name="layer">The layer.</param>
    /// <param name="conv">Its convolution.</param>
    /// <param name="chain">Channels and kernel (as C#) of each.</param>
    public static FixHint? Chain(CritiqueLayer layer, ConvOp conv, IEnumerable<(int Channels, string Kernel)> chain)
    {
        Dictionary<string, ArgumentValue> written = layer.Origin.Layer.Arguments.ToDictionary(a => a.Name, a => a.Value);
        bool isPlain = layer.Origin.Layer.Kind == "Conv" && written.All(a => Understood.Contains(a.Key) && (a.Key is "Name" or "From" || (a.Key == "Activation" && a.Value.Kind == ArgumentKind.Enum) || a.Value.Kind is ArgumentKind.Integer or ArgumentKind.Boolean));
        if (!isPlain || written["channels"].Integer != layer.Output.Channels)
            return null;
        (int Channels, string Kernel)[] parts = chain.ToArray();
        return new FixHint(FixProperties.ReplaceLayer, string.Join("\n", parts.Select((part, i) =>
        {
            var arguments = new List<string> { Invariant($"{part.Channels}"), "Kernel = " + part.Kernel };
            if (i == 0 && conv.Window.Stride != new Pair(1, 1))
                arguments.Add(Invariant($"Stride = {conv.Window.Stride.Y}"));
            foreach (string name in new[] { "BatchNorm", "Bias" }.Where(written.ContainsKey))
                arguments.Add(name + " = " + written[name]);
            if (written.TryGetValue("Activation", out ArgumentValue? activation))
                arguments.Add("Activation = Activation." + (Activation)activation.Integer);
            if (i == 0 && written.TryGetValue("From", out ArgumentValue? from))
                arguments.Add("From = " + from);
            if (i == parts.Length - 1 && written.TryGetValue("Name", out ArgumentValue? name2))
                arguments.Add("Name = " + name2);
            return "Conv(" + string.Join(", ", arguments) + ")";
        })));
    }
}
