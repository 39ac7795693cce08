using System;
using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Emit;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Kernels.Convolution;

namespace SmallCnnGen.Compiler.Kernels.Winograd;

/// <summary>
/// A 3x3 convolution of stride 1 by Winograd's method: the input is cut into overlapping tiles, each tile and each filter is
/// transformed, and what remains is one matrix product for each position of a tile. F(4x4) multiplies 36 times where the
/// definition multiplies 144 times, F(2x2) 16 times for 36. Tiles are processed in strips whose transformed input and
/// products stay in the second-level cache.
/// </summary>
/// <param name="Bits">Register width in bits.</param>
/// <param name="In">Input map.</param>
/// <param name="Out">Output map.</param>
/// <param name="Padding">Rows and columns of zeros around the input; none of them is stored anywhere.</param>
/// <param name="Tile">Outputs of a tile in each direction: 2 or 4.</param>
/// <param name="Epilogue">What happens before the store.</param>
public sealed record WinogradKernel(int Bits, TensorRef In, TensorRef Out, Sides Padding, int Tile, EpilogueCode Epilogue) : KernelSpec(Bits)
{
    /// <summary>Weights from this many bytes on have left the second-level cache since the last strip.</summary>
    private const int PrefetchWeightBytes = 384 * 1024;

    /// <summary>Tiles whose columns are transformed at once: the intermediate columns then stay in the first-level cache.</summary>
    private const int MaxSegment = 14;

    /// <summary>Floats in a cache line.</summary>
    private const int CacheLineFloats = 16;

    /// <inheritdoc/>
    public override string Name
    {
        get
        {
            string padding = Padding.Left == Padding.Right && Padding.Top == Padding.Bottom && Padding.Top == Padding.Left && Padding.Top == 1 ? string.Empty
                : Padding.IsZero ? "P0" : $"P{Padding.Top}x{Padding.Left}x{Padding.Bottom}x{Padding.Right}";
            return $"Winograd{Tile}x{Tile}{padding}_{In}_{Out}{Epilogue.Suffix}";
        }
    }

    /// <inheritdoc/>
    public override int Inputs => Epilogue.HasResidual ? 2 : 1;

    /// <inheritdoc/>
    public override long WeightFloats => SlopeOffset + ((long)Epilogue.SlopeVectors * Out.Channels);

    /// <summary>Offset of PReLU slopes behind the packed weights.</summary>
    public long SlopeOffset => BiasFloats + (Positions * Panels * PanelFloats);

    /// <inheritdoc/>
    public override long ScratchFloats => ColumnsOffset + ((long)((Segment * Tile) + 2) * Edge * InLanes);

    /// <inheritdoc/>
    public override int Units => SplitsPanels ? Panels : Groups.Parts;

    /// <inheritdoc/>
    public override UnitSpan Writes(int unit) => SplitsPanels
        ? new UnitSpan(UnitAxis.Channels, unit * PanelLanes, (unit + 1) * PanelLanes, Out.Channels)
        : new UnitSpan(UnitAxis.Tiles, Groups.StartOf(unit), Groups.StartOf(unit + 1), TilesY * TilesX);

    /// <inheritdoc/>
    public override string UnitName => SplitsPanels ? "panels" : "groups of tiles";

    /// <summary>Floats in a vector of output channels.</summary>
    public int Lanes => Vec.For(Bits, Out.Channels).Lanes;

    /// <summary>Vectors in a panel.</summary>
    public int Vectors => Register.Vectors;

    /// <summary>Rows of tiles.</summary>
    public int TilesY => (Out.Height + Tile - 1) / Tile;

    /// <summary>Columns of tiles.</summary>
    public int TilesX => (Out.Width + Tile - 1) / Tile;

    private int InLanes => Vec.For(Bits, In.Channels).Lanes;

    /// <summary>Inputs of a tile in each direction.</summary>
    private int Edge => Tile + 2;

    private long Positions => Edge * Edge;

    private long BiasFloats => (Out.Channels + CacheLineFloats - 1) / CacheLineFloats * CacheLineFloats;

    private int PanelLanes => Lanes * Vectors;

    private int Panels => (Out.Channels + PanelLanes - 1) / PanelLanes;

    private long PanelFloats => (long)In.Channels * PanelLanes;

    private WinogradStrip Strip => WinogradStrip.Choose(TilesY, TilesX, (int)Positions, In.Channels, Out.Channels);

