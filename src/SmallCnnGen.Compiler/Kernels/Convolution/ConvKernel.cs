using System;
using System.Collections.Generic;
using SmallCnnGen.Compiler.Emit;
using SmallCnnGen.Compiler.Ir;

namespace SmallCnnGen.Compiler.Kernels.Convolution;

/// <summary>
/// Convolution as matrix multiplication on packed weights: panels of a few vectors of output channels, tiles of a few
/// pixels, accumulators in registers. Pointwise, strided, dilated, padded and grouped windows, and fully connected layers
/// (a window as large as the map). Output pixels whose windows leave the map at a side run one at a time over the taps
/// that stay inside; above and below, the loop over kernel rows is shortened.
/// </summary>
/// <param name="Bits">Register width in bits.</param>
/// <param name="In">Input map.</param>
/// <param name="Out">Output map.</param>
/// <param name="Window">Window.</param>
/// <param name="Groups">Groups after merging (see <see cref="GroupMerge"/>).</param>
/// <param name="Epilogue">What happens before the store.</param>
public sealed partial record ConvKernel(int Bits, TensorRef In, TensorRef Out, Window Window, int Groups, EpilogueCode Epilogue) : KernelSpec(Bits)
{
    /// <summary>Weights up to this many bytes stay in the second-level cache beside a strip of input.</summary>
    private const int ResidentWeightBytes = 192 * 1024;

    /// <summary>Weights from this many bytes on have left the second-level cache since the last run.</summary>
    private const int PrefetchWeightBytes = 384 * 1024;

    /// <summary>Steps of the dot product by which weights that are read once are fetched ahead: the hardware stops at every page.</summary>
    private const int StreamAhead = 32;

    /// <summary>Rows up to this many pixels are taken several at a time.</summary>
    private const int MaxPatchWidth = 7;

    /// <summary>More columns at the edges than this share code that loops over the taps inside.</summary>
    private const int MaxEdgeTiles = 16;

    /// <summary>Floats in a cache line.</summary>
    private const int CacheLineFloats = 16;

    /// <summary>Strip of input that stays in the first-level cache while all panels pass over it.</summary>
    private const int StripBytes = 20 * 1024;

    /// <summary>Strip of input that stays in the second-level cache while all panels pass over it.</summary>
    private const int LargeStripBytes = 600 * 1024;

    /// <summary>Strip that is written before it is read: beside the input, weights and output in the second-level cache.</summary>
    private const int ScratchStripBytes = 128 * 1024;

    /// <summary>Whether the input's channels lie anywhere and are found through a table.</summary>
    public bool IsScattered { get; init; }

    /// <summary>
    /// Whether the input is multiplied by one factor a channel, in place, strip by strip before it is read: the end of
    /// squeeze-and-excitation.
    /// </summary>
    public bool HasGate { get; init; }

    /// <summary>
    /// The activation of an input that is batch-normalised before it is read, strip by strip into scratch memory; null for
    /// an input that is read as it is.
    /// </summary>
    public ActivationCode? Prologue { get; init; }

    /// <inheritdoc/>
    public override bool HasChannelTable => IsScattered;

    /// <inheritdoc/>
    public override string Name
    {
        get
        {
            string window = IsWholeMap ? "Dense" : "Conv" + WindowName(Window);
            string groups = Groups == 1 ? string.Empty : "G" + Literal.Of(Groups);
            return $"{window}{groups}_{In}{(IsScattered ? "s" : string.Empty)}{(HasGate ? "_Gated" : string.Empty)}{(Prologue is { } p ? "_Normalized" + p.Suffix : string.Empty)}_{Out}{Epilogue.Suffix}";
        }
    }

    /// <inheritdoc/>
    public override int Inputs => 1 + (HasGate ? 1 : 0) + (Epilogue.HasResidual ? 1 : 0);

    /// <inheritdoc/>
    public override long WeightFloats => PrologueOffset + (HasPrologue ? 2L * In.Channels : 0);

    /// <summary>Offset of the input's scales and shifts behind weights and slopes.</summary>
    public long PrologueOffset => SlopeOffset + ((long)Epilogue.SlopeVectors * Out.Channels);

