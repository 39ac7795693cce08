using System;
using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Emit;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;

namespace SmallCnnGen.Compiler.Kernels.Depthwise;

/// <summary>
/// Depthwise convolution: every channel filtered on its own, channels innermost. Rows whose windows lie inside the map are
/// computed in tiles of a few rows and columns; the rows at the top and bottom one at a time with a shortened loop over
/// kernel rows. Columns at the left and right have their own code with just the taps inside, so nothing is padded.
/// </summary>
/// <param name="Bits">Register width in bits.</param>
/// <param name="In">Input map.</param>
/// <param name="Out">Output map.</param>
/// <param name="Window">Window.</param>
/// <param name="Epilogue">What happens before the store.</param>
public sealed record DepthwiseKernel(int Bits, TensorRef In, TensorRef Out, Window Window, EpilogueCode Epilogue) : KernelSpec(Bits)
{
    /// <summary>Windows with more taps than this loop over kernel rows, so that no method outgrows the JIT's budget.</summary>
    private const int MaxUnrolledTaps = 100;

    /// <summary>
    /// Windows with more columns than this loop over kernel columns too. Columns at the edges of the map have code of their own
    /// for the taps inside, so unrolled code would grow with the square of the window's width.
    /// </summary>
    private const int MaxUnrolledColumns = 15;

    /// <summary>Part of the first-level cache for the input rows of a row of tiles.</summary>
    private const int BlockBytes = 28 * 1024;

    /// <summary>Fewest channels in a block: four cache lines of each pixel.</summary>
    private const int LeastBlock = 64;

    /// <summary>Most tiles of a row whose mean is made: each is one addition.</summary>
    private const int MostMeanTiles = 32;

    /// <inheritdoc/>
    public override string Name =>
        $"Depthwise{WindowName(Window)}_{In}{(IsScattered ? "s" + Literal.Of(Runs.Count) : string.Empty)}_{Out}{Epilogue.Suffix}{(HasRowMeans ? "_Means" : string.Empty)}";

    /// <summary>
    /// Lengths of the runs of input channels that lie side by side, where the input is scattered; empty for one run.
    /// The output is stored in the order of the runs.
    /// </summary>
    public EquatableArray<int> Runs { get; init; }

    /// <inheritdoc/>
    /// <remarks>
    /// A vector that overlaps the one before would count its channels twice. A row's mean is summed tile by tile: longer rows,
    /// and those whose edges are computed pixel by pixel, would lose more than the millionth that means are right to.
    /// </remarks>
    public override bool CanMakeRowMeans => !IsScattered && !LoopsOverColumns && Out.Width <= MostMeanTiles * Tile.X && Channels % Vec.For(Bits, Channels).Lanes == 0 && (BlockChannels == 0 || Channels % BlockChannels == 0);

    /// <inheritdoc/>
    public override bool HasChannelTable => IsScattered;

    /// <inheritdoc/>
    public override int Inputs => Epilogue.HasResidual ? 2 : 1;

    /// <inheritdoc/>
    public override long WeightFloats => SlopeOffset + ((long)Epilogue.SlopeVectors * Out.Channels);

    /// <summary>Offset of PReLU slopes behind bias and taps.</summary>
    public long SlopeOffset => (long)Out.Channels * (1 + (Window.Kernel.Y * Window.Kernel.X));

    /// <inheritdoc/>
    /// <remarks>Rows at the top, then tiles of full rows, then the rest.</remarks>
    public override int Units => Bands.Start + Bands.Count + Out.Height - Bands.End;

    /// <inheritdoc/>
    public override bool HasStrips => !IsScattered && Out.Height > 1;

    /// <inheritdoc/>
    public override int RowsAfter(int units)
    {
        (int start, int count, int rows, int end) = Bands;
        return units <= start ? units : units <= start + count ? start + ((units - start) * rows) : end + (units - start - count);
    }

    /// <inheritdoc/>
    public override UnitSpan Writes(int unit) => UnitSpan.Rows(Out, RowsAfter(unit), RowsAfter(unit + 1));

