using System;
using System.Collections.Generic;
using SmallCnnGen.Compiler.Emit;

namespace SmallCnnGen.Compiler.Kernels.Convolution;

/// <content>The inner kernels: some pixels times one panel of weights, all accumulators in registers.</content>
public sealed partial record ConvKernel
{
    private TileCode AddTile(List<TileCode> tiles, string method, int rows, int kx0, int kx1, Prefetch prefetch = default, bool partial = false, int patchWidth = 0)
    {
        string shape = patchWidth == 0 ? Literal.Of(rows) : $"{rows / patchWidth}x{patchWidth}";
        string suffix = "_" + shape + ((rows == 1 || patchWidth == 1) && (kx0, kx1) is not (0, 1) ? $"_{kx0}to{kx1}" : string.Empty);
        var tile = new TileCode(method + suffix, Tile, rows, kx0, kx1, prefetch, partial, patchWidth);
        if (!tiles.Contains(tile))
            tiles.Add(tile);
        return tile;
    }

    /// <summary>Floats from a tile's first input pixel to another.</summary>
    private int InOffset(TileCode tile, int pixel)
    {
        int across = IsFlat ? ReadPitch : Window.Stride.X * In.Pitch;
        return tile.PatchWidth == 0 ? pixel * across : (pixel / tile.PatchWidth * Window.Stride.Y * In.RowPitch) + (pixel % tile.PatchWidth * across);
    }

    /// <summary>Floats from a tile's first output pixel to another, in a map of some pitch.</summary>
    private int OutOffset(TileCode tile, int pixel, int pitch) =>
        tile.PatchWidth == 0 ? pixel * pitch : ((pixel / tile.PatchWidth * Out.Width) + (pixel % tile.PatchWidth)) * pitch;