    /// <inheritdoc/>
    public override long ScratchFloats => HasPrologue ? (long)(IsOneStrip ? Out.Pixels : StripTiles * FlatTiles.Big) * ReadPitch : 0;

    /// <summary>Offset of PReLU slopes behind the packed weights.</summary>
    public long SlopeOffset => (long)Groups * Panels * PanelFloats;

    /// <inheritdoc/>
    public override int Units => SplitsPanels ? Panels : IsFlat ? FlatTiles.Parts : Out.Height;

    /// <inheritdoc/>
    public override bool LastUnitsOverlap => SplitsPanels && !HasExactPanels;

    /// <inheritdoc/>
    public override UnitSpan Writes(int unit) => SplitsPanels
        ? new UnitSpan(UnitAxis.Channels, PanelStart(unit), PanelStart(unit) + PanelChannels, Out.Channels)
        : IsFlat ? new UnitSpan(UnitAxis.Pixels, FlatTiles.StartOf(unit), FlatTiles.StartOf(unit + 1), Out.Pixels) : UnitSpan.Rows(Out, unit, unit + 1);

    /// <inheritdoc/>
    public override string UnitName => SplitsPanels ? "panels of weights" : IsFlat ? "tiles of pixels" : "rows";

    /// <inheritdoc/>
    public override bool HasStrips => !IsScattered && !PreparesInput && Out.Height > 1;

    /// <summary>
    /// Threads share the panels when these halve well, so that each reads half of the weights; else the pixels. The last panel
    /// goes with the one before where it repeats some of it (<see cref="LastUnitsOverlap"/>): two such panels are one.
    /// </summary>
    private bool SplitsPanels => !IsStrip && !PreparesInput && Groups == 1 && Panels > (HasExactPanels ? 1 : 2) && (Panels % 2 == 0 || Panels >= 7 || Out.Height < 4);

    private bool HasPrologue => Prologue is not null;

    /// <summary>Whether something happens to the input, strip by strip, before it is read.</summary>
    private bool PreparesInput => HasGate || HasPrologue;

    /// <summary>Floats from pixel to pixel of what the tiles read.</summary>
    private int ReadPitch => HasPrologue ? TensorRef.Spread(In.Channels) : In.Pitch;

    private Balance FlatTiles => Balance.Of(Out.Pixels, Tile.Rows);

    /// <summary>Tiles of a flat map over which all panels pass before the next.</summary>
    private int StripTiles
    {
        get
        {
            int bytes = WeightBytes <= ResidentWeightBytes ? StripBytes : HasPrologue ? ScratchStripBytes : LargeStripBytes;
            return Math.Max(1, bytes / Math.Max(1, FlatTiles.Big * ReadPitch * 4));
        }
    }

    private bool IsOneStrip => FlatTiles.Parts <= StripTiles || (Panels == 1 && !PreparesInput);

    /// <summary>Input channels of one group.</summary>
    public int InPerGroup => In.Channels / Groups;

    /// <summary>Output channels of one group.</summary>
    public int OutPerGroup => Out.Channels / Groups;

    /// <summary>Floats in a vector.</summary>
    public int Lanes => V.Lanes;

    /// <summary>Vectors in a panel.</summary>
    public int Vectors => Tile.Vectors;

    private TileChoice Tile => TileChoice.Pick(
        Bits, Lanes, OutPerGroup, IsFlat ? Out.Pixels : Math.Max(1, (InteriorEnd - InteriorStart) * (HasShortRows ? FullRows.End - FullRows.First : 1)), pairs: true);

    private int PanelLanes => Lanes * Vectors;

    /// <summary>Whether the last vector of a panel serves two pixels (<see cref="TileChoice.IsPaired"/>).</summary>
    public bool IsPaired => Tile.IsPaired;

    private int PanelChannels => Tile.Channels(Lanes);

    private int Panels => (OutPerGroup + PanelChannels - 1) / PanelChannels;

    private bool HasExactPanels => OutPerGroup % PanelChannels == 0;

