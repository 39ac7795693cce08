using System;
using System.Collections.Generic;
using SmallCnnGen.Compiler.Emit;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Planning;

namespace SmallCnnGen.Compiler.Kernels;

/// <summary>
/// Everything a kernel's code depends on, and nothing else: no layer names, no offsets. Two layers whose specs are equal
/// share one kernel. The emitted method takes (inputs..., weights if any, scratch memory if any, output) as float
/// pointers.
/// </summary>
/// <param name="Bits">Register width in bits.</param>
public abstract record KernelSpec(int Bits)
{
    /// <summary>Method name that tells the shape ("Conv3x3S2_224x224x3_112x112x32_ReLU"); not yet unique.</summary>
    public abstract string Name { get; }

    /// <summary>How many tensors it reads, residual included.</summary>
    public virtual int Inputs => 1;

    /// <summary>Whether it takes a table of where the channels of its first input lie.</summary>
    public virtual bool HasChannelTable => false;

    /// <summary>Floats of packed weights it reads.</summary>
    public virtual long WeightFloats => 0;

    /// <summary>Floats of memory it needs while it runs and never again.</summary>
    public virtual long ScratchFloats => 0;

    /// <summary>Floats from one thread's scratch memory to the next one's: whole cache lines.</summary>
    public long ScratchPitch => ArenaPlanner.Aligned(ScratchFloats);

    /// <summary>
    /// Whether it also writes the mean of each row of its result, while that is in registers, a row of channels each: global
    /// pooling then reads one pixel a row instead of the map.
    /// </summary>
    public bool HasRowMeans { get; init; }

    /// <summary>Whether it can be made to (<see cref="HasRowMeans"/>).</summary>
    public virtual bool CanMakeRowMeans => false;

    /// <summary>Whether it computes a part of its units, "from" to "to" - 1, so that threads can share it.</summary>
    public bool IsSplit { get; init; }

    /// <summary>Parts that can be computed independently and to the same bits, known at compile time; 1 for a whole.</summary>
    public virtual int Units => 1;

    /// <summary>
    /// Whether the last unit writes some of what the one before it writes, as a last vector or panel does that ends at the last
    /// channel: then one thread computes both. No other two units may.
    /// </summary>
    public virtual bool LastUnitsOverlap => false;

    /// <summary>Into how many parts the units can be cut.</summary>
    public int Shares => Units - (LastUnitsOverlap ? 1 : 0);

    /// <summary>What a unit writes. <see cref="Emit"/> writes the same ranges as code.</summary>
    /// <param name="unit">Number of the unit.</param>
    public virtual UnitSpan Writes(int unit) => throw new InvalidOperationException(GetType().Name + " has no units");

    /// <summary>
    /// First unit of one of some parts, as evenly as it goes; with the number of parts for a part, the end of the last. Where
    /// the last two units belong together, no part begins between them.
    /// </summary>
    /// <param name="part">Which part.</param>
    /// <param name="parts">How many parts there are.</param>
    public int Cut(int part, int parts)
    {
        int cut = (int)((long)Units * part / parts);
        return LastUnitsOverlap && cut == Units - 1 ? cut - 1 : cut;
    }

    /// <summary>An expression for <see cref="Cut"/>.</summary>
    /// <param name="part">Expression for the part.</param>
    /// <param name="parts">Expression for the number of parts, at most 64.</param>
    public string CutCode(string part, string parts) =>
        LastUnitsOverlap ? $"ThreadTeam.Core.Cut({Literal.Of(Units)}, {part}, {parts})"
        : Units <= int.MaxValue / 64 ? $"{Literal.Of(Units)} * {part} / {parts}"
        : $"(int)({Literal.Of(Units)}L * {part} / {parts})";

    /// <summary>Whether its units are rows of the output, in order: it may run strip by strip between others.</summary>
    public bool IsStrip { get; init; }

    /// <summary>Whether it can be made to (<see cref="IsStrip"/>).</summary>
    public virtual bool HasStrips => false;

    /// <summary>Output rows that are complete after the first so many units.</summary>
    public virtual int RowsAfter(int units) => units;

    /// <summary>What a unit is ("rows").</summary>
    public virtual string UnitName => "units";

    /// <summary>What the kernel does, in lines for its doc comment.</summary>
    public abstract IEnumerable<string> Describe();

    /// <summary>Writes the method, and helpers whose names start with <paramref name="method"/>.</summary>
    public abstract void Emit(CodeWriter writer, string method);

    /// <summary>Parameter list of the method.</summary>
    protected string Parameters
    {
        get
        {
            var list = new List<string>();
            for (int i = 0; i < Inputs; i++)
                list.Add("float* " + InputName(i));
            if (HasChannelTable)
                list.Add("int* channels");
            if (WeightFloats > 0)
                list.Add("float* w");
            if (ScratchFloats > 0)
                list.Add("float* scratch");
            list.Add("float* y");
            if (HasRowMeans)
                list.Add("float* means");
            if (IsSplit)
                list.Add("int from, int to");
            return string.Join(", ", list);
        }
    }

