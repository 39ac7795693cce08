using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;
using static System.FormattableString;

namespace SmallCnnGen.Compiler.Critique.Rules;

/// <summary>
/// Fully connected layers (and 1x1 convolutions of one pixel) without an activation between them are one matrix. Two of them
/// are right only where they are meant as a matrix of low rank, and then hold fewer weights than the one they stand for.
/// </summary>
public sealed class LinearChain : CritiqueRule
{
    /// <summary>Title.</summary>
    public const string Title = "Layers in a row that are one matrix";

    // What a message can name; a chain that is longer is told again at its later layers.
    private const int MaxNamed = 4;

    /// <inheritdoc/>
    public override RuleDescriptor Descriptor { get; } = new(
        DiagnosticIds.LinearChain,
        Title,
        RuleSeverity.Warning,
        true,
        new Threshold("min_ratio", 1, "Weights of two such layers over those of the one matrix they are, from which on they are told; below 1 they may be meant to save weights."));

    /// <inheritdoc/>
    public override IEnumerable<Observation> Check(CritiqueContext context)
    {
        double minRatio = Value(context, "min_ratio");
        foreach (CritiqueLayer layer in context.Layers)
        {
            if (Next(context, layer, minRatio) is not { } next)
                continue;
            var chain = new List<CritiqueLayer> { layer, next };
            while (chain.Count < MaxNamed && Next(context, chain[chain.Count - 1], minRatio) is { } further)
                chain.Add(further);
            CritiqueLayer last = chain[chain.Count - 1];
            double weights = chain.Sum(Weights), one = Inputs(layer) * last.Output.Channels;
            string names = string.Join(", ", chain.Skip(1).Take(chain.Count - 2).Select(l => $"'{l.Name}'"));
            string others = names.Length == 0 ? $"'{last.Name}'" : $"{names} and '{last.Name}'";
            string? argument = layer.Origin.Layer.IsBlock ? null : "Activation";
            yield return new Observation(layer, argument, weights / one, Invariant(
                $"it has no activation, so it and {others} are one matrix of {Inputs(layer)} x {last.Output.Channels}: {Numbers.Count(one)} weights that do what these {Numbers.Count(weights)} do; give it one (Activation = Activation.ReLU) or leave it out"))
            {
                Fix = argument is null ? null : new FixHint(FixProperties.SetArgument, "Activation.ReLU") { Current = (int)Activation.None },
            };
        }
    }

    /// <summary>The layer that is one matrix with another, for which the two have too many weights, or null.</summary>
    private static CritiqueLayer? Next(CritiqueContext context, CritiqueLayer layer, double minRatio)
    {
        // On maps a linear projection before an expansion is a design: MobileNetV3-Small has one that is not even narrower.
        if (layer.Output.Pixels > 1 || layer.Node.Op is not ConvOp { Groups: 1, Epilogue.IsNone: true } first || !(first.IsDense || first.Window.IsPointwise))
            return null;
        IReadOnlyList<CritiqueLayer> readers = context.Readers(layer);
        if (layer.Node.Id == context.Graph.Output || readers.Count != 1)
            return null;

        // A sum of the two needs both; what comes before the second matrix may be no matrix.
        CritiqueLayer next = readers[0];
        bool isMatrix = next.Node.Op is ConvOp { Groups: 1, Prologue: null, HasGate: false } second && second.Window.IsPointwise
            && next.Node.Inputs[0] == layer.Node.Id && !next.Node.Inputs.Skip(1).Contains(layer.Node.Id);
        return isMatrix && Weights(layer) + Weights(next) >= minRatio * Inputs(layer) * next.Output.Channels ? next : null;
    }

    /// <summary>Columns of a layer's matrix: for a fully connected layer the whole map.</summary>
    private static double Inputs(CritiqueLayer layer) =>
        (double)layer.Input.Channels * (layer.IsDense ? layer.Input.Pixels : 1);

    private static double Weights(CritiqueLayer layer) => Inputs(layer) * layer.Output.Channels;
}