    /// <inheritdoc/>
    public override string UnitName => "rows of tiles";

    private bool LoopsOverColumns => Window.Kernel.X > MaxUnrolledColumns;

    private int Channels => Out.Channels;

    private WindowAxis Rows => new(In.Height, Out.Height, Window.Kernel.Y, Window.Stride.Y, Window.Padding.Top, Window.Dilation.Y);

    private WindowAxis Columns => new(In.Width, Out.Width, Window.Kernel.X, Window.Stride.X, Window.Padding.Left, Window.Dilation.X);

    private bool IsScattered => Runs.Count > 1;

    private int Registers => Bits == 512 ? 32 : 16;

    /// <summary>
    /// Channels computed at a time so that the input rows of a row of tiles stay in the first-level cache; 0 for all, where
    /// they do anyway, or where so few would fit that fetching them ahead no longer works.
    /// </summary>
    private int BlockChannels
    {
        get
        {
            int rows = ((Tile.Y - 1) * Window.Stride.Y) + Window.Extent.Y;
            int fit = BlockBytes / (Math.Min(rows, In.Height) * In.Width * sizeof(float));
            int lanes = Vec.For(Bits, Channels).Lanes;

            // Pixels a multiple of 1 KB apart share so few cache sets that rows push each other out all the same.
            if (In.Pitch % 256 == 0)
                return 0;
            if (Epilogue.HasResidual || Epilogue.SlopeVectors > 0 || fit >= Channels || fit < LeastBlock || lanes == 1)
                return 0;
            int blocks = (Channels + fit - 1) / fit;
            return Math.Min(Channels, ((((Channels + blocks - 1) / blocks) + lanes - 1) / lanes) * lanes);
        }
    }