    private TileChoice Register => TileChoice.Pick(Bits, Lanes, Out.Channels, Strip.Tiles);

    /// <summary>
    /// Whether threads share the output channels: each reads its panels of weights only, but all transform the whole input.
    /// Otherwise they share the tiles.
    /// </summary>
    private bool SplitsPanels =>
        Out.Channels % PanelLanes == 0 && Panels > 1 && (Panels % 2 == 0 || Panels >= 7) && WinogradChoice.SharesChannels(Bits, Tile, In, Out, Panels, Groups.Parts);

    private bool SplitsTiles => IsSplit && !SplitsPanels;

    /// <summary>What threads share of the tiles: as many as one register tile computes, in the order of rows; at least two, if there are two tiles.</summary>
    private Balance Groups => Balance.Of(TilesY * TilesX, Math.Max(1, Math.Min(Register.Rows, TilesY * TilesX / 2)));

    /// <summary>Most groups in a strip.</summary>
    private int StripGroups => Math.Max(1, Math.Min(Groups.Parts, WinogradStrip.Most((int)Positions, In.Channels, Out.Channels) / Groups.Big));

    /// <summary>Most tiles in a strip.</summary>
    private int StripTiles => SplitsTiles ? StripGroups * Groups.Big : Strip.Tiles;

    /// <summary>Most tiles whose columns are transformed at once.</summary>
    private int Segment => SplitsTiles ? Balance.Of(TilesX, MaxSegment).Big : Math.Min(Strip.Columns, MaxSegment);

    /// <summary>Floats from one tile to the next in the transformed input.</summary>
    private int InPitch => WinogradStrip.Pitch(In.Channels);

    /// <summary>Floats from one tile to the next in the products.</summary>
    private int OutPitch => WinogradStrip.Pitch(Out.Channels);

    /// <summary>Floats from one position to the next: an odd number of cache lines, so that positions do not share sets.</summary>
    private long InStride => Odd((long)StripTiles * InPitch);

    private long OutStride => Odd((long)StripTiles * OutPitch);

    private long ProductsOffset => Positions * InStride;

    private long ColumnsOffset => ProductsOffset + (Positions * OutStride);

    /// <summary>Whole tiles in each direction; one that is cut off may follow.</summary>
    private int WholeY => Out.Height / Tile;

    private int WholeX => Out.Width / Tile;

    /// <inheritdoc/>
    public override IEnumerable<string> Describe()
    {
        yield return $"Convolution 3x3, stride 1, padding {Padding}: {In} to {Out}{Epilogue.Words}, by Winograd's F({Tile}x{Tile}, 3x3).";
        yield return $"{TilesY} x {TilesX} tiles of {Tile}x{Tile} outputs in strips of {(SplitsTiles ? "up to " + Literal.Of(StripTiles) : $"{Strip.Rows} x {Strip.Columns}")}; {Positions} products of up to {StripTiles} x {In.Channels} by {In.Channels} x {Out.Channels}";
        yield return $"in tiles of up to {Register.Rows} rows x {PanelLanes} channels; weights [{Positions}][{Panels}][{In.Channels}][{PanelLanes}] behind {BiasFloats} biases.";
    }

    /// <inheritdoc/>
    protected override string InputName(int index) => index == 1 ? "r" : "x";

    /// <inheritdoc/>
    public override void Emit(CodeWriter writer, string method)
    {
        var tiles = new SortedDictionary<int, Prefetch>();
        OpenMethod(writer, "internal ", method, Parameters);
        if (IsSplit && SplitsPanels)
        {
            // Without a share there is no scratch memory either, to which the input would be transformed.
            writer.Line("if (from == to)");
            writer.Line("    return;");
        }

        writer.Line($"float* v = scratch; // transformed input: [{Positions}][tile][{In.Channels}]");
        writer.Line($"float* m = scratch + {ProductsOffset}; // products: [{Positions}][tile][{Out.Channels}]");
        writer.Line($"float* t = scratch + {ColumnsOffset}; // transformed columns of one vector of channels");
        if (SplitsTiles)
        {
            EmitShare(writer, method);
            writer.Close();
            EmitInput(writer, method);
            EmitGroupProducts(writer, method, tiles);
        }
        else
        {
            EmitStrips(writer, method, tiles);
        }

        foreach (KeyValuePair<int, Prefetch> tile in tiles)
            EmitTile(writer, method, tile.Key, tile.Value);
        EmitOutput(writer, method);
    }