    /// <summary>The inner kernel: some pixels times one panel, for a number of tiles in a row.</summary>
    private void EmitTile(CodeWriter writer, TileCode tile)
    {
        Vec v = V;
        int vectors = tile.Shape.Vectors, nr = Lanes * vectors;
        bool partialRows = tile.Partial;
        bool wholeWidth = tile.Kx0 == 0 && tile.Kx1 == Window.Kernel.X;
        int taps = tile.Kx1 - tile.Kx0;

        string parameters = $"float* x, {(IsScattered ? "int* channels, " : string.Empty)}float* w, float* y"
            + (Epilogue.HasResidual ? ", float* r" : string.Empty)
            + (Epilogue.SlopeVectors > 0 ? ", float* s" : string.Empty)
            + (partialRows ? ", int ky0, int ky1" : string.Empty)
            + (tile.IsEdge ? ", int kx0, int kx1" : string.Empty)
            + ", int tiles";
        writer.Line($"/// <summary>{tile.Rows} pixel{(tile.Rows == 1 ? string.Empty : "s")} x {Math.Min(PanelChannels, OutPerGroup)} channels, kernel columns {(tile.IsEdge ? "kx0 to kx1 - 1" : $"{tile.Kx0} to {tile.Kx1 - 1}")}.</summary>");
        OpenMethod(writer, "private ", tile.Method, parameters);
        if (tile.Prefetch.Lines > 0)
        {
            writer.Line("// Weights come from the third-level cache or memory: fetch the next panel, a little with each tile.");
            writer.Line($"float* next = w + {PanelFloats + tile.Prefetch.Start};");
        }

        if (tile.Shape.IsPaired && tile.Rows > 1)
            writer.Line("// Two pixels share the last vector: half of the channels of one, half of the next one's.");
        DeclareTotals(writer, tile);
        writer.Open("do");
        writer.Line("// Every pixel starts from the bias.");
        for (int m = 0; m < tile.Rows; m++)
        {
            for (int j = 0; j < (m % 2 == 0 ? vectors : tile.Shape.WholeVectors); j++)
                writer.Line($"{v.Type} {Acc(m, j)} = {(m == 0 ? v.Load(Offset("w", j * Lanes)) : Acc(0, j))};");
        }

        if (tile.IsEdge)
        {
            EmitEdgeTaps(writer, tile);
        }
        else if (taps > 0)
        {
            BeginTotals(writer, tile);
            writer.Line($"float* k = w + {nr}{(partialRows ? $" + ky0 * {(long)Window.Kernel.X * InPerGroup * nr}" : string.Empty)};");
            writer.Line($"float* i = x{(partialRows ? $" + ky0 * {Window.Dilation.Y * In.RowPitch}" : string.Empty)}{(tile.Kx0 > 0 && IsRowContiguous ? $" + {tile.Kx0 * InPerGroup}" : string.Empty)};");
            bool mergeRows = !partialRows && wholeWidth && IsRowContiguous && Window.Kernel.X == In.Width && Window.Dilation.Y == 1;
            bool loopRows = Window.Kernel.Y > 1 && !mergeRows;
            if (loopRows)
                writer.Open(partialRows ? "for (int ky = ky0; ky < ky1; ky++)" : $"for (int ky = 0; ky < {Window.Kernel.Y}; ky++)");
            else if (partialRows)
                writer.Open("if (ky0 < ky1)");

            long skip = (long)InPerGroup * nr;
            if (tile.Kx0 > 0)
                writer.Line($"k += {tile.Kx0 * skip};");
            if (IsRowContiguous)
            {
                EmitRun(writer, tile, "i", (mergeRows ? Window.Kernel.Y : 1) * taps * InPerGroup);
            }
            else if (taps == 1)
            {
                string start = tile.Kx0 == 0 ? "i" : "j";
                if (tile.Kx0 > 0)
                    writer.Line($"float* j = i + {tile.Kx0 * Window.Dilation.X * In.Pitch};");
                EmitRun(writer, tile, start, InPerGroup);
            }
            else
            {
                writer.Open($"for (int kx = {tile.Kx0}; kx < {tile.Kx1}; kx++)");
                writer.Line($"float* j = i + kx * {Window.Dilation.X * In.Pitch};");
                EmitRun(writer, tile, "j", InPerGroup);
                writer.Close();
            }

            if (loopRows)
            {
                if (tile.Kx1 < Window.Kernel.X)
                    writer.Line($"k += {(Window.Kernel.X - tile.Kx1) * skip};");
                writer.Line($"i += {Window.Dilation.Y * In.RowPitch};");
            }

            if (loopRows || partialRows)
                writer.Close();
            EndTotals(writer, tile);
        }

        writer.Line();
        if (LoopsOverEpilogue(tile))
            EmitEpilogueLoop(writer, tile);
        else
            EmitEpilogue(writer, tile);
        writer.Line($"x += {InOffset(tile, tile.Rows)};");
        writer.Line($"y += {OutOffset(tile, tile.Rows, Out.Pitch)};");
        if (Epilogue.HasResidual)
            writer.Line($"r += {OutOffset(tile, tile.Rows, Epilogue.ResidualPitch)};");
        writer.Close();
        writer.Line("while (--tiles > 0);");
        writer.Close();
    }

    /// <summary>The taps of a pixel at the edge: kernel columns kx0 to kx1 - 1, which need not be any.</summary>
    private void EmitEdgeTaps(CodeWriter writer, TileCode tile)
    {
        long skip = (long)InPerGroup * Lanes * tile.Shape.Vectors;
        writer.Open("if (kx0 < kx1)");
        writer.Open(tile.Partial ? "for (int ky = ky0; ky < ky1; ky++)" : $"for (int ky = 0; ky < {Window.Kernel.Y}; ky++)");
        writer.Line($"float* k = w + {Lanes * tile.Shape.Vectors} + (ky * {Window.Kernel.X} + kx0) * {skip};");
        writer.Line($"float* i = x + ky * {Window.Dilation.Y * In.RowPitch};");
        writer.Open("for (int kx = kx0; kx < kx1; kx++)");
        writer.Line($"float* j = i + kx * {Window.Dilation.X * In.Pitch};");
        EmitRun(writer, tile, "j", InPerGroup);
        writer.Close();
        writer.Close();
        writer.Close();
    }

    /// <summary>First channel of a vector of a panel; the last one ends at the last channel.</summary>
    private int VectorChannel(TileCode tile, int vector) => Math.Min(vector * Lanes, Math.Max(0, OutPerGroup - VecOf(tile, vector).Lanes));