    /// <summary>First channel of a panel: the last one ends at the last channel.</summary>
    private int PanelStart(int panel) => Math.Min(panel * PanelChannels, Math.Max(0, OutPerGroup - PanelChannels));

    private long WeightBytes => Panels * PanelFloats * sizeof(float);

    private long PanelFloats => PanelLanes * (1 + ((long)Window.Kernel.Y * Window.Kernel.X * InPerGroup));

    private bool IsWholeMap => Out.Pixels == 1 && !IsScattered && Window.Padding.IsZero && Window.Kernel == new Pair(In.Height, In.Width) && Groups == 1;

    /// <summary>Whether each weight is read once and comes from far: a fully connected layer (a prefetch instruction is x86's).</summary>
    private bool IsStreaming => Out.Pixels == 1 && !IsScattered && Bits > 128 && WeightFloats * 4 >= ResidentWeightBytes;

    /// <summary>Whether output pixels follow each other as input pixels do, so that rows of the map need no loop.</summary>
    private bool IsFlat => Window.IsPointwise && !IsStrip;

    /// <summary>Taps of one kernel row that lie side by side in memory form one long run.</summary>
    private bool IsRowContiguous => Groups == 1 && In.IsDense && !IsScattered && Window.Dilation.X == 1;

    private Sides Pad => Window.Padding;

    /// <summary>First output column whose window has no tap left of the map.</summary>
    private int InteriorStart => Math.Min(Out.Width, (Pad.Left + Window.Stride.X - 1) / Window.Stride.X);

    /// <summary>One past the last output column whose window has no tap right of the map.</summary>
    private int InteriorEnd
    {
        get
        {
            int room = In.Width + Pad.Left - Window.Extent.X;
            int end = room < 0 ? 0 : (room / Window.Stride.X) + 1;
            return Math.Max(InteriorStart, Math.Min(Out.Width, end));
        }
    }

    /// <summary>
    /// Whether the columns at the edges share code that loops over the taps inside. Each otherwise has a tile of its own, which
    /// for wide windows are hundreds.
    /// </summary>
    private bool LoopsOverEdges => InteriorStart + Out.Width - InteriorEnd > MaxEdgeTiles;

    /// <summary>Whether some output row's window leaves the map above or below.</summary>
    private bool HasPartialRows => Pad.Top > 0 || ((Out.Height - 1) * Window.Stride.Y) - Pad.Top + Window.Extent.Y > In.Height;

    private Vec V => Vec.For(Bits, OutPerGroup);

    /// <inheritdoc/>
    public override IEnumerable<string> Describe()
    {
        string groups = Groups == 1 ? string.Empty : $", {Groups} groups";
        yield return IsWholeMap
            ? $"Fully connected, {In} to {Out.Channels}{Epilogue.Words}."
            : $"{(HasGate ? "The input times its gate (in place: nothing else reads it), then convolution" : Prologue is { } p ? $"Batch normalisation{(p.IsNone ? string.Empty : " and " + p.Function)} of the input, then convolution" : "Convolution")} {Window.Kernel}, stride {Window.Stride}, padding {Pad}, dilation {Window.Dilation}{groups}: {In} to {Out}{Epilogue.Words}.";
        yield return $"Tiles of up to {Tile.Rows} pixels x {PanelChannels} channels{(IsPaired ? ", the last vector half of one pixel and half of the next" : string.Empty)}; weights in {Panels} panels of {PanelFloats} floats{(Groups == 1 ? string.Empty : " a group")}.";
    }

    /// <inheritdoc/>
    protected override string InputName(int index) => index == 0 ? "x" : HasGate && index == 1 ? "g" : "r";

