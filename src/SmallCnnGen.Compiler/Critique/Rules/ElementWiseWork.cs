using System;
using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;
using static System.FormattableString;

namespace SmallCnnGen.Compiler.Critique.Rules;

/// <summary>
/// ShuffleNet V2's G4, for the code that is generated here: activations and sums that were fused into a convolution move
/// nothing (but for the shortcut's map); depthwise convolutions, as in the paper, and what is left over count.
/// </summary>
public sealed class ElementWiseWork : CritiqueRule
{
    /// <summary>Title.</summary>
    public const string Title = "Element-wise work moves many bytes";

    /// <inheritdoc/>
    public override RuleDescriptor Descriptor { get; } = new(
        DiagnosticIds.ElementWiseWork,
        Title,
        RuleSeverity.Suggestion,
        false,
        new Threshold("max_share", 0.35, "Share of all bytes moved from which on a network is reported."));

    /// <inheritdoc/>
    public override IEnumerable<Observation> Check(CritiqueContext context)
    {
        double maxShare = Value(context, "max_share");
        double all = 0;
        var kinds = new Dictionary<string, double>(StringComparer.Ordinal);
        (CritiqueLayer? Layer, double Bytes) top = (null, 0);
        foreach (CritiqueLayer layer in context.Layers)
        {
            double bytes = context.BytesMoved(layer);
            all += bytes;
            string? kind = layer switch
            {
                { IsDepthwise: true } => "depthwise convolutions",
                { Node.Op: AddOp } => "sums that no convolution could take up",
                { Node.Op: MultiplyOp } => "products",
                { Node.Op: ActivationOp } => "activations that no kernel could take up",
                { Node.Op: BatchNormOp } => "normalisations that no convolution could take up",
                _ => null,
            };
            if (kind is null && layer.Node.Op is EpilogueOp { Epilogue.HasResidual: true })
                (kind, bytes) = ("shortcuts", layer.Output.Length * (double)sizeof(float));
            if (kind is null || bytes == 0)
                continue;
            kinds[kind] = bytes + (kinds.TryGetValue(kind, out double known) ? known : 0);
            if (bytes > top.Bytes)
                top = (layer, bytes);
        }

        double sum = kinds.Values.Sum();
        if (all == 0 || sum <= maxShare * all)
            yield break;
        string parts = string.Join(", ", kinds.OrderByDescending(k => k.Value).ThenBy(k => k.Key, StringComparer.Ordinal).Select(k => $"{k.Key} {Numbers.Percent(k.Value / all)}"));
        string advice = kinds.OrderByDescending(k => k.Value).First().Key switch
        {
            "depthwise convolutions" => "depthwise convolutions on fewer channels move less",
            "products" => "squeeze-and-excitation in fewer places moves less",
            "shortcuts" => "shortcuts around more layers at a time move less",
            _ => "right behind a convolution whose result nothing else reads they would be fused and move nothing",
        };
        yield return new Observation(null, null, sum / all, Invariant(
            $"element-wise work moves {Numbers.Percent(sum / all)} of the {Numbers.Bytes(all)} that its kernels read and write ({parts}; most in '{top.Layer!.Name}', {Numbers.Bytes(top.Bytes)}) but does {Numbers.Percent(context.Layers.Where(l => l.IsDepthwise).Sum(context.Share))} of the multiply-adds; {advice}"));
    }
}