    /// <summary>All strips of the map, each with a number of tiles known here; their products; the input transform.</summary>
    private void EmitStrips(CodeWriter writer, string method, SortedDictionary<int, Prefetch> tiles)
    {
        WinogradStrip strip = Strip;
        Balance rows = Balance.Of(TilesY, strip.Rows), columns = Balance.Of(TilesX, strip.Columns);
        int ty = 0;
        foreach ((int height, int down) in new[] { (rows.Big, rows.BigCount), (rows.Small, rows.SmallCount) })
        {
            if (down == 0)
                continue;
            OpenStrips(writer, "ty", ty, height, down);
            int tx = 0;
            foreach ((int width, int across) in new[] { (columns.Big, columns.BigCount), (columns.Small, columns.SmallCount) })
            {
                if (across == 0)
                    continue;
                OpenStrips(writer, "tx", tx, width, across);
                EmitStrip(writer, method, height, width, tiles);
                writer.Close();
                tx += width * across;
            }

            writer.Close();
            ty += height * down;
        }

        writer.Close();
        EmitInput(writer, method);
        foreach (int count in new[] { rows.Big * columns.Big, rows.Big * columns.Small, rows.Small * columns.Big, rows.Small * columns.Small }.Where(c => c > 0).Distinct())
            EmitProducts(writer, method, count, tiles);
    }

    /// <summary>A thread's groups of tiles in strips, which begin and end anywhere in a row of tiles.</summary>
    private void EmitShare(CodeWriter writer, string method)
    {
        Balance groups = Groups;
        writer.Line($"int groups = to - from, strips = (groups + {StripGroups - 1}) / {StripGroups};");
        writer.Open("for (int strip = 0; strip < strips; strip++)");
        writer.Line("int group = from + groups * strip / strips, after = from + groups * (strip + 1) / strips;");
        writer.Line($"int first = {groups.Start("group")}, end = {groups.Start("after")};");
        OpenRowsOfTiles(writer, Segment);
        writer.Line($"{method}_Input(x, v + (tile - first) * {InPitch}, t, ty, tx, count);");
        writer.Close();
        writer.Line(groups.SmallCount == 0
            ? $"{method}_Products(v, w + {BiasFloats}, m, after - group);"
            : $"{method}_Products(v, w + {BiasFloats}, m, Math.Max(0, Math.Min(after, {groups.BigCount}) - group), Math.Max(0, after - Math.Max(group, {groups.BigCount})));");
        OpenRowsOfTiles(writer, TilesX);
        writer.Line($"{method}_Output(m + (tile - first) * {OutPitch}, w, {(Epilogue.HasResidual ? "r, " : string.Empty)}y, ty, tx, count);");
        writer.Close();
        writer.Close();
    }

    /// <summary>A loop over the tiles from "first" to "end" - 1, up to so many of a row at once.</summary>
    private void OpenRowsOfTiles(CodeWriter writer, int most)
    {
        writer.Open("for (int tile = first, count; tile < end; tile += count)");
        writer.Line($"int ty = tile / {TilesX}, tx = tile - ty * {TilesX};");
        writer.Line(most < TilesX
            ? $"count = Math.Min(Math.Min({most}, {TilesX} - tx), end - tile);"
            : $"count = Math.Min({TilesX} - tx, end - tile);");
    }

    /// <summary>A loop over equal strips, or a block with one.</summary>
    private static void OpenStrips(CodeWriter writer, string variable, int first, int size, int count)
    {
        if (count == 1)
        {
            OpenScope(writer, (variable == "ty" ? "Rows" : "Columns") + $" {first} to {first + size - 1} of tiles.");
            writer.Line($"const int {variable} = {first};");
        }
        else
        {
            writer.Open($"for (int {variable} = {first}; {variable} < {first + (size * count)}; {variable} += {size})");
        }
    }

