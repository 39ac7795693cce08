using System.Globalization;
using System.Linq;
using Xunit;

namespace SmallCnnGen.Runtime.Tests;

public sealed class NetworkCostTests
{
    private static NetworkCost Sample() => new(
        "TinyNet", 2048, 4096,
        [
            new LayerCost("stem", "Conv", "3x3 s2", "224x224x3", "112x112x32", 3, 10_838_016, 928, 1_605_632, 553_088, 0, "conv3x3", "bn, ReLU"),
            new LayerCost("expand.0", "Conv", "1x1", "112x112x32", "112x112x64", 3, 25_690_112, 2112, 3_211_264, 1_206_272, 1_137_000, "gemm", ""),
            new LayerCost("pool", "GlobalAveragePool", "", "112x112x64", "1x1x64", 224, 0, 0, 320, 0, 0, "", ""),
        ]);

    [Fact]
    public void SumsItsLayers()
    {
        var cost = Sample();
        Assert.Equal("TinyNet", cost.Network);
        Assert.Equal(36_528_128, cost.MultiplyAdds);
        Assert.Equal(3040, cost.Parameters);
        Assert.Equal(2048, cost.ArenaBytes);
        Assert.Equal(4096, cost.WeightBytes);
        Assert.Equal(["stem", "expand.0", "pool"], cost.Layers.Select(l => l.Name));
    }

    [Fact]
    public void LayersAreACopy()
    {
        LayerCost[] layers = [Sample().Layers[0]];
        var cost = new NetworkCost("N", 0, 0, layers);
        layers[0] = Sample().Layers[1];
        Assert.Equal("stem", cost.Layers[0].Name);
    }

    [Fact]
    public void PrintsAnAlignedTable()
    {
        const string expected = """
            TinyNet: 36.528 M multiply-adds (convolutions and dense layers), 3040 parameters (learnable), arena 2.0 KiB, packed weights 4.0 KiB
            layer     op                 kernel       input      output  field  madds M  share %  params  act KiB  access K  x bound  code     fused
            --------  -----------------  ------  ----------  ----------  -----  -------  -------  ------  -------  --------  -------  -------  --------
            stem      Conv               3x3 s2   224x224x3  112x112x32      3   10.838     29.7     928   1568.0     553.1        -  conv3x3  bn, ReLU
            expand.0  Conv               1x1     112x112x32  112x112x64      3   25.690     70.3    2112   3136.0    1206.3     1.06  gemm     -
            pool      GlobalAveragePool  -       112x112x64      1x1x64    224    0.000      0.0       0      0.3         -        -  -        -
            --------  -----------------  ------  ----------  ----------  -----  -------  -------  ------  -------  --------  -------  -------  --------
            total                                                                36.528    100.0    3040   4704.3    1759.4

            """;
        Assert.Equal(expected.ReplaceLineEndings("\n"), Sample().ToString());
    }

    [Fact]
    public void PrintsTheSameInEveryCulture()
    {
        var before = CultureInfo.CurrentCulture;
        var expected = Sample().ToString();
        try
        {
            var odd = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            odd.NumberFormat.NumberDecimalSeparator = ",";
            CultureInfo.CurrentCulture = odd;
            Assert.Equal("1,5", 1.5.ToString(CultureInfo.CurrentCulture));
            Assert.Equal(expected, Sample().ToString());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void NoLayersIsFine() => Assert.Contains("total", new NetworkCost("Empty", 0, 0, []).ToString());
}
