using BenchmarkDotNet.Attributes;

namespace SmallCnnGen.Benchmarks;

/// <summary>MobileNet V1's layers by kind, each as a network of its own, 256-bit vectors.</summary>
public class LayerBenchmarks
{
    private readonly float[] _first = RandomInput.Make(FirstConv.InputLength);
    private readonly float[] _large = RandomInput.Make(Pointwise112.InputLength);
    private readonly float[] _middle = RandomInput.Make(Depthwise28Stride2.InputLength);
    private readonly float[] _deep = RandomInput.Make(Pointwise14.InputLength);
    private readonly float[] _small = RandomInput.Make(Pointwise7.InputLength);
    private readonly float[] _vector = RandomInput.Make(Classifier.InputLength);
    private readonly float[] _full = RandomInput.Make(Full3x3.InputLength);
    private readonly float[] _firstOutput = new float[FirstConv.OutputLength];
    private readonly float[] _depthwise112Output = new float[Depthwise112.OutputLength];
    private readonly float[] _depthwise28Output = new float[Depthwise28Stride2.OutputLength];
    private readonly float[] _depthwise14Output = new float[Depthwise14.OutputLength];
    private readonly float[] _pointwise112Output = new float[Pointwise112.OutputLength];
    private readonly float[] _pointwise14Output = new float[Pointwise14.OutputLength];
    private readonly float[] _pointwise7Output = new float[Pointwise7.OutputLength];
    private readonly float[] _poolOutput = new float[GlobalPool.OutputLength];
    private readonly float[] _classifierOutput = new float[Classifier.OutputLength];
    private readonly float[] _fullOutput = new float[Full3x3.OutputLength];
    private readonly FirstConv _firstConv = FirstConv.CreateRandom();
    private readonly Depthwise112 _depthwise112 = SmallCnnGen.Benchmarks.Depthwise112.CreateRandom();
    private readonly Depthwise28Stride2 _depthwise28 = Depthwise28Stride2.CreateRandom();
    private readonly Depthwise14 _depthwise14 = SmallCnnGen.Benchmarks.Depthwise14.CreateRandom();
    private readonly Pointwise112 _pointwise112 = SmallCnnGen.Benchmarks.Pointwise112.CreateRandom();
    private readonly Pointwise14 _pointwise14 = SmallCnnGen.Benchmarks.Pointwise14.CreateRandom();
    private readonly Pointwise7 _pointwise7 = SmallCnnGen.Benchmarks.Pointwise7.CreateRandom();
    private readonly GlobalPool _pool = GlobalPool.CreateRandom();
    private readonly Classifier _classifier = Classifier.CreateRandom();
    private readonly Full3x3 _full3x3 = Full3x3.CreateRandom();

    /// <summary>3x3 stride 2 on 3 channels, 224x224.</summary>
    [Benchmark]
    public void First3x3() => _firstConv.Run(_first, _firstOutput);

    /// <summary>Depthwise 3x3, 112x112x32.</summary>
    [Benchmark]
    public void Depthwise112x32() => _depthwise112.Run(_large, _depthwise112Output);

    /// <summary>Depthwise 3x3 stride 2, 28x28x256.</summary>
    [Benchmark]
    public void Depthwise28x256Stride2() => _depthwise28.Run(_middle, _depthwise28Output);

    /// <summary>Depthwise 3x3, 14x14x512.</summary>
    [Benchmark]
    public void Depthwise14x512() => _depthwise14.Run(_deep, _depthwise14Output);

    /// <summary>1x1, 112x112, 32 to 64 channels.</summary>
    [Benchmark]
    public void Pointwise112x32() => _pointwise112.Run(_large, _pointwise112Output);

    /// <summary>1x1, 14x14, 512 to 512 channels.</summary>
    [Benchmark]
    public void Pointwise14x512() => _pointwise14.Run(_deep, _pointwise14Output);

    /// <summary>1x1, 7x7, 1024 to 1024 channels.</summary>
    [Benchmark]
    public void Pointwise7x1024() => _pointwise7.Run(_small, _pointwise7Output);

    /// <summary>Global average pooling, 7x7x1024.</summary>
    [Benchmark]
    public void GlobalAveragePool7x1024() => _pool.Run(_small, _poolOutput);

    /// <summary>Fully connected, 1024 to 1000.</summary>
    [Benchmark]
    public void Dense1024() => _classifier.Run(_vector, _classifierOutput);

    /// <summary>Full 3x3, 56x56, 64 to 64 channels.</summary>
    [Benchmark]
    public void Full3x3At56x64() => _full3x3.Run(_full, _fullOutput);
}