    private void EmitStrip(CodeWriter writer, string method, int height, int width, SortedDictionary<int, Prefetch> tiles)
    {
        bool loop = height > 1;
        string row = loop ? "ty + i" : "ty";
        string at(string pointer, int pitch) => loop ? $"{pointer} + i * {width * pitch}" : pointer;
        if (loop)
            writer.Open($"for (int i = 0; i < {height}; i++)");
        Balance segments = Balance.Of(width, MaxSegment);
        int first = 0;
        foreach ((int size, int count) in new[] { (segments.Big, segments.BigCount), (segments.Small, segments.SmallCount) })
        {
            if (count == 0)
                continue;
            if (count == 1)
            {
                writer.Line($"{method}_Input(x, {Offset(at("v", InPitch), first * InPitch)}, t, {row}, {Offset("tx", first)}, {size});");
            }
            else
            {
                writer.Open($"for (int j = {first}; j < {first + (size * count)}; j += {size})");
                writer.Line($"{method}_Input(x, {at("v", InPitch)} + j * {InPitch}, t, {row}, tx + j, {size});");
                writer.Close();
            }

            first += size * count;
        }

        if (loop)
            writer.Close();
        string part = IsSplit ? ", from, to" : string.Empty;
        writer.Line($"{method}_Products{height * width}(v, w + {BiasFloats}, m{part});");
        if (loop)
            writer.Open($"for (int i = 0; i < {height}; i++)");
        writer.Line($"{method}_Output({at("m", OutPitch)}, w, {(Epilogue.HasResidual ? "r, " : string.Empty)}y, {row}, tx, {width}{part});");
        if (loop)
            writer.Close();
    }

    /// <summary>
    /// Input transform: for each vector of channels first the columns of a row of tiles, then the rows of each tile. Columns
    /// that two tiles share are transformed once.
    /// </summary>
    private void EmitInput(CodeWriter writer, string method)
    {
        Vec v = Vec.For(Bits, In.Channels);
        int column = Edge * InLanes;
        List<(int First, int End, int From)> variants = RowVariants();
        writer.Line();
        writer.Line($"/// <summary>Transforms {Edge}x{Edge} inputs of each of some tiles in a row.</summary>");
        OpenMethod(writer, "private ", method + "_Input", "float* x, float* v, float* t, int ty, int tx, int tiles");
        writer.Line($"int left = tx * {Tile}{Minus(Padding.Left)}, columns = tiles * {Tile} + 2;");
        writer.Line($"int before = {(Padding.Left == 0 ? "0" : "Math.Min(columns, Math.Max(0, -left))")};");
        writer.Line($"int inside = Math.Max(0, Math.Min({In.Width}, left + columns) - left - before);");
        writer.Line($"x += (ty * {Tile}{Minus(Padding.Top)}) * {In.RowPitch} + (left + before) * {In.Pitch};");
        ChannelLoop.Run(writer, v, In.Channels, () =>
        {
            writer.Line("float* u = t;");
            if (Padding.Left > 0)
                EmitZeros(writer, v, "before", column);
            for (int i = 0; i < variants.Count; i++)
            {
                string call = $"{method}_Columns{variants[i].First}to{variants[i].End}(x + c, u, inside);";
                string otherwise = i == 0 ? string.Empty : "else ";
                if (variants.Count == 1)
                {
                    writer.Line(call);
                }
                else
                {
                    writer.Line(i == variants.Count - 1 ? "else" : $"{otherwise}if (ty < {variants[i + 1].From})");
                    writer.Line("    " + call);
                }
            }

            writer.Line($"u += inside * {column};");
            EmitZeros(writer, v, "columns - before - inside", column);
            writer.Line("u = t;");
            writer.Line("float* z = v + c;");
            writer.Open("for (int tile = 0; tile < tiles; tile++)");
            for (int y = 0; y < Edge; y++)
            {
                OpenScope(writer, $"Row {y} of the tile.");
                string[] d = Names("d", Edge), e = Names("e", Edge);
                for (int i = 0; i < Edge; i++)
                    writer.Line($"{v.Type} {d[i]} = {v.Load(Offset("u", (i * column) + (y * InLanes)))};");
                WinogradTransform.Input(writer, v, Tile, d, e);
                for (int i = 0; i < Edge; i++)
                    writer.Line(v.Store(Offset("z", ((y * Edge) + i) * InStride), e[i]));
                writer.Close();
            }

            writer.Line($"u += {Tile * column};");
            writer.Line($"z += {InPitch};");
            writer.Close();
        });
        writer.Close();

        foreach ((int rowFirst, int rowEnd) in variants.Select(r => (r.First, r.End)).Distinct())
        {
            writer.Line();
            writer.Line(rowFirst == 0 && rowEnd == Edge
                ? "/// <summary>Transforms columns of one vector of channels.</summary>"
                : $"/// <summary>The same where rows {rowFirst} to {rowEnd - 1} of {Edge} lie inside the map; the others are zero.</summary>");
            OpenMethod(writer, "private ", $"{method}_Columns{rowFirst}to{rowEnd}", "float* x, float* u, int columns");
            writer.Open("for (int column = 0; column < columns; column++)");
            string[] d = Names("d", Edge), e = Names("e", Edge);
            for (int i = rowFirst; i < rowEnd; i++)
                writer.Line($"{v.Type} {d[i]} = {v.Load(Offset("x", (long)i * In.RowPitch))};");
            WinogradTransform.Input(writer, v, Tile, d.Select((name, i) => i >= rowFirst && i < rowEnd ? name : null).ToArray(), e);
            for (int i = 0; i < Edge; i++)
                writer.Line(v.Store(Offset("u", i * InLanes), e[i]));
            writer.Line($"x += {In.Pitch};");
            writer.Line($"u += {column};");
            writer.Close();
            writer.Close();
        }
    }

