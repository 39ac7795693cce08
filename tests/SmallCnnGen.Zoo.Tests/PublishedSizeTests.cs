using System;
using System.Linq;
using SmallCnnGen.Compiler.Declaration;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;
using SmallCnnGen.Compiler.Planning;
using SmallCnnGen.Tooling;
using Xunit;

namespace SmallCnnGen.Zoo.Tests;

/// <summary>Declarations without a reference model against the number of parameters that is published for them.</summary>
public sealed class PublishedSizeTests
{
    /// <summary>Network, learned values, and the unit to which the source rounds them (1: exact).</summary>
    public static TheoryData<Type, double, double> Sizes => new()
    {
        // torchvision 0.14, the table of its classification models.
        { typeof(ResNet34), 21_797_672, 1 },
        { typeof(ResNet152), 60_192_808, 1 },
        { typeof(ResNeXt101), 88_791_336, 1 },
        { typeof(WideResNet50x2), 68_883_240, 1 },
        { typeof(DenseNet169), 14_149_480, 1 },
        { typeof(DenseNet201), 20_013_928, 1 },
        { typeof(Vgg19), 143_667_240, 1 },

        // Hu 2017 (arXiv 1709.01507), the table of reduction ratios, r = 16.
        { typeof(SeResNet50), 28.1e6, 0.1e6 },

        // The released Caffe model has 11,295,240, of which 10,016 are biases that the batch normalisations make redundant.
        { typeof(BnInception), 11_295_240 - 10_016, 1 },

        // Yu and Koltun 2016 (arXiv 1511.07122), section 3: 64 C^2 weights in the basic module for C channels, and in the
        // large one C^2 times 9 (1 * 2 + 2 * 2 + 2 * 4 + 4 * 8 + 8 * 16 + 16 * 32 + 32 * 32) + 32; then the biases.
        { typeof(ContextModuleLarge), (21 * 21 * ((9 * 1710) + 32)) + (21 * (2 + 2 + 4 + 8 + 16 + 32 + 32 + 1)), 1 },
    };

    /// <summary>The declaration has the published size.</summary>
    [Theory]
    [MemberData(nameof(Sizes))]
    public void Parameters_AreThePublishedOnes(Type network, double parameters, double unit)
    {
        Graph graph = SpecExpander.Expand(ReflectionSpecReader.Read(network), new FindingList())!;

        long learned = graph.Nodes
            .Where(n => n.Inputs.Count > 0)
            .SelectMany(n => CostRule.Tensors(n.Op, graph.Nodes[n.Inputs[0]].Shape, n.Shape))
            .DistinctBy(t => t.Name)
            .Where(t => t.IsLearned)
            .Sum(t => t.Length);
        Assert.Equal(parameters, Math.Round(learned / unit) * unit, 1.0);
    }
}