    /// <inheritdoc/>
    public override void Emit(CodeWriter writer, string method)
    {
        var tiles = new List<TileCode>();
        OpenMethod(writer, "internal ", method, Parameters);
        bool loopGroups = Groups > 1;
        if (Epilogue.SlopeVectors > 0)
            writer.Line($"float* s = w + {SlopeOffset};");
        if (loopGroups)
            writer.Open($"for (int g = 0; g < {Groups}; g++)");
        if (IsFlat)
            EmitFlat(writer, method, tiles);
        else
            EmitRows(writer, method, tiles);
        if (loopGroups)
        {
            writer.Line(IsScattered ? $"channels += {InPerGroup};" : $"x += {InPerGroup};");
            writer.Line($"w += {Panels * PanelFloats};");
            writer.Line($"y += {OutPerGroup};");
            if (Epilogue.HasResidual)
                writer.Line($"r += {OutPerGroup};");
            if (Epilogue.SlopeVectors > 0)
                writer.Line($"s += {OutPerGroup};");
            writer.Close();
        }

        writer.Close();
        foreach (TileCode tile in tiles)
        {
            writer.Line();
            EmitTile(writer, tile);
        }

        if (HasGate)
            EmitGate(writer, method);
        if (Prologue is { } activation)
            EmitNormalize(writer, method, activation);
    }

    /// <summary>Normalises and activates some pixels.</summary>
    private void EmitNormalize(CodeWriter writer, string method, ActivationCode activation)
    {
        Vec v = Vec.For(Bits, In.Channels);
        writer.Line();
        writer.Line("/// <summary>Batch-normalises and activates some pixels: a scale and a shift a channel.</summary>");
        OpenMethod(writer, "private ", method + "_Normalize", "float* x, float* norm, float* z, int pixels");
        writer.Open("for (int pixel = 0; pixel < pixels; pixel++)");
        ChannelLoop.Run(writer, v, In.Channels, () =>
        {
            writer.Line($"{v.Type} a = {v.Fma(v.Load("x + c"), v.Load("norm + c"), v.Load($"norm + {In.Channels} + c"))};");
            writer.Line(v.Store("z + c", activation.Apply(v, "a", null)));
        });
        writer.Line($"x += {In.Pitch};");
        writer.Line($"z += {ReadPitch};");
        writer.Close();
        writer.Close();
    }

    /// <summary>Multiplies the channels of some pixels by their factors; the last channels in narrower vectors, since none may be multiplied twice.</summary>
    private void EmitGate(CodeWriter writer, string method)
    {
        writer.Line();
        writer.Line("/// <summary>Multiplies each channel of some pixels by its factor.</summary>");
        OpenMethod(writer, "private ", method + "_Gate", "float* x, float* g, int pixels");
        writer.Open("for (int pixel = 0; pixel < pixels; pixel++)");
        int c = 0;
        while (c < In.Channels)
        {
            Vec v = Vec.For(Bits, In.Channels - c);
            int end = In.Channels - ((In.Channels - c) % v.Lanes);
            writer.Line($"for (int c = {c}; c < {end}; c += {v.Lanes})");
            writer.Line("    " + v.Store("x + c", $"{v.Load("x + c")} * {v.Load("g + c")}"));
            c = end;
        }

        writer.Line($"x += {In.Pitch};");
        writer.Close();
        writer.Close();
    }

    /// <summary>Pixels in one sequence: strips of tiles stay in cache while every panel passes over them.</summary>
    private void EmitFlat(CodeWriter writer, string method, List<TileCode> tiles)
    {
        Balance split = FlatTiles;
        int strip = StripTiles;

        // Each pass over the panels reads all of them, from as far away. The prefetch instruction is x86's; 128-bit kernels
        // also serve Arm.
        Prefetch Fetch(int count) => Bits > 128 && Panels > 1 && WeightBytes >= PrefetchWeightBytes ? Prefetch.Spread(InPerGroup, PanelLanes, count, SumBlock) : Prefetch.None;
        if (IsOneStrip)
        {
            if (PreparesInput)
            {
                OpenScope(writer, IsSplit ? "This thread's pixels." : "All pixels.");
                string first = IsSplit ? split.Start("from") : "0", end = IsSplit ? split.Start("to") : Literal.Of(Out.Pixels);
                Prepare(writer, method, $"x + ({first}) * {In.Pitch}", $"scratch + ({first}) * {ReadPitch}", $"{end} - ({first})");
                writer.Close();
            }

            Prefetch prefetch = Fetch(split.Parts);
            TileCode big = AddTile(tiles, method, split.Big, 0, Window.Kernel.X, prefetch);
            TileCode? small = split.SmallCount > 0 ? AddTile(tiles, method, split.Small, 0, Window.Kernel.X, prefetch.After(split.BigCount)) : null;
            OpenPanels(writer);
            CallFlat(writer, big, 0, split.BigCount, 0);
            if (small is not null)
                CallFlat(writer, small, split.BigCount, split.Parts, split.Big * split.BigCount);

            ClosePanels(writer);
            return;
        }

        EmitStrips(writer, method, AddTile(tiles, method, split.Big, 0, Window.Kernel.X, Fetch(Math.Min(strip, split.BigCount))), 0, split.BigCount, strip, 0);
        if (split.SmallCount > 0)
            EmitStrips(writer, method, AddTile(tiles, method, split.Small, 0, Window.Kernel.X, Fetch(Math.Min(strip, split.SmallCount))), split.BigCount, split.Parts, strip, split.Big * split.BigCount);
    }