    /// <summary>Columns outside the map are zero, before and after the transform.</summary>
    private void EmitZeros(CodeWriter writer, Vec v, string count, int column)
    {
        writer.Open($"for (int i = {count}; i > 0; i--)");
        for (int i = 0; i < Edge; i++)
            writer.Line(v.Store(Offset("u", i * InLanes), v.Zero));
        writer.Line($"u += {column};");
        writer.Close();
    }

    /// <summary>Which of a tile's input rows lie inside the map, for rows of tiles from the first that has it.</summary>
    private List<(int First, int End, int From)> RowVariants()
    {
        var list = new List<(int First, int End, int From)>();
        for (int ty = 0; ty < TilesY; ty++)
        {
            int top = (ty * Tile) - Padding.Top;
            int first = Math.Min(Edge, Math.Max(0, -top));
            int end = Math.Max(first, Math.Min(Edge, In.Height - top));
            if (list.Count == 0 || list[list.Count - 1].First != first || list[list.Count - 1].End != end)
                list.Add((first, end, ty));
        }

        return list;
    }

    /// <summary>One matrix product for each position of a tile, of a number of tiles.</summary>
    private void EmitProducts(CodeWriter writer, string method, int count, SortedDictionary<int, Prefetch> tiles)
    {
        Balance split = Balance.Of(count, Register.Rows);
        writer.Line();
        writer.Line($"/// <summary>Products of {count} tiles: for each position {count} x {In.Channels} by {In.Channels} x {Out.Channels}.</summary>");
        OpenMethod(writer, "private ", $"{method}_Products{count}", "float* v, float* w, float* m" + (IsSplit ? ", int from, int to" : string.Empty));
        string channel = OpenPanels(writer);
        string following = Literal.Of(PanelFloats);
        if (IsSplit)
        {
            writer.Line($"int following = p + 1 < to ? {PanelFloats} : (from + {Panels + 1} - to) * {PanelFloats};");
            following = "following";
        }

        int done = 0;
        foreach ((int size, int times) in new[] { (split.Big, split.BigCount), (split.Small, split.SmallCount) })
        {
            if (times == 0)
                continue;
            Prefetch prefetch = Prefetching(tiles, size, split.Parts);
            string next = prefetch.Lines == 0 ? string.Empty : IsSplit ? $", {Offset("w + following", prefetch.After(done / split.Big).Start)}" : $", w + {PanelFloats + prefetch.After(done / split.Big).Start}";
            writer.Line($"{method}_{size}({Offset("v", done * InPitch)}, w{next}, {Offset("m", done * OutPitch)}{channel}, {times});");
            done += size * times;
        }

        writer.Line($"w += {(IsSplit ? "following" : Literal.Of(PanelFloats))};");
        ClosePanels(writer);
    }

