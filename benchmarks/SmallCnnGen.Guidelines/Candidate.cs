using System;
using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Critique;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Tooling;
using SmallCnnGen.Tooling.Hosting;

namespace SmallCnnGen.Guidelines;

/// <summary>A declaration that went through the real generator and has weights and an input.</summary>
internal sealed class Candidate
{
    private const string Namespace = "SmallCnnGen.Guidelines.Networks", Name = "Net";

    private readonly Type _declared;

    private Candidate(IRunnableNetwork network, Type declared, Action run)
    {
        _declared = declared;
        Run = run;
        MultiplyAdds = network.Cost.MultiplyAdds;
        Parameters = network.Cost.Parameters;
        ArenaBytes = network.ArenaBytes;
    }

    /// <summary>Multiply-adds of one image.</summary>
    public long MultiplyAdds { get; }

    /// <summary>Learnable parameters.</summary>
    public long Parameters { get; }

    /// <summary>Working memory.</summary>
    public long ArenaBytes { get; }

    /// <summary>Runs one image.</summary>
    public Action Run { get; }

    /// <summary>Generates, compiles and loads.</summary>
    public static Candidate Load(Declaration declaration, int bits)
    {
        string source = FormattableString.Invariant($$"""
            using SmallCnnGen;

            namespace {{Namespace}};

            [Network({{declaration.Network}}, VectorBits = {{bits}})]
            {{declaration.Layers}}
            public sealed partial class {{Name}};
            """);
        IRunnableNetwork network = NetworkHost.Load(source, Namespace, Name, 1, traced: false, [typeof(Zoo.MobileNetV1).Assembly], out Type declared);
        Graph graph = NetworkHost.Declare(declared);
        network.Load(NetworkHost.Safetensors(RandomWeights.For(graph)));
        Node input = graph.Inputs.Single();
        float[][] inputs = [RandomWeights.Input(input.Name, input.Shape.Length)];
        var output = new float[graph.Nodes[graph.Output].Shape.Length];
        network.Run(inputs, output);
        if (!output.All(float.IsFinite))
            throw new InvalidOperationException("the output is not finite; denormal or infinite numbers would be timed: " + declaration);
        return new Candidate(network, declared, () => network.Run(inputs, output));
    }

    /// <summary>Whether the critic has something to say by a rule, also one that is off by default.</summary>
    public bool IsCriticised(string rule) => Critic.Run(ReflectionSpecReader.Read(_declared), new CritiqueSettings { AllRules = true }).Any(f => f.RuleId == rule);
}
