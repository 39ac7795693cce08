using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using SmallCnnGen.Benchmarks;

foreach ((string method, long multiplyAdds) in new[]
{
    (nameof(MobileNetBenchmarks.Run128), MobileNetV1.MultiplyAdds),
    (nameof(MobileNetBenchmarks.Run256), MobileNetV1.MultiplyAdds),
    (nameof(MobileNetBenchmarks.Run512), MobileNetV1.MultiplyAdds),
    (nameof(LayerBenchmarks.First3x3), FirstConv.MultiplyAdds),
    (nameof(LayerBenchmarks.Depthwise112x32), Depthwise112.MultiplyAdds),
    (nameof(LayerBenchmarks.Depthwise28x256Stride2), Depthwise28Stride2.MultiplyAdds),
    (nameof(LayerBenchmarks.Depthwise14x512), Depthwise14.MultiplyAdds),
    (nameof(LayerBenchmarks.Pointwise112x32), Pointwise112.MultiplyAdds),
    (nameof(LayerBenchmarks.Pointwise14x512), Pointwise14.MultiplyAdds),
    (nameof(LayerBenchmarks.Pointwise7x1024), Pointwise7.MultiplyAdds),
    (nameof(LayerBenchmarks.Dense1024), Classifier.MultiplyAdds),
    (nameof(LayerBenchmarks.Full3x3At56x64), Full3x3.MultiplyAdds),
})
{
    GflopsColumn.MultiplyAdds[method] = multiplyAdds;
}

// In process: the library under test is the one just built, and a run takes seconds rather than minutes.
IConfig config = DefaultConfig.Instance
    .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
    .AddColumn(StatisticColumn.Median, StatisticColumn.Min, new GflopsColumn());
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, config);