    /// <summary>The same of some groups of tiles, large ones first.</summary>
    private void EmitGroupProducts(CodeWriter writer, string method, SortedDictionary<int, Prefetch> tiles)
    {
        Balance groups = Groups;
        bool mixed = groups.SmallCount > 0;
        writer.Line();
        writer.Line($"/// <summary>Products of groups of {groups.Big}{(mixed ? $" and {groups.Small}" : string.Empty)} tiles: at each position by {In.Channels} x {Out.Channels}.</summary>");
        OpenMethod(writer, "private ", method + "_Products", "float* v, float* w, float* m, int large" + (mixed ? ", int small" : string.Empty));
        string channel = OpenPanels(writer);

        // Two threads have half of the groups each, which may be less than a strip.
        int together = Math.Min(StripGroups, (groups.Parts + 1) / 2);
        Prefetch prefetch = Prefetching(tiles, groups.Big, together);
        string next = prefetch.Lines == 0 ? string.Empty : $", w + {PanelFloats}";
        if (mixed)
            writer.Line("if (large > 0)");
        writer.Line($"{(mixed ? "    " : string.Empty)}{method}_{groups.Big}(v, w{next}, m{channel}, large);");
        if (mixed)
        {
            prefetch = Prefetching(tiles, groups.Small, together);
            next = prefetch.Lines == 0 ? string.Empty : $", w + {PanelFloats} + large * {prefetch.After(1).Start}";
            writer.Line("if (small > 0)");
            writer.Line($"    {method}_{groups.Small}(v + large * {groups.Big * InPitch}, w{next}, m + large * {groups.Big * OutPitch}{channel}, small);");
        }

        writer.Line($"w += {PanelFloats};");
        ClosePanels(writer);
    }

    /// <summary>The loops over positions and panels; gives what leads from a position's products to those of the panel.</summary>
    private string OpenPanels(CodeWriter writer)
    {
        bool shared = IsSplit && SplitsPanels;
        if (shared)
            writer.Line($"w += (long)from * {PanelFloats};");
        writer.Open($"for (int position = 0; position < {Positions}; position++)");
        if (Panels == 1)
            return string.Empty;
        writer.Open(shared ? "for (int p = from; p < to; p++)" : $"for (int p = 0; p < {Panels}; p++)");
        bool exact = Out.Channels % PanelLanes == 0;
        if (!exact)
            writer.Line("// The last panel ends at the last channel and repeats some of the one before.");
        writer.Line(exact ? $"int c = p * {PanelLanes};" : $"int c = Math.Min(p * {PanelLanes}, {Out.Channels - PanelLanes});");
        return " + c";
    }

    private void ClosePanels(CodeWriter writer)
    {
        if (Panels > 1)
            writer.Close();
        writer.Line($"v += {InStride};");
        writer.Line($"m += {OutStride};");
        writer.Close();
        writer.Close();
    }

    /// <summary>How the inner kernel for a number of tiles fetches weights; fixed by the first who uses it.</summary>
    private Prefetch Prefetching(SortedDictionary<int, Prefetch> tiles, int size, int together)
    {
        // The prefetch instruction is x86's; 128-bit kernels also serve Arm.
        bool prefetches = Bits > 128 && Positions * Panels * PanelFloats * sizeof(float) >= PrefetchWeightBytes;
        if (!tiles.ContainsKey(size))
            tiles.Add(size, prefetches ? Prefetch.Spread(In.Channels, PanelLanes, together) : Prefetch.None);
        return tiles[size];
    }

