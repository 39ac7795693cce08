using System;
using BenchmarkDotNet.Attributes;
using SmallCnnGen.Tooling;
using SmallCnnGen.Tooling.Hosting;

namespace SmallCnnGen.Benchmarks;

/// <summary>MobileNet V1 1.0/224: one run at each vector width, and loading.</summary>
[MemoryDiagnoser]
public class MobileNetBenchmarks
{
    private byte[] _file = [];
    private float[] _input = [];
    private readonly float[] _output = new float[MobileNetV1.OutputLength];
    private MobileNetV1At128? _at128;
    private MobileNetV1? _at256;
    private MobileNetV1At512? _at512;

    /// <summary>Makes weights, an image and the networks.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _file = NetworkHost.Safetensors(RandomWeights.For(NetworkHost.Declare(typeof(MobileNetV1))));
        _input = RandomInput.Make(MobileNetV1.InputLength);
        _at128 = MobileNetV1At128.Load(_file);
        _at256 = MobileNetV1.Load(_file);
        if (System.Runtime.Intrinsics.Vector512.IsHardwareAccelerated)
            _at512 = MobileNetV1At512.Load(_file);
    }

    /// <summary>128-bit vectors.</summary>
    [Benchmark]
    public void Run128() => _at128!.Run(_input, _output);

    /// <summary>256-bit vectors.</summary>
    [Benchmark(Baseline = true)]
    public void Run256() => _at256!.Run(_input, _output);

    /// <summary>512-bit vectors.</summary>
    [Benchmark]
    public void Run512() => (_at512 ?? throw new PlatformNotSupportedException("no AVX-512 here")).Run(_input, _output);

    /// <summary>Reading, checking, folding and packing 4.2 M parameters from memory.</summary>
    [Benchmark]
    public object Load() => MobileNetV1.LoadWeights(_file);
}
