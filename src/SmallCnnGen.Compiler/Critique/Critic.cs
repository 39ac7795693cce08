using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using SmallCnnGen.Compiler.Critique.Rules;
using SmallCnnGen.Compiler.Declaration;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;
using SmallCnnGen.Compiler.Passes;

namespace SmallCnnGen.Compiler.Critique;

/// <summary>Reads a correct network as a colleague would: what is inefficient, by how much, and what to do instead.</summary>
public static class Critic
{
    /// <summary>Every rule, by id.</summary>
    public static IReadOnlyList<CritiqueRule> Rules { get; } = new CritiqueRule[]
    {
        new UnequalChannelWidth(),
        new TooManyGroups(),
        new Fragmentation(),
        new ElementWiseWork(),
        new ChannelsNeverMeet(),
        new NonlinearBottleneck(),
        new DenseParameters(),
        new LargeKernel(),
        new SeparableKernel(),
        new UnevenDownsampling(),
        new RepresentationalBottleneck(),
        new GridReduction(),
        new SqueezeExcitation(),
        new EarlyHardSwish(),
        new ExpensiveLastStage(),
        new WideFirstLayer(),
        new MultiplierRange(),
        new DeadChannels(),
        new WastedLanes(),
        new ReceptiveField(),
        new TwoStageSqueeze(),
    };

    /// <summary>Judges a network. One with errors is not judged: there are no findings.</summary>
    /// <param name="spec">The network; its vector width must be set.</param>
    /// <param name="settings">Thresholds and rules; <see cref="CritiqueSettings.Default"/> when null.</param>
    /// <param name="cancellation">Checked between rules and inside the slow ones.</param>
    /// <returns>Findings, rule by rule, each rule's in order of the layers.</returns>
    public static IReadOnlyList<CritiqueFinding> Run(NetworkSpec spec, CritiqueSettings? settings = null, CancellationToken cancellation = default) =>
        CreateContext(spec, settings ?? CritiqueSettings.Default, cancellation) is { } context ? Run(context) : Array.Empty<CritiqueFinding>();

    /// <summary>What the rules see of a network, or null when it has errors.</summary>
    public static CritiqueContext? CreateContext(NetworkSpec spec, CritiqueSettings settings, CancellationToken cancellation)
    {
        try
        {
            ExpandedNetwork? declared = SpecExpander.ExpandWithOrigins(spec, new FindingList());
            if (declared is null)
                return null;
            cancellation.ThrowIfCancellationRequested();
            Graph optimised = PassPipeline.Run(declared.Graph, cancellation, layersOnly: true);

            // A network that returns its input is refused by the planner.
            return optimised.Nodes[optimised.Output].Op is InputOp
                ? null
                : new CritiqueContext(spec, declared, optimised, settings, cancellation);
        }
        catch (FindingException)
        {
            // An error the compiler reports itself.
            return null;
        }
    }

    /// <summary>Runs the rules.</summary>
    public static IReadOnlyList<CritiqueFinding> Run(CritiqueContext context)
    {
        var findings = new List<CritiqueFinding>();
        foreach (CritiqueRule rule in Rules)
        {
            if (!rule.Descriptor.IsEnabledByDefault && !context.Settings.AllRules)
                continue;
            context.Cancellation.ThrowIfCancellationRequested();
            findings.AddRange(Join(context, rule.Descriptor, rule.Check(context)));
        }

        return findings;
    }

    /// <summary>One finding for each place: copies of a layer, and layers of one block, have the same.</summary>
    private static IEnumerable<CritiqueFinding> Join(CritiqueContext context, RuleDescriptor rule, IEnumerable<Observation> observations)
    {
        var places = observations
            .Select(o => (Observation: o, Place: o.Layer is null ? new DeclaredPlace(-1, o.Argument, null, false) : DeclaredPlace.Find(context.Spec, o.At ?? o.Layer.Origin, o.Argument)))
            .GroupBy(o => (o.Place.Source, o.Place.Argument));
        foreach (var place in places)
        {
            (Observation worst, DeclaredPlace where) = place.First();
            int count = 0;
            foreach ((Observation observation, DeclaredPlace at) in place)
            {
                count++;
                if (observation.Measure > worst.Measure)
                    (worst, where) = (observation, at);
            }

            string subject = (worst.At ?? worst.Layer?.Origin) is { } origin ? $"Layer '{origin.Name}' [{ShortKind(origin.Layer)}]" : $"Network '{context.Spec.TypeName}'";
            string others = count > 1 ? FormattableString.Invariant($" ({count} layers have this; this one is the worst)") : string.Empty;
            yield return new CritiqueFinding(
                rule,
                $"{subject}: {worst.Text}{others}.",
                where.Source,
                where.Argument,
                Properties(worst, where),
                (worst.At ?? worst.Layer?.Origin)?.Name ?? string.Empty,
                count,
                worst.Measure);
        }
    }

    /// <summary>What stands before a layer is read by it only if it reads the layer before; and copies would need it between them.</summary>
    private static bool CanPutBefore(LayerSpec layer, FixHint fix) =>
        fix.Kind != FixProperties.InsertBefore || !layer.Arguments.Any(a => a.Name is "From" or "Repeat" or "When");

    private static string ShortKind(LayerSpec layer)
    {
        const string suffix = "Attribute";
        string kind = layer.Kind.Split(',')[0];
        kind = kind.Substring(kind.LastIndexOfAny(new[] { '.', '+' }) + 1);
        return layer.IsBlock && kind.EndsWith(suffix, StringComparison.Ordinal) ? kind.Substring(0, kind.Length - suffix.Length) : kind;
    }

    private static Dictionary<string, string> Properties(Observation observation, DeclaredPlace place)
    {
        var properties = new Dictionary<string, string>(StringComparer.Ordinal);
        if (place.Argument is not null)
            properties[FixProperties.Argument] = place.Argument;
        if (observation.Layer is not null)
            properties[FixProperties.Layer] = (observation.At ?? observation.Layer.Origin).Name;
        if (observation.Fix is not { } fix)
            return properties;
        foreach (KeyValuePair<string, string> property in fix.More ?? new Dictionary<string, string>())
            properties[property.Key] = property.Value;
        bool applies = fix.Kind == FixProperties.SetArgument
            ? place.Source >= 0 && (place.IsLayer || !fix.OwnOnly) && (fix.Current is null || (place.Written is { Kind: ArgumentKind.Integer or ArgumentKind.Enum } literal ? literal.Integer == fix.Current : place.Written is null && place.IsLayer))
            : place.Source >= 0 && place.IsLayer && CanPutBefore(observation.Layer!.Origin.Layer, fix);
        if (!applies)
            return properties;
        properties[FixProperties.Fix] = fix.Kind;
        properties[FixProperties.Suggested] = fix.Suggested;
        if (fix.Current is { } current)
            properties[FixProperties.Current] = current.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return properties;
    }
}