    /// <summary>The inner kernel: some tiles times one panel of output channels, at one position.</summary>
    private void EmitTile(CodeWriter writer, string method, int rows, Prefetch prefetch)
    {
        Vec v = Vec.For(Bits, Out.Channels);
        writer.Line();
        writer.Line($"/// <summary>{rows} tile{(rows == 1 ? string.Empty : "s")} x {Math.Min(PanelLanes, Out.Channels)} channels, a number of times.</summary>");
        OpenMethod(writer, "private ", $"{method}_{rows}", $"float* v, float* w, {(prefetch.Lines > 0 ? "float* next, " : string.Empty)}float* m, int times");
        if (prefetch.Lines > 0)
            writer.Line("// Weights come from the third-level cache or memory: fetch the next panel, a little with each tile.");

        writer.Open("do");
        for (int row = 0; row < rows; row++)
        {
            for (int j = 0; j < Vectors; j++)
                writer.Line($"{v.Type} {Acc(row, j)} = {v.Zero};");
        }

        writer.Line("float* k = w;");
        writer.Line("float* u = v;");
        writer.Line($"float* end = u + {In.Channels};");
        if (prefetch.Lines > 0)
        {
            writer.Open("do");
            for (int line = 0; line < prefetch.Lines; line++)
                writer.Line($"Sse.Prefetch1({Offset("next", line * CacheLineFloats)});");
            writer.Line($"next += {prefetch.Lines * CacheLineFloats};");
            writer.Line($"float* stop = u + {prefetch.Interval};");
        }

        writer.Open("do");
        bool weightsInRegisters = rows > 1;
        if (weightsInRegisters)
        {
            for (int j = 0; j < Vectors; j++)
                writer.Line($"{v.Type} w{j} = {v.Load(Offset("k", j * Lanes))};");
        }

        writer.Line($"{v.Type} t;");
        for (int row = 0; row < rows; row++)
        {
            writer.Line($"t = {v.Broadcast($"u[{row * InPitch}]")};");
            for (int j = 0; j < Vectors; j++)
                writer.Line($"{Acc(row, j)} = {v.Fma("t", weightsInRegisters ? "w" + Literal.Of(j) : v.Load(Offset("k", j * Lanes)), Acc(row, j))};");
        }

        writer.Line("u++;");
        writer.Line($"k += {PanelLanes};");
        writer.Close();
        if (prefetch.Lines > 0)
        {
            writer.Line("while (u < stop);");
            writer.Close();
        }

        writer.Line("while (u < end);");
        writer.Line();
        for (int row = 0; row < rows; row++)
        {
            for (int j = 0; j < Vectors; j++)
                writer.Line(v.Store(Offset("m", (row * OutPitch) + VectorChannel(j)), Acc(row, j)));
        }

        writer.Line($"v += {rows * InPitch};");
        writer.Line($"m += {rows * OutPitch};");
        writer.Close();
        writer.Line("while (--times > 0);");
        writer.Close();
    }

    /// <summary>Output transform, bias and epilogue; tiles that the map's edge cuts off have code of their own.</summary>
    private void EmitOutput(CodeWriter writer, string method)
    {
        int restY = Out.Height % Tile, restX = Out.Width % Tile;
        string r = Epilogue.HasResidual ? "float* r, " : string.Empty;
        bool shared = IsSplit && SplitsPanels;
        string part = shared ? ", int from, int to" : string.Empty, share = shared ? ", from, to" : string.Empty;
        writer.Line();
        writer.Line("/// <summary>Transforms the products of some tiles in a row back and stores their outputs.</summary>");
        OpenMethod(writer, "private ", method + "_Output", $"float* m, float* w, {r}float* y, int ty, int tx, int tiles{part}");
        if (Epilogue.HasResidual)
            writer.Line($"r += ty * {(long)Tile * Out.Width * Epilogue.ResidualPitch} + tx * {Tile * Epilogue.ResidualPitch};");
        writer.Line($"y += ty * {(long)Tile * Out.RowPitch} + tx * {Tile * Out.Pitch};");
        if (restX > 0)
            writer.Line($"int whole = Math.Min(tiles, {WholeX} - tx);");
        void Calls(int height)
        {
            if (WholeX > 0)
                writer.Line($"{method}_Output{height}x{Tile}(m, w, {(Epilogue.HasResidual ? "r, " : string.Empty)}y, {(restX > 0 ? "whole" : "tiles")}{share});");
            if (restX == 0)
                return;
            writer.Line("if (whole < tiles)");
            writer.Line($"    {method}_Output{height}x{restX}(m + whole * {OutPitch}, w, {(Epilogue.HasResidual ? $"r + whole * {Tile * Epilogue.ResidualPitch}, " : string.Empty)}y + whole * {Tile * Out.Pitch}, 1{share});");
        }

        if (restY > 0 && WholeY > 0)
        {
            writer.Open($"if (ty < {WholeY})");
            Calls(Tile);
            writer.Close();
            writer.Open("else");
            Calls(restY);
            writer.Close();
        }
        else
        {
            Calls(restY > 0 ? restY : Tile);
        }

        writer.Close();
        foreach (int height in new[] { WholeY > 0 ? Tile : 0, restY })
        {
            foreach (int width in new[] { WholeX > 0 ? Tile : 0, restX })
            {
                if (height > 0 && width > 0)
                    EmitOutputTile(writer, method, height, width);
            }
        }
    }