    /// <summary>Rows and columns of a tile: measured best on 16 and 32 registers, smaller for big kernels to bound the code.</summary>
    private Pair Tile
    {
        get
        {
            int taps = Window.Kernel.Y * Window.Kernel.X;
            if (taps > 30)
                return new Pair(1, 4);
            if (Window.Stride.X > 1)
                return new Pair(2, 2);
            return new Pair(2, 4);
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Describe()
    {
        yield return $"Depthwise convolution {Window.Kernel}, stride {Window.Stride}, padding {Window.Padding}, dilation {Window.Dilation}: {In} to {Out}{Epilogue.Words}{(HasRowMeans ? "; and the mean of each row of the result" : string.Empty)}.";
        yield return $"Tiles of {Tile} output pixels x {Vec.For(Bits, Channels).Lanes} channels; weights: {Channels} biases, then {Channels} floats a tap.";
    }

    /// <inheritdoc/>
    protected override string InputName(int index) => index == 1 ? "r" : "x";

    /// <inheritdoc/>
    public override void Emit(CodeWriter writer, string method)
    {
        if (!IsScattered)
        {
            int block = BlockChannels;
            if (block == 0)
            {
                EmitMap(writer, "internal ", new Part(method, Vec.For(Bits, Channels), false, Channels));
                return;
            }

            var blocked = new Part(method + "_By" + Literal.Of(block), Vec.For(Bits, Channels), false, block);
            OpenMethod(writer, "internal ", method, Parameters);
            writer.Line($"// {block} channels at a time: their rows stay in the first-level cache until the tiles below have read them again.");
            writer.Open($"for (int first = 0; first < {Channels}; first += {block})");
            string c = Channels % block == 0 ? "first" : $"Math.Min(first, {Channels - block})";
            writer.Line($"{blocked.Method}(x + {c}, w + {c}, y + {c}{(HasRowMeans ? $", means + {c}" : string.Empty)}{(IsSplit ? ", from, to" : string.Empty)});");
            writer.Close();
            writer.Close();
            writer.Line();
            EmitMap(writer, "private ", blocked);
            return;
        }

        // Each run is a depthwise convolution of its own; runs of one vector width share the code.
        var parts = new List<Part>();
        OpenMethod(writer, "internal ", method, Parameters);
        int position = 0;
        foreach (int length in Runs)
        {
            var part = new Part($"{method}_By{Vec.For(Bits, length).Lanes}", Vec.For(Bits, length), true, 0);
            if (!parts.Contains(part))
                parts.Add(part);
            writer.Line($"{part.Method}(x + channels[{position}], {Offset("w", position)}, {Offset("y", position)}, {length}{(IsSplit ? ", from, to" : string.Empty)});");
            position += length;
        }

        writer.Close();
        foreach (Part part in parts)
        {
            writer.Line();
            EmitMap(writer, "private ", part);
        }
    }

    /// <summary>Writes the method over the whole map for some vector width, and its tiles.</summary>
    private void EmitMap(CodeWriter writer, string access, Part part)
    {
        var tiles = new List<TileCode>();
        string method = part.Method;
        (int fullStart, int count, int tileRows, int fullEnd) = Bands;
        OpenMethod(writer, access, method, part.IsRun ? "float* x, float* w, float* y, int count" + (IsSplit ? ", int from, int to" : string.Empty) : Parameters);
        string tail = (Epilogue.SlopeVectors > 0 ? ", w + " + Literal.Of(SlopeOffset) : string.Empty) + (part.IsRun ? ", count" : string.Empty) + (HasRowMeans ? ", mr" : string.Empty);
        if (fullStart > 0)
            EmitPartialRows(writer, part, tiles, 0, fullStart, 0, tail);
        if (count > 0)
        {
            string oy = count == 1 ? Literal.Of(fullStart) : "oy";
            if (IsSplit)
            {
                (string first, string end) = Bounds(fullStart, fullStart + count);
                writer.Open($"for (int band = {first}; band < {end}; band++)");
                oy = "oy";
                writer.Line($"int oy = {fullStart} + (band - {fullStart}) * {tileRows};");
            }
            else if (count > 1)
            {
                writer.Open($"for (int oy = {fullStart}; oy < {fullEnd}; oy += {tileRows})");
            }
            else
            {
                OpenScope(writer, $"Rows {fullStart} to {fullEnd - 1}.");
            }

            writer.Line($"float* xr = x + {RowStart(oy)};");
            writer.Line($"float* yr = y + {oy} * {Out.RowPitch};");
            if (Epilogue.HasResidual)
                writer.Line($"float* rr = r + {oy} * {Out.Width * Epilogue.ResidualPitch};");
            BeginRowMeans(writer, part, oy, tileRows);
            EmitColumns(writer, method, tiles, tileRows, false, tail);
            writer.Close();
        }

        if (fullEnd < Out.Height)
            EmitPartialRows(writer, part, tiles, fullEnd, Out.Height, fullEnd - fullStart - count, tail);
        writer.Close();
        foreach (TileCode tile in tiles)
        {
            writer.Line();
            EmitTile(writer, part, tile);
        }
    }

    /// <summary>The full rows that tiles cover: first row, number of tiles, rows in a tile, one past the last row.</summary>
    private (int Start, int Count, int Rows, int End) Bands
    {
        get
        {
            WindowAxis rows = Rows;
            int tileRows = Math.Min(Tile.Y, Math.Max(1, rows.FullEnd - rows.FullStart));
            if (Window.Kernel.Y * Window.Kernel.X > MaxUnrolledTaps || LoopsOverColumns)
                return (0, 0, tileRows, 0);
            int count = (rows.FullEnd - rows.FullStart) / tileRows;
            return (rows.FullStart, count, tileRows, rows.FullStart + (count * tileRows));
        }
    }

    private string RowStart(string oy)
    {
        string row = Window.Stride.Y == 1 ? oy : $"{oy} * {Window.Stride.Y}";
        return Window.Padding.Top == 0 ? $"{row} * {In.RowPitch}" : $"({row} - {Window.Padding.Top}) * {In.RowPitch}";
    }

    /// <summary>Rows that are computed one at a time.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="part">The kernel, or the part of it that is written.</param>
    /// <param name="tiles">Collects tiles.</param>
    /// <param name="from">First row.</param>
    /// <param name="to">One past the last row.</param>
    /// <param name="ahead">How far the row's number is ahead of its unit's.</param>
    /// <param name="slopes">Further arguments of tiles.</param>
    private void EmitPartialRows(CodeWriter writer, Part part, List<TileCode> tiles, int from, int to, int ahead, string slopes)
    {
        (string first, string end) = Bounds(from - ahead, to - ahead);
        if (IsSplit && ahead > 0)
        {
            writer.Open($"for (int unit = {first}; unit < {end}; unit++)");
            writer.Line($"int oy = unit + {ahead};");
        }
        else
        {
            writer.Open($"for (int oy = {(IsSplit ? first : Literal.Of(from))}; oy < {(IsSplit ? end : Literal.Of(to))}; oy++)");
        }

        writer.Line($"int top = oy * {Window.Stride.Y} - {Window.Padding.Top};");
        KernelRows(writer, Window, In.Height);
        writer.Line($"float* xr = x + top * {In.RowPitch};");
        writer.Line($"float* yr = y + oy * {Out.RowPitch};");
        if (Epilogue.HasResidual)
            writer.Line($"float* rr = r + oy * {Out.Width * Epilogue.ResidualPitch};");
        BeginRowMeans(writer, part, "oy", 1);
        EmitColumns(writer, part.Method, tiles, 1, true, slopes);
        writer.Close();
    }

    /// <summary>Clears the means of the rows that the following tiles add to.</summary>
    private void BeginRowMeans(CodeWriter writer, Part part, string oy, int rows)
    {
        if (!HasRowMeans)
            return;
        writer.Line($"float* mr = means + {oy} * {Channels};");
        for (int m = 0; m < rows; m++)
            writer.Line($"new Span<float>({Offset("mr", m * Channels)}, {part.Channels}).Clear();");
    }

    /// <summary>Splits a row into tiles; neighbours with the same code become a loop.</summary>
    private void EmitColumns(CodeWriter writer, string method, List<TileCode> tiles, int tileRows, bool partialRows, string slopes)
    {
        if (LoopsOverColumns)
        {
            EmitLoopedColumns(writer, method, tiles, slopes);
            return;
        }

        WindowAxis columns = Columns;
        Balance split = Balance.Of(Out.Width, Tile.X);
        var runs = new List<(TileCode Code, int Ox, int Count)>();
        int ox = 0;
        foreach ((int width, int count) in new[] { (split.Big, split.BigCount), (split.Small, split.SmallCount) })
        {
            for (int n = 0; n < count; n++, ox += width)
            {
                int start = ox;
                string taps = string.Join(",", Enumerable.Range(0, width).Select(i => columns.First(start + i) + "-" + columns.End(start + i)));
                TileCode? known = tiles.FirstOrDefault(t => t.Rows == tileRows && t.Partial == partialRows && t.Width == width && t.Taps == taps);
                if (known is null)
                {
                    known = new TileCode($"{method}_{(partialRows ? "Edge" : Literal.Of(tileRows) + "x")}{width}_{tiles.Count}", tileRows, partialRows, width, ox, taps);
                    tiles.Add(known);
                }

                if (runs.Count > 0 && runs[runs.Count - 1].Code == known)
                    runs[runs.Count - 1] = (known, runs[runs.Count - 1].Ox, runs[runs.Count - 1].Count + 1);
                else
                    runs.Add((known, ox, 1));
            }
        }

        foreach ((TileCode code, int first, int count) in runs)
        {
            int xStep = code.Width * Window.Stride.X * In.Pitch, yStep = code.Width * Out.Pitch, rStep = code.Width * Epilogue.ResidualPitch;
            string x = Offset("xr", ((first * Window.Stride.X) - Window.Padding.Left) * In.Pitch), y = Offset("yr", first * Out.Pitch), r = Offset("rr", first * Epilogue.ResidualPitch);
            string tail = (code.Partial ? ", ky0, ky1" : string.Empty) + slopes;
            if (count == 1)
            {
                writer.Line($"{code.Method}({x}, w, {y}{(Epilogue.HasResidual ? ", " + r : string.Empty)}{tail});");
                continue;
            }

            writer.Line($"for (int n = 0; n < {count}; n++)");
            writer.Line($"    {code.Method}({x} + n * {xStep}, w, {y} + n * {yStep}{(Epilogue.HasResidual ? $", {r} + n * {rStep}" : string.Empty)}{tail});");
        }
    }

    /// <summary>A row in tiles that loop over the kernel columns inside the map: those at the edges one pixel at a time.</summary>
    private void EmitLoopedColumns(CodeWriter writer, string method, List<TileCode> tiles, string slopes)
    {
        WindowAxis columns = Columns;
        int start = Math.Min(columns.FullStart, Out.Width), end = Math.Max(start, columns.FullEnd);
        EmitEdges(0, start);
        Balance split = Balance.Of(end - start, Tile.X);
        int ox = start;
        foreach ((int width, int count) in new[] { (split.Big, split.BigCount), (split.Small, split.SmallCount) })
        {
            if (count > 0 && width > 0)
                Loop(Code(width), ox, count, "0", Literal.Of(Window.Kernel.X));
            ox += width * count;
        }

        EmitEdges(end, Out.Width);

        void EmitEdges(int from, int to)
        {
            if (from >= to)
                return;
            OpenEdge(writer, Window, In.Width, from, to);
            writer.Line(Call(Code(1), "xr + left * " + Literal.Of(In.Pitch), "yr + ox * " + Literal.Of(Out.Pitch), "rr + ox * " + Literal.Of(Epilogue.ResidualPitch), "kx0", "kx1"));
            writer.Close();
        }

        void Loop(TileCode code, int first, int count, string kx0, string kx1)
        {
            int xStep = code.Width * Window.Stride.X * In.Pitch, yStep = code.Width * Out.Pitch, rStep = code.Width * Epilogue.ResidualPitch;
            string x = Offset("xr", ((first * Window.Stride.X) - Window.Padding.Left) * In.Pitch), y = Offset("yr", first * Out.Pitch), r = Offset("rr", first * Epilogue.ResidualPitch);
            writer.Line($"for (int n = 0; n < {count}; n++)");
            writer.Line("    " + Call(code, $"{x} + n * {xStep}", $"{y} + n * {yStep}", $"{r} + n * {rStep}", kx0, kx1));
        }

        TileCode Code(int width)
        {
            TileCode? known = tiles.FirstOrDefault(t => t.Width == width);
            if (known is null)
                tiles.Add(known = new TileCode($"{method}_Loop{width}", 1, true, width, start, "kx0 to kx1 - 1") { Looped = true });
            return known;
        }

        string Call(TileCode code, string x, string y, string r, string kx0, string kx1) =>
            $"{code.Method}({x}, w, {y}{(Epilogue.HasResidual ? ", " + r : string.Empty)}, ky0, ky1, {kx0}, {kx1}{slopes});";
    }

    private void EmitTile(CodeWriter writer, Part part, TileCode tile)
    {
        Vec v = part.Vec;
        WindowAxis columns = Columns;
        string parameters = "float* x, float* w, float* y" + (Epilogue.HasResidual ? ", float* r" : string.Empty)
            + (tile.Partial ? ", int ky0, int ky1" : string.Empty) + (tile.Looped ? ", int kx0, int kx1" : string.Empty) + (Epilogue.SlopeVectors > 0 ? ", float* s" : string.Empty) + (part.IsRun ? ", int count" : string.Empty) + (HasRowMeans ? ", float* means" : string.Empty);
        writer.Line($"/// <summary>{tile.Rows}x{tile.Width} output pixels; kernel columns {tile.Taps}{(tile.Partial ? ", kernel rows ky0 to ky1 - 1" : string.Empty)}.</summary>");
        OpenMethod(writer, "private ", tile.Method, parameters);
        void Body()
        {
            for (int m = 0; m < tile.Rows; m++)
            {
                for (int n = 0; n < tile.Width; n++)
                    writer.Line($"{v.Type} {Acc(m, n)} = {(m + n == 0 ? v.Load("w + c") : Acc(0, 0))};");
            }

            // Distinct input columns of the tile, relative to the tile's first tap.
            int[] used = tile.Looped ? Array.Empty<int>() : Enumerable.Range(0, tile.Width)
                .SelectMany(n => Enumerable.Range(columns.First(tile.Ox + n), columns.End(tile.Ox + n) - columns.First(tile.Ox + n))
                    .Select(kx => (n * Window.Stride.X) + (kx * Window.Dilation.X)))
                .Distinct().OrderBy(i => i).ToArray();
            bool inputsInRegisters = used.Length + (tile.Rows * tile.Width) + 1 <= Registers;
            if (tile.Partial)
            {
                writer.Line($"float* i = x + ky0 * {Window.Dilation.Y * In.RowPitch} + c;");
                writer.Line($"float* k = w + (1 + ky0 * {Window.Kernel.X}) * {Channels} + c;");
                writer.Open("for (int ky = ky0; ky < ky1; ky++)");
                if (tile.Looped)
                    EmitLoopedRow(writer, v, tile);
                else
                    EmitRow(writer, v, tile, "i", used, inputsInRegisters, new[] { (0, 0) }, "k", 0);
                writer.Line($"i += {Window.Dilation.Y * In.RowPitch};");
                writer.Line($"k += {Window.Kernel.X * Channels};");
                writer.Close();
            }
            else
            {
                writer.Line("float* i = x + c;");
                writer.Line($"float* k = w + {Channels} + c;");
                var rowUses = new SortedDictionary<int, List<(int M, int Ky)>>();
                for (int m = 0; m < tile.Rows; m++)
                {
                    for (int ky = 0; ky < Window.Kernel.Y; ky++)
                    {
                        int row = (m * Window.Stride.Y) + (ky * Window.Dilation.Y);
                        if (!rowUses.TryGetValue(row, out List<(int M, int Ky)>? list))
                            rowUses.Add(row, list = new List<(int M, int Ky)>());
                        list.Add((m, ky));
                    }
                }

                foreach (KeyValuePair<int, List<(int M, int Ky)>> row in rowUses)
                {
                    OpenScope(writer, $"Input row {row.Key}.");
                    EmitRow(writer, v, tile, Offset("i", row.Key * In.RowPitch), used, inputsInRegisters, row.Value.ToArray(), "k", Window.Kernel.X * Channels);
                    writer.Close();
                }
            }

            for (int m = 0; m < tile.Rows; m++)
            {
                for (int n = 0; n < tile.Width; n++)
                {
                    if (!Epilogue.IsLong)
                    {
                        Epilogue.Emit(
                            writer,
                            v,
                            Acc(m, n),
                            Offset("r", ((m * Out.Width) + n) * Epilogue.ResidualPitch) + " + c",
                            Epilogue.SlopeVectors > 0 ? "s + c" : null,
                            Channels);
                    }

                    writer.Line(v.Store(Offset("y", ((m * Out.Width) + n) * Out.Pitch) + " + c", Acc(m, n)));
                }
            }

            if (Epilogue.IsLong)
            {
                // The tile is still in the first-level cache; a loop keeps the long function in one place.
                writer.Open($"for (int m = 0; m < {tile.Rows}; m++)");
                if (HasRowMeans)
                    writer.Line($"{v.Type} sum = {v.Zero};");
                writer.Open($"for (int column = 0; column < {tile.Width}; column++)");
                writer.Line($"float* z = y + (m * {Out.Width} + column) * {Out.Pitch} + c;");
                writer.Line($"{v.Type} a = {v.Load("z")};");
                Epilogue.Emit(writer, v, "a", $"r + (m * {Out.Width} + column) * {Epilogue.ResidualPitch} + c", Epilogue.SlopeVectors > 0 ? "s + c" : null, Channels);
                writer.Line(v.Store("z", "a"));
                if (HasRowMeans)
                    writer.Line("sum += a;");
                writer.Close();
                if (HasRowMeans)
                    AddToMean(writer, v, "sum", $"means + m * {Channels} + c");
                writer.Close();
            }
            else if (HasRowMeans)
            {
                for (int m = 0; m < tile.Rows; m++)
                {
                    string sum = string.Join(" + ", Enumerable.Range(0, tile.Width).Select(n => Acc(m, n)));
                    AddToMean(writer, v, tile.Width > 1 ? $"({sum})" : sum, Offset("means", m * Channels) + " + c");
                }
            }
        }

        if (part.IsRun)
            ChannelLoop.Run(writer, v, "count", Body);
        else
            ChannelLoop.Run(writer, v, part.Channels, Body);
        writer.Close();
    }

    private void AddToMean(CodeWriter writer, Vec v, string sum, string mean) =>
        writer.Line(v.Store(mean, v.Fma(v.Constant(1f / Out.Width), sum, v.Load(mean))));

    /// <summary>One input row times one kernel row, tap by tap.</summary>
    private void EmitLoopedRow(CodeWriter writer, Vec v, TileCode tile)
    {
        int across = Window.Dilation.X * In.Pitch;
        writer.Line($"float* j = i + kx0 * {across};");
        writer.Line($"float* l = k + kx0 * {Channels};");
        writer.Open("for (int kx = kx0; kx < kx1; kx++)");
        writer.Line($"{v.Type} t = {v.Load("l")};");
        for (int n = 0; n < tile.Width; n++)
            writer.Line($"{Acc(0, n)} = {v.Fma(v.Load(Offset("j", n * Window.Stride.X * In.Pitch)), "t", Acc(0, n))};");
        writer.Line($"j += {across};");
        writer.Line($"l += {Channels};");
        writer.Close();
    }

    /// <summary>One input row times the kernel rows that use it.</summary>
    private void EmitRow(CodeWriter writer, Vec v, TileCode tile, string row, int[] used, bool inputsInRegisters, (int M, int Ky)[] uses, string weights, int weightRow)
    {
        WindowAxis columns = Columns;
        string Input(int column) => v.Load(Offset(row, column * In.Pitch));
        if (inputsInRegisters)
        {
            foreach (int column in used)
                writer.Line($"{v.Type} x{column} = {Input(column)};");
        }

        if (used.Length > 0)
            writer.Line($"{v.Type} t;");
        foreach ((int m, int ky) in uses)
        {
            for (int kx = 0; kx < Window.Kernel.X; kx++)
            {
                int tap = kx;
                int[] outputs = Enumerable.Range(0, tile.Width).Where(n => columns.First(tile.Ox + n) <= tap && tap < columns.End(tile.Ox + n)).ToArray();
                if (outputs.Length == 0)
                    continue;
                writer.Line($"t = {v.Load(Offset(weights, (ky * weightRow) + (kx * Channels)))};");
                foreach (int n in outputs)
                {
                    int column = (n * Window.Stride.X) + (kx * Window.Dilation.X);
                    writer.Line($"{Acc(m, n)} = {v.Fma(inputsInRegisters ? "x" + Literal.Of(column) : Input(column), "t", Acc(m, n))};");
                }
            }
        }
    }

    private static string Acc(int row, int column) => $"a{row}_{column}";

    /// <summary>Code for the whole map, for a block of channels, or for a run of channels whose number comes at run time.</summary>
    private sealed record Part(string Method, Vec Vec, bool IsRun, int Channels);

    private sealed record TileCode(string Method, int Rows, bool Partial, int Width, int Ox, string Taps)
    {
        /// <summary>Whether it loops over kernel columns, from kx0 to kx1 - 1.</summary>
        public bool Looped { get; init; }
    }
}