    /// <summary>What a vector of a panel holds of one pixel.</summary>
    private Vec VecOf(TileCode tile, int vector) => vector < tile.Shape.WholeVectors ? V : Vec.For(Bits, Lanes / 2);

    /// <summary>An expression for a pixel's part of an accumulator.</summary>
    private string Value(TileCode tile, int row, int vector) =>
        vector < tile.Shape.WholeVectors ? Acc(row, vector) : $"{Acc(row / 2 * 2, vector)}.Get{(row % 2 == 0 ? "Lower" : "Upper")}()";

    /// <summary>
    /// Whether the tile is stored first and activated in a loop of its own. Besides long functions, those whose constants
    /// find no register beside 32 busy ones: the JIT then keeps the constants and moves accumulators to memory and back
    /// in every step of the dot product (14x14x112 to 672, h-swish: 148 us, in a loop 130). With 16 registers it lets
    /// the constants go.
    /// </summary>
    private bool LoopsOverEpilogue(TileCode tile) =>
        Epilogue.IsLong || (Bits == 512 && tile.Shape.Accumulators(tile.Rows) + tile.Shape.Vectors + (tile.Shape.IsPaired ? 3 : 1) + Epilogue.Constants > 32);

    /// <summary>Activates and stores each accumulator.</summary>
    private void EmitEpilogue(CodeWriter writer, TileCode tile)
    {
        for (int m = 0; m < tile.Rows; m++)
        {
            for (int j = 0; j < tile.Shape.Vectors; j++)
            {
                int channel = VectorChannel(tile, j);
                Vec v = VecOf(tile, j);
                string value = Acc(m, j);
                if (j >= tile.Shape.WholeVectors)
                {
                    value = "h" + Literal.Of(m);
                    writer.Line($"{v.Type} {value} = {Value(tile, m, j)};");
                }

                Epilogue.Emit(writer, v, value, Offset("r", OutOffset(tile, m, Epilogue.ResidualPitch) + channel), Epilogue.SlopeVectors > 0 ? Offset("s", channel) : null, Out.Channels);
                writer.Line(v.Store(Offset("y", OutOffset(tile, m, Out.Pitch) + channel), value));
            }
        }
    }

    /// <summary>Stores the accumulators as they are, then activates the tile pixel by pixel.</summary>
    private void EmitEpilogueLoop(CodeWriter writer, TileCode tile)
    {
        for (int m = 0; m < tile.Rows; m++)
        {
            for (int j = 0; j < tile.Shape.Vectors; j++)
                writer.Line(VecOf(tile, j).Store(Offset("y", OutOffset(tile, m, Out.Pitch) + VectorChannel(tile, j)), Value(tile, m, j)));
        }

        // Offsets of the pixels are regular: rows of a patch, and pixels in a row.
        int width = tile.PatchWidth == 0 ? tile.Rows : tile.PatchWidth;
        int down = tile.PatchWidth == 0 ? 0 : Out.Width;
        writer.Line($"for (int row = 0; row < {tile.Rows / width}; row++)");
        writer.Open($"for (int m = 0; m < {width}; m++)");
        writer.Line($"float* z = y + (row * {down} + m) * {Out.Pitch};");

        // All vectors of a pixel are read before any is written: the last may overlap the one before.
        for (int j = 0; j < tile.Shape.Vectors; j++)
            writer.Line($"{VecOf(tile, j).Type} v{j} = {VecOf(tile, j).Load(Offset("z", VectorChannel(tile, j)))};");
        for (int j = 0; j < tile.Shape.Vectors; j++)
        {
            int channel = VectorChannel(tile, j);
            Epilogue.Emit(writer, VecOf(tile, j), "v" + Literal.Of(j), Offset("r", channel) + $" + (row * {down} + m) * {Epilogue.ResidualPitch}", Epilogue.SlopeVectors > 0 ? Offset("s", channel) : null, Out.Channels);
        }

        for (int j = 0; j < tile.Shape.Vectors; j++)
            writer.Line(VecOf(tile, j).Store(Offset("z", VectorChannel(tile, j)), "v" + Literal.Of(j)));
        writer.Close();
    }

