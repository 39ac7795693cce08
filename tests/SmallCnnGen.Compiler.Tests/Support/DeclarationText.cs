using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;

namespace SmallCnnGen.Compiler.Tests.Support;

/// <summary>A specification as the C# a user would write, blocks and options included: what a failing test prints, to paste.</summary>
internal static class DeclarationText
{
    public static string Write(NetworkSpec spec)
    {
        var text = new StringBuilder();
        text.Append("using SmallCnnGen;\n\nnamespace ").Append(spec.Namespace).Append(";\n\n");
        foreach (BlockSpec block in spec.Blocks)
        {
            Layers(text, spec, block.Layers);
            text.Append("public sealed class ").Append(ClassName(block)).Append('(').AppendJoin(", ", block.Parameters.Select(Parameter)).Append(") : BlockAttribute\n{\n");
            foreach (BlockParameter parameter in block.Parameters)
                text.Append(CultureInfo.InvariantCulture, $"    public {Type(parameter)} {Property(parameter)} {{ get; set; }} = {parameter.Name};\n");
            text.Append("}\n\n");
        }

        NetworkOptions options = spec.Options, usual = new(0, 0, 0);
        var arguments = new List<string>
        {
            FormattableString.Invariant($"Height = {options.Height}"),
            FormattableString.Invariant($"Width = {options.Width}"),
            FormattableString.Invariant($"Channels = {options.Channels}"),
        };
        if (options.WidthMultiplier != 1)
            arguments.Add(FormattableString.Invariant($"WidthMultiplier = {options.WidthMultiplier:R}"));
        if (options.ChannelDivisor != usual.ChannelDivisor)
            arguments.Add(FormattableString.Invariant($"ChannelDivisor = {options.ChannelDivisor}"));
        if (options.ResolutionMultiplier != 1)
            arguments.Add(FormattableString.Invariant($"ResolutionMultiplier = {options.ResolutionMultiplier:R}"));
        arguments.Add("VectorBits = " + string.Join(" | ", new[] { 128, 256, 512 }.Where(b => (options.VectorBits & b) != 0)));
        if (options.Threads != 1)
            arguments.Add(FormattableString.Invariant($"Threads = {options.Threads}"));
        if (options.Trace)
            arguments.Add("Trace = true");
        if (options.Strips == StripUse.SmallArena)
            arguments.Add("SmallArena = true");
        if (options.Winograd == WinogradUse.Never)
            arguments.Add("Winograd = false");
        text.Append("[Network(").AppendJoin(", ", arguments).Append(")]");

        // What no declaration can say.
        var inner = new List<string>();
        if (options.Strips is StripUse.Everywhere or StripUse.Never)
            inner.Add($"Strips: {options.Strips}");
        if (options.Winograd is WinogradUse.Tiles2 or WinogradUse.Tiles4)
            inner.Add($"Winograd: {options.Winograd}");
        if (options.SplitsEverything)
            inner.Add("SplitsEverything");
        if (options.ReadyToRunBits != 0)
            inner.Add(FormattableString.Invariant($"SmallCnnGenReadyToRun: {options.ReadyToRunBits}"));
        text.Append(inner.Count > 0 ? " // " + string.Join(", ", inner) : string.Empty).Append('\n');
        Layers(text, spec, spec.Layers);
        return text.Append(spec.TypeModifiers).Append(" partial class ").Append(spec.TypeName).Append(";\n").ToString();
    }

    private static string ClassName(BlockSpec block) => block.Id[(block.Id.LastIndexOf('.') + 1)..];

    /// <summary>Expressions are handed on as text, so that a parameter without a default takes anything.</summary>
    private static string Type(BlockParameter parameter) => parameter.Default is null ? "object" : "int";

    private static string Property(BlockParameter parameter) => char.ToUpperInvariant(parameter.Name[0]) + parameter.Name[1..];

    private static string Parameter(BlockParameter parameter) =>
        (parameter.IsChannelCount ? "[ChannelCount] " : string.Empty) + (parameter.IsStageStride ? "[StageStride] " : string.Empty)
        + Type(parameter) + " " + parameter.Name + (parameter.Default is { } value ? " = " + value : string.Empty);

    private static void Layers(StringBuilder text, NetworkSpec spec, IEnumerable<LayerSpec> layers)
    {
        foreach (LayerSpec layer in layers)
        {
            BlockSpec? block = layer.IsBlock ? spec.Blocks.First(b => b.Id == layer.Kind) : null;
            text.Append('[').Append(block?.Name ?? layer.Kind);

            // Constructor parameters start with a small letter, properties with a capital: C#'s own convention. An empty list is
            // one that was left out.
            string[] parameters = block?.Parameters.Select(p => p.Name).ToArray() ?? [];
            string[] list = layer.Arguments.Where(a => char.IsLower(a.Name[0])).OrderBy(a => Array.IndexOf(parameters, a.Name))
                .Where(a => a.Value is not { Kind: ArgumentKind.List, Items.Count: 0 })
                .Select(a => (block is null ? string.Empty : a.Name + ": ") + Value(layer, a))
                .Concat(layer.Arguments.Where(a => !char.IsLower(a.Name[0])).Select(a => a.Name + " = " + Value(layer, a))).ToArray();
            text.Append(list.Length > 0 ? "(" + string.Join(", ", list) + ")" : string.Empty).Append("]\n");
        }
    }

    private static string Value(LayerSpec layer, ArgumentSpec argument) => (layer.Kind, argument.Name, argument.Value.Kind) switch
    {
        (_, _, ArgumentKind.Text) => Literal(argument.Value),
        ("Activate", "function", _) or (_, "Activation", _) => "Activation." + (Activation)argument.Value.Integer,
        ("Upsample", "Mode", _) => "UpsampleMode." + (UpsampleMode)argument.Value.Integer,
        _ => Literal(argument.Value),
    };

    private static string Literal(ArgumentValue value) => value.Kind switch
    {
        ArgumentKind.Text => "\"" + value.Text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"",
        ArgumentKind.List => string.Join(", ", value.Items.Select(Literal)),
        _ => value.ToString(),
    };
}
