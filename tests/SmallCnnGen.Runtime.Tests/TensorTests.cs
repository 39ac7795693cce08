using System;
using System.Linq;
using Xunit;

namespace SmallCnnGen.Runtime.Tests;

public sealed class TensorTests
{
    private static float[] Count(int n) => Enumerable.Range(0, n).Select(i => (float)i).ToArray();

    [Fact]
    public void ViewReadsThroughItsPitch()
    {
        const int height = 3, width = 5, channels = 4, pitch = 9;
        var data = Count((height * width - 1) * pitch + channels);
        var view = new TensorView("conv", height, width, channels, pitch, data);
        Assert.Equal(("conv", height, width, channels, pitch), (view.Name, view.Height, view.Width, view.Channels, view.Pitch));
        Assert.Equal(data.Length, view.Data.Length);
        float[] hwc = new float[60], chw = new float[61];
        chw[60] = -1;
        view.CopyTo(hwc);
        view.CopyToChw(chw);
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                for (var c = 0; c < channels; c++)
                {
                    var value = (y * width + x) * pitch + c;
                    Assert.Equal(value, view[y, x, c]);
                    Assert.Equal(value, hwc[(y * width + x) * channels + c]);
                    Assert.Equal(value, chw[(c * height + y) * width + x]);
                }
            }
        }

        Assert.Equal(-1, chw[60]);
    }

    [Theory]
    [InlineData(-1, 0, 0, "y must be from 0 to 1: tensor 't' is 2x3x4")]
    [InlineData(2, 0, 0, "y must be from 0 to 1: tensor 't' is 2x3x4")]
    [InlineData(0, -1, 0, "x must be from 0 to 2: tensor 't' is 2x3x4")]
    [InlineData(0, 3, 0, "x must be from 0 to 2: tensor 't' is 2x3x4")]
    [InlineData(0, 0, -1, "channel must be from 0 to 3: tensor 't' is 2x3x4")]
    [InlineData(0, 0, 4, "channel must be from 0 to 3: tensor 't' is 2x3x4")]
    public void IndexOutsideIsRefused(int y, int x, int channel, string fact) =>
        Assert.Contains(fact, Assert.Throws<ArgumentOutOfRangeException>(() => new TensorView("t", 2, 3, 4, 8, new float[48])[y, x, channel]).Message);

    [Fact]
    public void ViewsMustFitTheirData()
    {
        _ = new TensorView("t", 2, 2, 3, 5, new float[18]);
        Assert.Contains("Tensor 't' has 17 floats; 2x2x3 with 5 floats from pixel to pixel needs 18", Assert.Throws<ArgumentException>(() => { _ = new TensorView("t", 2, 2, 3, 5, new float[17]); }).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => { _ = new TensorView("t", 2, 2, 3, 2, new float[100]); });
        Assert.Throws<ArgumentOutOfRangeException>(() => { _ = new TensorView("t", 0, 2, 3, 3, new float[100]); });
        Assert.Throws<ArgumentException>(() => { _ = new TensorView("t", int.MaxValue, int.MaxValue, 2, 2, new float[100]); });
        Assert.Contains("hwc has 11 floats; tensor 't' has 12 = 2x2x3", Assert.Throws<ArgumentException>(() => new TensorView("t", 2, 2, 3, 3, new float[12]).CopyTo(new float[11])).Message);
        Assert.Contains("chw has 11 floats; tensor 't' has 12 = 2x2x3", Assert.Throws<ArgumentException>(() => new TensorView("t", 2, 2, 3, 3, new float[12]).CopyToChw(new float[11])).Message);
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(3, 2, 5)]
    [InlineData(3, 33, 17)]
    [InlineData(16, 4, 4)]
    [InlineData(37, 7, 9)]
    [InlineData(64, 1, 100)]
    public void LayoutsConvertBothWays(int channels, int height, int width)
    {
        var chw = Count(channels * height * width);
        var hwc = new float[chw.Length];
        TensorLayout.ChwToHwc(chw, channels, height, width, hwc);
        for (var c = 0; c < channels; c++)
        {
            for (var y = 0; y < height; y++)
            {
                for (var x = 0; x < width; x++)
                    Assert.Equal(chw[(c * height + y) * width + x], hwc[(y * width + x) * channels + c]);
            }
        }

        var back = new float[chw.Length];
        TensorLayout.HwcToChw(hwc, height, width, channels, back);
        Assert.Equal(chw, back);
    }

    [Fact]
    public void LayoutArgumentsAreChecked()
    {
        var a = new float[24];
        var b = new float[24];
        Assert.Contains("chw has 23 floats; 2 channels of 3 x 4 pixels are 24", Assert.Throws<ArgumentException>("chw", () => TensorLayout.ChwToHwc(a.AsSpan(1), 2, 3, 4, b)).Message);
        Assert.Contains("hwc has 23 floats; 2 channels of 3 x 4 pixels are 24", Assert.Throws<ArgumentException>("hwc", () => TensorLayout.ChwToHwc(a, 2, 3, 4, b.AsSpan(1))).Message);
        Assert.Contains("hwc has 23 floats; 2 channels of 3 x 4 pixels are 24", Assert.Throws<ArgumentException>("hwc", () => TensorLayout.HwcToChw(a.AsSpan(1), 3, 4, 2, b)).Message);
        Assert.Contains("overlap", Assert.Throws<ArgumentException>(() => TensorLayout.HwcToChw(a, 3, 4, 2, a)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => TensorLayout.ChwToHwc(a, 0, 3, 4, b));
        Assert.Throws<ArgumentException>(() => TensorLayout.ChwToHwc(a, int.MaxValue, int.MaxValue, int.MaxValue, b));
    }

    [Fact]
    public void ObserversTakeViews()
    {
        string? seen = null;
        TensorObserver observer = (in TensorView tensor) => seen = tensor.Name;
        observer(new TensorView("stem", 1, 1, 1, 1, new float[1]));
        Assert.Equal("stem", seen);
    }
}
