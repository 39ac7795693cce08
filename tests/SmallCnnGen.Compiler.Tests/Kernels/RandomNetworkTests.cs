using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Tests.Support;
using SmallCnnGen.Testing.Oracle;
using Xunit;
using Xunit.Abstractions;

namespace SmallCnnGen.Compiler.Tests.Kernels;

/// <summary>
/// Generated kernels against the double oracle on random networks, at every width, with guard pages around the caller's
/// memory. SCNN_RANDOM_CASES raises the number; a failure prints the declaration.
/// </summary>
public class RandomNetworkTests(ITestOutputHelper output)
{
    /// <summary>Networks in one compilation; each comes once for every width.</summary>
    private const int Batch = 96;

    [Fact]
    public void Single_layers_agree_with_the_oracle() =>
        CheckSingle(Enumerable.Range(0, RandomNetworks.Count(112)).Select(RandomNetworks.Single).ToArray());

    [Fact]
    public void Winograd_layers_agree_with_the_oracle() =>
        CheckSingle(Enumerable.Range(0, RandomNetworks.Count(112) / 3).Select(RandomNetworks.Winograd).ToArray());

    [Fact]
    public void Networks_agree_with_the_oracle()
    {
        NetworkCase[] cases = Enumerable.Range(0, RandomNetworks.Count(112) / 4).Select(RandomNetworks.Dag).ToArray();
        double worst = Check(cases, (one, graph, weights, inputs, values) => ErrorBound.Simulated(one.Spec.Options, graph, weights, inputs, values[graph.Output]));
        output.WriteLine($"largest error: {worst:G3} of its bound; {cases.Sum(c => c.Spec.Layers.Count)} layers");
    }

    /// <summary>
    /// CheckForOverflowUnderflow changes nothing. Tolerances are those of the tests above; an overflow is an exception.
    /// </summary>
    [Fact]
    public void Checked_arithmetic_agrees_with_the_oracle()
    {
        NetworkCase[] cases =
        [
            .. Enumerable.Range(1000, RandomNetworks.Count(112) / 4).Select(RandomNetworks.Single),
            .. Enumerable.Range(1000, RandomNetworks.Count(112) / 14).Select(RandomNetworks.Winograd),
            .. Enumerable.Range(1000, RandomNetworks.Count(112) / 14).Select(RandomNetworks.Dag),
        ];
        Check(cases, (one, graph, weights, inputs, values) => ErrorBound.Simulated(one.Spec.Options, graph, weights, inputs, values[graph.Output]), checkOverflow: true);
    }

    private void CheckSingle(NetworkCase[] cases)
    {
        int checks = 0, blind = 0;
        double worst = Check(cases, (one, graph, weights, inputs, values) =>
        {
            double tolerance = ErrorBound.Of(one.Spec.Options, graph, weights, values);
            foreach (Node node in graph.Nodes.Where(n => n.Op is ConvOp or DenseOp))
            {
                checks++;
                if (!Notices(graph, weights, inputs, values[graph.Output], tolerance, node))
                    blind++;
            }

            return tolerance;
        });

        // An activation that is 0 or saturated everywhere, or a map of which nothing is read, hides any error.
        output.WriteLine($"largest error: {worst:G3} of its bound; {checks} missing channels, {blind} of them unseen");
        Assert.True(blind <= checks / 10, $"{blind} of {checks} missing channels stay within the bound");
    }

    private double Check(NetworkCase[] cases, Func<NetworkCase, Graph, GraphWeights, double[][], double[][], double> bound, bool checkOverflow = false)
    {
        // The last declaration is on disk when a guard page ends the process.
        string trail = Path.Combine(Path.GetTempPath(), "scnn-last-random-network-" + Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + ".cs");
        var failures = new List<string>();
        double worst = 0;
        foreach (NetworkCase[] batch in cases.Chunk(Batch))
        {
            int[] widths = CompiledNetworks.Widths;
            using CompiledNetworks compiled = CompiledNetworks.Compile(batch.SelectMany(c => widths.Select(c.WithBits)).ToArray(), checkOverflow);
            foreach (NetworkCase one in batch)
            {
                Graph graph = one.Expand();
                var weights = new GraphWeights(graph);
                float[][] inputs = one.Inputs(graph);
                double[][] exact = inputs.Select(i => Array.ConvertAll(i, v => (double)v)).ToArray();
                double[][] values = new Interpreter(graph, name => weights[name]).RunAll(exact);
                double tolerance = bound(one, graph, weights, exact, values);
                foreach (int width in widths)
                {
                    NetworkCase at = one.WithBits(width);
                    File.WriteAllText(trail, at.Declaration);
                    var problems = new List<string>();
                    try
                    {
                        using CompiledNetworks.Running running = compiled.Load(at, graph, weights);
                        float[] result = running.Run(inputs, problems);
                        double error = ErrorBound.Largest(Array.ConvertAll(result, v => (double)v), values[graph.Output]);
                        if (!(error <= tolerance))
                        {
                            int where = Array.FindIndex(result, 0, v => true);
                            for (int i = 0; i < result.Length; i++)
                            {
                                if (!(Math.Abs(result[i] - values[graph.Output][i]) <= tolerance))
                                {
                                    where = i;
                                    break;
                                }
                            }

                            problems.Add(FormattableString.Invariant($"error {error:G3}, bound {tolerance:G3}; first at {where} of {result.Length}: {result[where]:G9}, expected {values[graph.Output][where]:G9}"));
                        }
                        else if (error > 0)
                        {
                            worst = Math.Max(worst, error / tolerance);
                        }
                    }
                    catch (Exception e)
                    {
                        problems.Add(e.ToString());
                    }

                    failures.AddRange(problems.Select(p => p + "\n" + at.Declaration));
                }
            }
        }

        File.Delete(trail);
        Assert.True(failures.Count == 0, $"{failures.Count} failures\n" + string.Join("\n", failures.Take(6)));
        return worst;
    }

    /// <summary>Whether the bound is passed when a layer ignores its last input channel.</summary>
    private static bool Notices(Graph graph, GraphWeights weights, double[][] inputs, double[] expected, double tolerance, Node node)
    {
        (string name, int outputs, int channels) = node.Op switch
        {
            ConvOp conv => (conv.Weight, conv.Channels, graph.Nodes[node.Inputs[0]].Shape.Channels / conv.Groups),
            DenseOp dense => (dense.Weight, dense.Units, graph.Nodes[node.Inputs[0]].Shape.Channels),
            _ => throw new NotSupportedException(),
        };
        float[] changed = (float[])weights[name].Clone();
        int taps = changed.Length / outputs / channels;
        for (int o = 0; o < outputs; o++)
            changed.AsSpan(((o * channels) + channels - 1) * taps, taps).Clear();
        double[] result = new Interpreter(graph, n => n == name ? changed : weights[n]).Run(inputs);
        return ErrorBound.Largest(result, expected) > tolerance;
    }
}