    /// <summary>What happens to a strip of input before it is read.</summary>
    private void Prepare(CodeWriter writer, string method, string x, string scratch, string pixels)
    {
        if (HasGate)
            writer.Line($"{method}_Gate({x}, g, {pixels});");
        if (HasPrologue)
            writer.Line($"{method}_Normalize({x}, {Offset("w", PrologueOffset)}, {scratch}, {pixels});");
    }

    /// <summary>What the tiles read where the whole map is one strip.</summary>
    private string Source => HasPrologue ? "scratch" : "x";

    /// <summary>Strips over some of the tiles.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="method">Name of the kernel.</param>
    /// <param name="tile">The tile.</param>
    /// <param name="firstTile">First tile.</param>
    /// <param name="endTile">One past the last.</param>
    /// <param name="strip">Tiles in a strip.</param>
    /// <param name="firstPixel">First pixel of the first tile.</param>
    private void EmitStrips(CodeWriter writer, string method, TileCode tile, int firstTile, int endTile, int strip, int firstPixel)
    {
        if (endTile - firstTile <= strip && !PreparesInput)
        {
            OpenPanels(writer);
            CallFlat(writer, tile, firstTile, endTile, firstPixel);
            ClosePanels(writer);
            return;
        }

        bool shared = IsSplit && !SplitsPanels;
        (string first, string end) = shared ? Bounds(firstTile, endTile) : (Literal.Of(firstTile), Literal.Of(endTile));
        if (shared)
        {
            OpenScope(writer, "This thread's tiles.");
            writer.Line($"int end = {end};");
        }

        writer.Open($"for (int first = {first}; first < {(shared ? "end" : end)}; first += {strip})");
        writer.Line(!shared && (endTile - firstTile) % strip == 0 ? $"int tiles = {strip};" : $"int tiles = Math.Min({strip}, {(shared ? "end" : end)} - first);");
        string At(string pointer, int pitch) => AtFirst(pointer, pitch, tile, firstTile, firstPixel);
        Prepare(writer, method, At("x", In.Pitch), "scratch", $"tiles * {tile.Rows}");
        OpenPanels(writer);
        CallTile(writer, tile, HasPrologue ? "scratch" : At("x", In.Pitch), At("y", Out.Pitch), At("r", Epilogue.ResidualPitch), 0, false);
        ClosePanels(writer);
        writer.Close();
        if (shared)
            writer.Close();
    }

    /// <summary>Where the tile with the number in <c>first</c> begins, in a map of some pitch.</summary>
    private static string AtFirst(string pointer, int pitch, TileCode tile, int firstTile, int firstPixel) =>
        Offset(pointer, firstPixel * pitch) + $" + {(firstTile == 0 ? "first" : $"(first - {firstTile})")} * {tile.Rows * pitch}";