    /// <summary>
    /// The innermost loop: a run of inputs that lie side by side. The pointer moves instead of an index, so that the
    /// offsets of the tile's pixels become constants of the load instructions.
    /// </summary>
    private void EmitRun(CodeWriter writer, TileCode tile, string start, int length)
    {
        Vec v = V;
        int nr = Lanes * tile.Shape.Vectors;
        string moving = IsScattered ? "q" : "u";
        writer.Line(IsScattered ? "int* q = channels;" : $"float* u = {start};");
        string kind = IsScattered ? "int" : "float";
        bool inBlocks = SumBlock > 0 && length > SumBlock;
        writer.Line($"{kind}* {(inBlocks ? "last" : "end")} = {moving} + {length};");
        if (inBlocks)
        {
            writer.Open("do");
            writer.Line(length % SumBlock == 0
                ? $"{kind}* end = {moving} + {SumBlock};"
                : $"{kind}* end = last - {moving} > {SumBlock} ? {moving} + {SumBlock} : last;");
        }

        if (tile.Prefetch.Lines > 0)
        {
            writer.Open("do");
            for (int line = 0; line < tile.Prefetch.Lines; line++)
                writer.Line($"Sse.Prefetch1({Offset("next", line * CacheLineFloats)});");
            writer.Line($"next += {tile.Prefetch.Lines * CacheLineFloats};");
            writer.Line($"{kind}* stop = {moving} + {tile.Prefetch.Interval};");
        }

        writer.Open("do");
        if (IsScattered)
            writer.Line($"float* u = {start} + *q;");
        bool weightsInRegisters = tile.Rows > 1;
        if (IsStreaming)
        {
            for (int line = 0; line < nr; line += CacheLineFloats)
                writer.Line($"Sse.Prefetch0({Offset("k", (StreamAhead * nr) + line)});");
        }

        if (weightsInRegisters)
        {
            for (int j = 0; j < tile.Shape.Vectors; j++)
                writer.Line($"{v.Type} w{j} = {v.Load(Offset("k", j * Lanes))};");
        }

        string Weights(int j) => weightsInRegisters ? "w" + Literal.Of(j) : v.Load(Offset("k", j * Lanes));
        writer.Line($"{v.Type} t{(tile.Shape.IsPaired && tile.Rows > 1 ? ", second" : string.Empty)};");
        for (int m = 0; m < tile.Rows; m++)
        {
            string input = tile.Shape.IsPaired && m % 2 == 1 ? "second" : "t";
            writer.Line($"{input} = {v.Broadcast($"u[{InOffset(tile, m)}]")};");
            for (int j = 0; j < tile.Shape.WholeVectors; j++)
                writer.Line($"{Acc(m, j)} = {v.Fma(input, Weights(j), Acc(m, j))};");
            if (!tile.Shape.IsPaired || (m % 2 == 0 && m < tile.Rows - 1))
                continue;

            // The last vector: half of this pixel's channels, half of the one's before.
            if (m % 2 == 1)
                writer.Line("t = Avx512F.InsertVector256(t, second.GetLower(), 1);");
            writer.Line($"{Acc(m / 2 * 2, tile.Shape.WholeVectors)} = {v.Fma("t", Weights(tile.Shape.WholeVectors), Acc(m / 2 * 2, tile.Shape.WholeVectors))};");
        }

        writer.Line(moving + "++;");
        writer.Line($"k += {nr};");
        writer.Close();
        if (tile.Prefetch.Lines > 0)
        {
            writer.Line($"while ({moving} < stop);");
            writer.Close();
        }

        writer.Line($"while ({moving} < end);");
        AddToTotals(writer, tile);
        if (!inBlocks)
            return;
        writer.Close();
        writer.Line($"while ({moving} < last);");
    }

    private static string Acc(int row, int vector) => "a" + Literal.Of(row) + (char)('a' + vector);

    /// <summary>A tile: so many pixels in a row, or in a patch of some width, over some kernel columns.</summary>
    private sealed record TileCode(string Method, TileChoice Shape, int Rows, int Kx0, int Kx1, Prefetch Prefetch, bool Partial, int PatchWidth)
    {
        /// <summary>Whether its kernel columns are arguments, kx0 and kx1.</summary>
        public bool IsEdge { get; init; }
    }
}