    private void EmitOutputTile(CodeWriter writer, string method, int height, int width)
    {
        Vec v = Vec.For(Bits, Out.Channels);
        bool residual = Epilogue.HasResidual, shared = IsSplit && SplitsPanels;
        writer.Line();
        writer.Line($"/// <summary>{height}x{width} outputs of each tile.</summary>");
        OpenMethod(writer, "private ", $"{method}_Output{height}x{width}", $"float* m, float* w, {(residual ? "float* r, " : string.Empty)}float* y, int tiles{(shared ? ", int from, int to" : string.Empty)}");
        if (Epilogue.SlopeVectors > 0)
            writer.Line($"float* s = w + {SlopeOffset};");
        writer.Open("for (; tiles > 0; tiles--)");
        Action<Action> channels = shared
            ? body => ChannelLoop.Part(writer, v.Lanes, Out.Channels, $"from * {Vectors}", $"to * {Vectors}", body)
            : body => ChannelLoop.Run(writer, v, Out.Channels, body);
        channels(() =>
        {
            writer.Line("float* z = m + c;");
            var halves = new string[height][];
            for (int y = 0; y < height; y++)
                halves[y] = Names("h" + Literal.Of(y), Edge);
            writer.Line($"{v.Type} {string.Join(", ", halves.SelectMany(h => h))};");
            for (int x = 0; x < Edge; x++)
            {
                OpenScope(writer, $"Column {x}.");
                string[] products = Names("m", Edge);
                for (int y = 0; y < Edge; y++)
                    writer.Line($"{v.Type} {products[y]} = {v.Load(Offset("z", ((y * Edge) + x) * OutStride))};");
                WinogradTransform.Output(writer, v, Tile, products, halves.Select(h => h[x]).ToArray());
                writer.Close();
            }

            writer.Line($"{v.Type} bias = {v.Load("w + c")};");
            for (int y = 0; y < height; y++)
            {
                OpenScope(writer, $"Row {y}.");
                string[] results = Names("y", width);
                writer.Line($"{v.Type} {string.Join(", ", results)};");
                WinogradTransform.Output(writer, v, Tile, halves[y], results);
                for (int x = 0; x < width; x++)
                {
                    long pixel = ((long)y * Out.Width) + x;
                    writer.Line($"{results[x]} += bias;");
                    if (!Epilogue.IsLong)
                        Epilogue.Emit(writer, v, results[x], Offset("r", pixel * Epilogue.ResidualPitch) + " + c", Epilogue.SlopeVectors > 0 ? "s + c" : null, Out.Channels);
                    writer.Line(v.Store(Offset("y", pixel * Out.Pitch) + " + c", results[x]));
                }

                writer.Close();
            }

            if (Epilogue.IsLong)
                EmitLongEpilogue(writer, v, height, width);
        });
        writer.Line($"m += {OutPitch};");
        if (residual)
            writer.Line($"r += {Tile * Epilogue.ResidualPitch};");
        writer.Line($"y += {Tile * Out.Pitch};");
        writer.Close();
        writer.Close();
    }

    /// <summary>Activates a stored tile pixel by pixel.</summary>
    private void EmitLongEpilogue(CodeWriter writer, Vec v, int height, int width)
    {
        writer.Line($"for (int row = 0; row < {height}; row++)");
        writer.Open($"for (int column = 0; column < {width}; column++)");
        string pixel = $"(row * {Out.Width} + column)";
        writer.Line($"float* o = y + {pixel} * {Out.Pitch} + c;");
        writer.Line($"{v.Type} value = {v.Load("o")};");
        Epilogue.Emit(writer, v, "value", $"r + {pixel} * {Epilogue.ResidualPitch} + c", Epilogue.SlopeVectors > 0 ? "s + c" : null, Out.Channels);
        writer.Line(v.Store("o", "value"));
        writer.Close();
    }

    /// <summary>First channel of a vector of a panel; the last one ends at the last channel.</summary>
    private int VectorChannel(int vector) => Math.Min(vector * Lanes, Math.Max(0, Out.Channels - Lanes));

    private static long Odd(long floats) => floats / CacheLineFloats % 2 == 0 ? floats + CacheLineFloats : floats;

    private static string[] Names(string prefix, int count) => Enumerable.Range(0, count).Select(i => prefix + Literal.Of(i)).ToArray();

    private static string Acc(int row, int vector) => "a" + Literal.Of(row) + (char)('a' + vector);

    private static string Minus(int value) => value == 0 ? string.Empty : " - " + Literal.Of(value);
}