    /// <summary>Some of the tiles of a flat map; where threads share them, those of this thread.</summary>
    private void CallFlat(CodeWriter writer, TileCode tile, int firstTile, int endTile, int firstPixel)
    {
        if (!IsSplit || SplitsPanels)
        {
            CallTile(writer, tile, Offset(Source, firstPixel * ReadPitch), Offset("y", firstPixel * Out.Pitch), Offset("r", firstPixel * Epilogue.ResidualPitch), endTile - firstTile, false);
            return;
        }

        (string first, string end) = Bounds(firstTile, endTile);
        OpenScope(writer, "This thread's tiles.");
        writer.Line($"int first = {first}, tiles = {end} - first;");
        writer.Line("if (tiles > 0)");
        string At(string pointer, int pitch) => AtFirst(pointer, pitch, tile, firstTile, firstPixel);
        writer.Line("    " + TileCall(tile, At(Source, ReadPitch), At("y", Out.Pitch), At("r", Epilogue.ResidualPitch), 0, false));
        writer.Close();
    }

    /// <summary>
    /// Rows whose windows leave the map above or below run one at a time over the kernel rows that stay inside. In the
    /// others the columns at the edges are tiles of one column and several rows, and where a row is short, tiles span
    /// several rows: so even a 7x7 map fills its registers.
    /// </summary>
    private void EmitRows(CodeWriter writer, string method, List<TileCode> tiles)
    {
        bool panelsOutside = WeightBytes > ResidentWeightBytes;
        (int full0, int full1) = FullRows;
        bool patches = UsesPatches;
        bool columns = !SplitsRows && !LoopsOverEdges && full1 - full0 > 1 && (InteriorStart > 0 || InteriorEnd < Out.Width);
        if (panelsOutside)
            OpenPanels(writer);
        if (!patches)
        {
            EmitRowLoop(writer, method, tiles, panelsOutside, 0, Out.Height, columns);
        }
        else
        {
            EmitRowLoop(writer, method, tiles, panelsOutside, 0, full0, false);
            EmitRowLoop(writer, method, tiles, panelsOutside, full1, Out.Height, false);
        }

        if (patches || columns)
            EmitFullRows(writer, method, tiles, panelsOutside, patches);
        if (panelsOutside)
            ClosePanels(writer);
    }

    /// <summary>Some rows, one at a time: left edge, tiles, right edge.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="method">Name of the kernel.</param>
    /// <param name="tiles">Collects tiles.</param>
    /// <param name="panelsOutside">Whether the loop over panels is open already.</param>
    /// <param name="from">First row.</param>
    /// <param name="to">One past the last row.</param>
    /// <param name="edgesOfPartialRowsOnly">Whether the edges of other rows are computed elsewhere.</param>
    private void EmitRowLoop(CodeWriter writer, string method, List<TileCode> tiles, bool panelsOutside, int from, int to, bool edgesOfPartialRowsOnly)
    {
        if (from >= to)
            return;
        (int full0, int full1) = FullRows;
        (string first, string end) = SplitsRows ? Bounds(from, to) : (Literal.Of(from), Literal.Of(to));
        writer.Open($"for (int oy = {first}; oy < {end}; oy++)");
        string top = Window.Stride.Y == 1 ? "oy" : $"oy * {Window.Stride.Y}";
        if (HasPartialRows)
        {
            writer.Line($"int top = {top}{(Pad.Top == 0 ? string.Empty : $" - {Pad.Top}")};");
            KernelRows(writer, Window, In.Height);
            top = "top";
        }

        writer.Line($"float* xr = x + {(top == "oy" ? top : $"({top})")} * {In.RowPitch};");
        writer.Line($"float* yr = y + oy * {Out.RowPitch};");
        if (Epilogue.HasResidual)
            writer.Line($"float* rr = r + oy * {Out.Width * Epilogue.ResidualPitch};");
        if (!panelsOutside)
            OpenPanels(writer);

        if (InteriorEnd > InteriorStart)
        {
            Balance split = Balance.Of(InteriorEnd - InteriorStart, Tile.Rows);
            int ox = InteriorStart;
            foreach ((int rows, int count) in new[] { (split.Big, split.BigCount), (split.Small, split.SmallCount) })
            {
                if (count == 0)
                    continue;
                CallTile(writer, AddTile(tiles, method, rows, 0, Window.Kernel.X, partial: HasPartialRows), InputAt(ox), Offset("yr", ox * Out.Pitch), Offset("rr", ox * Epilogue.ResidualPitch), count, HasPartialRows);
                ox += rows * count;
            }
        }

        bool anyEdge = InteriorStart > 0 || InteriorEnd < Out.Width;
        bool everyRowHere = !edgesOfPartialRowsOnly;
        bool someRowHere = everyRowHere || full0 > from || full1 < to;
        if (anyEdge && someRowHere)
        {
            if (!everyRowHere)
                writer.Open($"if (oy < {full0} || oy >= {full1})");
            if (LoopsOverEdges)
            {
                EmitEdgeLoop(writer, method, tiles, 0, InteriorStart);
                EmitEdgeLoop(writer, method, tiles, InteriorEnd, Out.Width);
            }

            for (int ox = 0; ox < InteriorStart && !LoopsOverEdges; ox++)
                EmitEdge(writer, method, tiles, ox);
            for (int ox = InteriorEnd; ox < Out.Width && !LoopsOverEdges; ox++)
                EmitEdge(writer, method, tiles, ox);
            if (!everyRowHere)
                writer.Close();
        }

        if (!panelsOutside)
            ClosePanels(writer);
        writer.Close();
    }

