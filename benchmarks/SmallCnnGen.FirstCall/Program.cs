using System;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Runtime;
using System.Runtime.InteropServices;
using SmallCnnGen;
using SmallCnnGen.FirstCall;

// What a process meets before its first answer, and how fast it is from then on. Prints one line of numbers separated by
// blanks, for first-call.sh; with --words the same for people. Loading and the first call, which happen once, are in
// processor time: what others do on the machine cannot be told from them in elapsed time. Of other calls the best counts.
const int early = 25; // runs that all precede the runtime's second look at a method, which comes after 30 calls
const int runs = 300;

SafetensorsFile file = Subject.RandomFile();
var input = new float[Subject.InputLength];
var output = new float[Subject.OutputLength];
for (int i = 0; i < input.Length; i++)
    input[i] = (i * 37 % 255) / 255f;

Compiled start = Compiled.Now;
TimeSpan busy = Environment.CpuUsage.TotalTime;
using Subject network = Subject.Load(file);
double load = (Environment.CpuUsage.TotalTime - busy).TotalMilliseconds;
Compiled loaded = Compiled.Now;

busy = Environment.CpuUsage.TotalTime;
network.Run(input, output);
double first = (Environment.CpuUsage.TotalTime - busy).TotalMilliseconds;
Compiled called = Compiled.Now;

int answer = Checksum(output);

var times = new double[runs];
for (int i = 0; i < runs; i++)
{
    long time = Stopwatch.GetTimestamp();
    network.Run(input, output);
    times[i] = Stopwatch.GetElapsedTime(time).TotalMilliseconds;
}

Compiled end = Compiled.Now;
bool stable = answer == Checksum(output);
double soon = times.Take(early).Min(), late = times.TakeLast(50).Min();
Compiled atLoad = loaded - start, atCall = called - loaded, after = end - called;
CultureInfo culture = CultureInfo.InvariantCulture;
Console.WriteLine(args is ["--words"]
    ? string.Create(culture, $"""
        {network.VectorBits}-bit kernels
        load        {load,8:F2} ms, of it {atLoad.Milliseconds:F2} ms compiling {atLoad.Methods} methods
        first call  {first,8:F2} ms, of it {atCall.Milliseconds:F2} ms compiling {atCall.Methods} methods
        calls 2-{early + 1}  {soon,8:F2} ms
        later calls {late,8:F2} ms, while the runtime compiled {after.Methods} methods for {after.Milliseconds:F2} ms
        """)
    : string.Create(culture, $"{network.VectorBits} {load:F3} {atLoad.Methods} {atLoad.Milliseconds:F3} {first:F3} {atCall.Methods} {atCall.Milliseconds:F3} {soon:F3} {late:F3} {after.Methods} {after.Milliseconds:F3} {answer:x8}"));
return stable ? 0 : throw new InvalidOperationException("The same input gave another output after the runtime recompiled.");

// FNV-1a over the bits: which two forms of one width must share.
static int Checksum(ReadOnlySpan<float> values)
{
    uint hash = 2166136261;
    foreach (byte b in MemoryMarshal.AsBytes(values))
        hash = (hash ^ b) * 16777619;
    return (int)hash;
}

namespace SmallCnnGen.FirstCall
{
    /// <summary>MobileNet V1, width 1, 224x224. (The Zoo's declaration, in fewer lines.)</summary>
    [Network(Height = 224, Width = 224, Channels = 3)]
    [Conv(32, Stride = 2)]
    [SeparableConv(64)]
    [SeparableConv(128, Stride = 2), SeparableConv(128)]
    [SeparableConv(256, Stride = 2), SeparableConv(256)]
    [SeparableConv(512, Stride = 2), SeparableConv(512), SeparableConv(512), SeparableConv(512), SeparableConv(512), SeparableConv(512)]
    [SeparableConv(1024, Stride = 2), SeparableConv(1024)]
    [GlobalAveragePool]
    [Dense(1000)]
    [Budget(MultiplyAdds = 568_740_352, Parameters = 4_231_976)]
    internal sealed partial class Subject
    {
        /// <summary>Weights as a file would have them; loading from memory is timed without the disk.</summary>
        public static SafetensorsFile RandomFile() => Runtime.WeightBinder.RandomFile(0, binder =>
        {
            foreach (NetworkTensor tensor in Tensors)
                binder.Expect(tensor.Name, [.. tensor.Shape]);
        });
    }

    /// <summary>What the JIT has compiled so far.</summary>
    internal readonly record struct Compiled(long Methods, double Milliseconds)
    {
        public static Compiled Now => new(JitInfo.GetCompiledMethodCount(), JitInfo.GetCompilationTime().TotalMilliseconds);

        public static Compiled operator -(Compiled a, Compiled b) => new(a.Methods - b.Methods, a.Milliseconds - b.Milliseconds);
    }
}