    /// <summary>Bounds of a loop over units, those between two of them: "0" and "112", or cut to "from" and "to".</summary>
    protected (string First, string End) Bounds(int first, int end) => IsSplit
        ? (first == 0 ? "from" : $"Math.Max(from, {Literal.Of(first)})", end == Units ? "to" : $"Math.Min(to, {Literal.Of(end)})")
        : (Literal.Of(first), Literal.Of(end));

    /// <summary>Name of an input's parameter.</summary>
    protected virtual string InputName(int index) => index == 0 ? "x" : "x" + Literal.Of(index);

    /// <summary>Opens a kernel method that runs at full speed from its first call.</summary>
    /// <remarks>
    /// ReadyToRun leaves out methods with AggressiveOptimization. Without it nothing but NoInlining keeps the JIT's last
    /// tier from putting tiles back into the loops they were taken out of. The attribute is spelled out because no alias keeps
    /// a user's class called MethodImplAttribute out of its short name.
    /// </remarks>
    protected static void OpenMethod(CodeWriter writer, string access, string name, string parameters)
    {
        writer.Line($"[global::System.Runtime.CompilerServices.MethodImpl(MethodImplOptions.{(writer.IsReadyToRun ? "NoInlining" : "AggressiveOptimization")})]");
        writer.OpenUnchecked($"{access}static void {name}({parameters})");
    }

    /// <summary>Opens a loop over pixels, which are the units: this thread's where threads share them. x and y stand at the pixel.</summary>
    protected void OpenPixels(CodeWriter writer, TensorRef x, TensorRef y)
    {
        (string first, string end) = Bounds(0, x.Pixels);
        if (IsSplit)
        {
            writer.Line($"x += from * {x.Pitch};");
            writer.Line($"y += from * {y.Pitch};");
        }

        writer.Open($"for (int pixel = {first}; pixel < {end}; pixel++)");
    }

    /// <summary>Moves on to the next pixel and closes the loop.</summary>
    protected static void ClosePixels(CodeWriter writer, TensorRef x, TensorRef y)
    {
        writer.Line($"x += {x.Pitch};");
        writer.Line($"y += {y.Pitch};");
        writer.Close();
    }

    /// <summary>Opens a block of its own for locals, under a comment.</summary>
    protected static void OpenScope(CodeWriter writer, string comment) => writer.Open("// " + comment);

    /// <summary>A pointer and a constant offset ("x + 64").</summary>
    protected static string Offset(string pointer, long offset) =>
        offset == 0 ? pointer : offset > 0 ? $"{pointer} + {Literal.Of(offset)}" : $"{pointer} - {Literal.Of(-offset)}";

    /// <summary>A window for kernel names: "3x3", "3x3S2", "3x3S2x1D2".</summary>
    protected static string WindowName(Window window) =>
        window.Kernel + PairSuffix("S", window.Stride) + PairSuffix("D", window.Dilation);

    /// <summary>
    /// Writes the kernel rows that lie inside the map, ky0 to ky1 - 1, from the window's first row in <c>top</c>: those with
    /// 0 &lt;= top + ky * dilation &lt; height.
    /// </summary>
    protected static void KernelRows(CodeWriter writer, Window window, int height)
    {
        int d = window.Dilation.Y;
        writer.Line(d == 1 ? "int ky0 = Math.Max(0, -top);" : $"int ky0 = Math.Max(0, ({d - 1} - top) / {d});");
        writer.Line(d == 1
            ? $"int ky1 = Math.Max(ky0, Math.Min({window.Kernel.Y}, {height} - top));"
            : $"int ky1 = Math.Max(ky0, Math.Min({window.Kernel.Y}, ({height + d - 1} - top) / {d}));");
    }

    /// <summary>
    /// Opens a loop over some output columns at an edge of the map, and writes the column of the input where each one's window
    /// begins, <c>left</c>, and the kernel columns inside the map, kx0 to kx1 - 1.
    /// </summary>
    protected static void OpenEdge(CodeWriter writer, Window window, int width, int from, int to)
    {
        int d = window.Dilation.X;
        writer.Open($"for (int ox = {from}; ox < {to}; ox++)");
        writer.Line($"int left = ox * {window.Stride.X} - {window.Padding.Left};");
        writer.Line($"int kx0 = Math.Min({window.Kernel.X}, Math.Max(0, {(d == 1 ? "-left" : $"({d - 1} - left) / {d}")}));");
        writer.Line($"int kx1 = Math.Max(kx0, Math.Min({window.Kernel.X}, {(d == 1 ? $"{width} - left" : $"({width + d - 1} - left) / {d}")}));");
    }

    private static string PairSuffix(string letter, Pair pair) =>
        pair == new Pair(1, 1) ? string.Empty : letter + (pair.Y == pair.X ? Literal.Of(pair.Y) : pair.ToString());
}