    /// <summary>The rows with all kernel rows inside: patches of several short rows, and columns at the edges.</summary>
    private void EmitFullRows(CodeWriter writer, string method, List<TileCode> tiles, bool panelsOutside, bool patches)
    {
        (int full0, int full1) = FullRows;
        OpenScope(writer, $"Rows {full0} to {full1 - 1}: every kernel row lies inside.");
        writer.Line($"float* xr = {Offset("x", ((full0 * Window.Stride.Y) - Pad.Top) * (long)In.RowPitch)};");
        writer.Line($"float* yr = {Offset("y", full0 * (long)Out.RowPitch)};");
        if (Epilogue.HasResidual)
            writer.Line($"float* rr = {Offset("r", full0 * (long)Out.Width * Epilogue.ResidualPitch)};");
        if (!panelsOutside)
            OpenPanels(writer);
        if (patches)
            EmitBands(writer, method, tiles, InteriorStart, InteriorEnd - InteriorStart, 0, Window.Kernel.X);
        for (int ox = 0; ox < InteriorStart; ox++)
            EmitBands(writer, method, tiles, ox, 1, EdgeTaps(ox).First, EdgeTaps(ox).End);
        for (int ox = InteriorEnd; ox < Out.Width; ox++)
            EmitBands(writer, method, tiles, ox, 1, EdgeTaps(ox).First, EdgeTaps(ox).End);
        if (!panelsOutside)
            ClosePanels(writer);
        writer.Close();
    }

    /// <summary>Some columns of the full rows, in tiles of several rows.</summary>
    private void EmitBands(CodeWriter writer, string method, List<TileCode> tiles, int ox, int width, int kx0, int kx1)
    {
        (int full0, int full1) = FullRows;
        Balance split = Balance.Of(full1 - full0, Math.Max(1, Tile.Rows / width));
        int row = 0;
        foreach ((int rows, int count) in new[] { (split.Big, split.BigCount), (split.Small, split.SmallCount) })
        {
            if (count == 0)
                continue;
            TileCode tile = AddTile(tiles, method, rows * width, kx0, kx1, patchWidth: width);
            CallTile(
                writer,
                tile,
                Offset(InputAt(ox), row * (long)Window.Stride.Y * In.RowPitch),
                Offset("yr", (row * (long)Out.RowPitch) + (ox * Out.Pitch)),
                Offset("rr", ((row * (long)Out.Width) + ox) * Epilogue.ResidualPitch),
                count,
                false);
            row += rows * count;
        }
    }

    /// <summary>Output rows whose windows lie inside the map vertically.</summary>
    private (int First, int End) FullRows
    {
        get
        {
            var axis = new WindowAxis(In.Height, Out.Height, Window.Kernel.Y, Window.Stride.Y, Pad.Top, Window.Dilation.Y);
            return (axis.FullStart, axis.FullEnd);
        }
    }

    /// <summary>Whether tiles take several rows; not where threads share the rows.</summary>
    private bool UsesPatches => HasShortRows && !SplitsRows;

