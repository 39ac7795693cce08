using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Testing.Oracle;

namespace SmallCnnGen.Compiler.Tests.Support;

/// <summary>What the double oracle says of a network, and how far kernels may be from it.</summary>
internal sealed class NetworkCheck
{
    /// <summary>Runs of each team of threads: a race that shows in one run of ten is missed by one network in 25.</summary>
    public const int Races = 30;

    /// <summary>Larger networks run less often; their threads meet at larger steps, and they take most of the time.</summary>
    private const long SmallMultiplyAdds = 4_000_000;

    private readonly NetworkCase _case;
    private readonly float[][] _inputs;
    private readonly double[][] _exact, _values;
    private readonly double[] _bounds;
    private readonly bool _isSmall;

    /// <summary>Asks the oracle.</summary>
    /// <param name="one">The network.</param>
    /// <param name="isDeep">Whether its bound comes from simulation: worst cases multiply beyond use in more than a layer or three.</param>
    public NetworkCheck(NetworkCase one, bool isDeep)
    {
        _case = one;
        Graph = one.Expand();
        Weights = new GraphWeights(Graph);
        _inputs = one.Inputs(Graph);
        _exact = _inputs.Select(i => Array.ConvertAll(i, v => (double)v)).ToArray();
        _values = new Interpreter(Graph, name => Weights[name]).RunAll(_exact);
        _bounds = isDeep
            ? ErrorBound.Simulated(one.Spec.Options, Graph, Weights, _exact, _values)
            : Enumerable.Repeat(ErrorBound.Of(one.Spec.Options, Graph, Weights, _values), Graph.Nodes.Count).ToArray();
        IsDeep = isDeep;
        _isSmall = RandomNetworks.Cheap(Graph, multiplyAdds: SmallMultiplyAdds);
    }

    public Graph Graph { get; }

    public GraphWeights Weights { get; }

    /// <summary>The largest error seen, as a fraction of its bound.</summary>
    public double Worst { get; private set; }

    private bool IsDeep { get; }

    /// <summary>Compiles one network by itself and runs it.</summary>
    /// <returns>What is wrong.</returns>
    public static List<string> Alone(NetworkCase one, bool isDeep, int races)
    {
        try
        {
            var check = new NetworkCheck(one, isDeep);
            using CompiledNetworks compiled = CompiledNetworks.Compile([one]);
            return check.Problems(compiled, one, races);
        }
        catch (Exception e)
        {
            return [e.GetType().Name + ": " + e.Message];
        }
    }

    /// <summary>Runs a variant at every width it is compiled for.</summary>
    /// <param name="compiled">Where it is.</param>
    /// <param name="variant">The variant.</param>
    /// <param name="races">Runs of each team of threads.</param>
    /// <returns>What is wrong.</returns>
    public List<string> Problems(CompiledNetworks compiled, NetworkCase variant, int races = Races)
    {
        var problems = new List<string>();
        foreach (int width in variant.Widths)
        {
            var here = new List<string>();
            try
            {
                using CompiledNetworks.Running running = compiled.Load(variant, Graph, Weights, width);
                float[] result = running.Run(_inputs, here);
                Compare(Graph.Nodes[Graph.Output], result, "the output", here);
                running.Race(_inputs, result, _isSmall ? races : races / 3, here);
                running.Trace(_inputs, result, here, (name, height, columns, channels, values) =>
                {
                    Node? node = Graph.Nodes.FirstOrDefault(n => n.Name == name);
                    if (node is null || node.Shape != new TensorShape(height, columns, channels))
                        here.Add($"the observer saw '{name}' of {height}x{columns}x{channels}, which is no map of the network");
                    else if (IsDeep)
                        Compare(node, values, $"'{name}', as observed,", here);
                });
            }
            catch (Exception e)
            {
                here.Add(e.ToString());
            }

            problems.AddRange(here.Select(p => width.ToString(CultureInfo.InvariantCulture) + " bits: " + p));
        }

        return problems;
    }

    /// <summary>Of the layers with weights, those that may ignore their last input channel without passing the bound.</summary>
    /// <param name="checks">How many were tried.</param>
    public IReadOnlyList<string> Blind(out int checks)
    {
        var blind = new List<string>();
        checks = 0;
        foreach (Node node in Graph.Nodes.Where(n => n.Op is ConvOp or DenseOp))
        {
            checks++;
            if (!Notices(node))
                blind.Add(node.Name);
        }

        return blind;
    }

    private bool Notices(Node node)
    {
        (string name, int outputs, int channels) = node.Op switch
        {
            ConvOp conv => (conv.Weight, conv.Channels, Graph.Nodes[node.Inputs[0]].Shape.Channels / conv.Groups),
            DenseOp dense => (dense.Weight, dense.Units, Graph.Nodes[node.Inputs[0]].Shape.Channels),
            _ => throw new NotSupportedException(),
        };
        float[] changed = (float[])Weights[name].Clone();
        int taps = changed.Length / outputs / channels;
        for (int o = 0; o < outputs; o++)
            changed.AsSpan(((o * channels) + channels - 1) * taps, taps).Clear();
        double[] result = new Interpreter(Graph, n => n == name ? changed : Weights[n]).Run(_exact);
        return ErrorBound.Largest(result, _values[Graph.Output]) > _bounds[Graph.Output];
    }

    private void Compare(Node node, float[] result, string what, List<string> problems)
    {
        double[] expected = _values[node.Id];
        double bound = _bounds[node.Id], error = ErrorBound.Largest(Array.ConvertAll(result, v => (double)v), expected);
        if (error <= bound)
        {
            Worst = Math.Max(Worst, error == 0 ? 0 : error / bound);
            return;
        }

        int where = Enumerable.Range(0, result.Length).First(i => !(Math.Abs(result[i] - expected[i]) <= bound));
        problems.Add(FormattableString.Invariant($"{what} is off by {error:G3}, bound {bound:G3}; first at {where} of {result.Length}: {result[where]:G9}, expected {expected[where]:G9}"));
    }
}