    private bool SplitsRows => IsSplit && !SplitsPanels && !IsFlat;

    /// <summary>Whether rows are so short that a tile takes several of them.</summary>
    private bool HasShortRows
    {
        get
        {
            int width = InteriorEnd - InteriorStart;
            return !IsFlat && !LoopsOverEdges && width > 0 && width <= MaxPatchWidth && FullRows.End - FullRows.First > 1;
        }
    }

    /// <summary>Kernel columns inside the map for an output column.</summary>
    private (int First, int End) EdgeTaps(int ox)
    {
        var axis = new WindowAxis(In.Width, Out.Width, Window.Kernel.X, Window.Stride.X, Pad.Left, Window.Dilation.X);
        return (axis.First(ox), axis.End(ox));
    }

    /// <summary>One output pixel whose window leaves the map left or right: only the taps inside.</summary>
    private void EmitEdge(CodeWriter writer, string method, List<TileCode> tiles, int ox)
    {
        (int kx0, int kx1) = EdgeTaps(ox);
        CallTile(writer, AddTile(tiles, method, 1, kx0, kx1, partial: HasPartialRows), InputAt(ox), Offset("yr", ox * Out.Pitch), Offset("rr", ox * Epilogue.ResidualPitch), 1, HasPartialRows);
    }

    /// <summary>Output pixels whose windows leave the map left or right, over the taps inside.</summary>
    private void EmitEdgeLoop(CodeWriter writer, string method, List<TileCode> tiles, int from, int to)
    {
        if (from >= to)
            return;
        var tile = new TileCode(method + "_1edge", Tile, 1, 0, Window.Kernel.X, default, HasPartialRows, 0) { IsEdge = true };
        if (!tiles.Contains(tile))
            tiles.Add(tile);
        OpenEdge(writer, Window, In.Width, from, to);
        CallTile(writer, tile, $"xr + left * {In.Pitch}", $"yr + ox * {Out.Pitch}", $"rr + ox * {Epilogue.ResidualPitch}", 1, HasPartialRows);
        writer.Close();
    }

    private string InputAt(int ox) => Offset("xr", ((ox * Window.Stride.X) - Pad.Left) * In.Pitch);

    private void OpenPanels(CodeWriter writer)
    {
        if (Panels == 1)
            return;
        (string first, string end) = IsSplit && SplitsPanels ? ("from", "to") : ("0", Literal.Of(Panels));
        writer.Open($"for (int p = {first}; p < {end}; p++)");
        bool exact = HasExactPanels;
        if (!exact)
            writer.Line("// The last panel ends at the last channel and repeats some of the one before.");
        writer.Line(exact ? $"int c = p * {PanelChannels};" : $"int c = Math.Min(p * {PanelChannels}, {OutPerGroup - PanelChannels});");
        writer.Line($"float* wp = w + p * {PanelFloats};");
    }

    private void ClosePanels(CodeWriter writer)
    {
        if (Panels > 1)
            writer.Close();
    }

    private void CallTile(CodeWriter writer, TileCode tile, string x, string y, string r, int count, bool partialRows) =>
        writer.Line(TileCall(tile, x, y, r, count, partialRows));

    private string TileCall(TileCode tile, string x, string y, string r, int count, bool partialRows)
    {
        string channel = Panels > 1 ? " + c" : string.Empty;
        var arguments = new List<string> { x };
        if (IsScattered)
            arguments.Add("channels");
        arguments.Add(Panels > 1 ? "wp" : "w");
        arguments.Add(y + channel);
        if (Epilogue.HasResidual)
            arguments.Add(r + channel);
        if (Epilogue.SlopeVectors > 0)
            arguments.Add("s" + channel);
        if (partialRows)
        {
            arguments.Add("ky0");
            arguments.Add("ky1");
        }

        if (tile.IsEdge)
        {
            arguments.Add("kx0");
            arguments.Add("kx1");
        }

        arguments.Add(count == 0 ? "tiles" : Literal.Of(count));
        return $"{tile.Method}({string.Join(", ", arguments)});";
    }
}
