using System;
using System.ComponentModel;

namespace SmallCnnGen.Runtime;

/// <summary>Buffers that hold a few rows of a map, for kernels that run strip by strip.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static unsafe class StripRows
{
    /// <summary>Moves the rows that are still needed to the front.</summary>
    /// <param name="buffer">The buffer.</param>
    /// <param name="rowPitch">Floats from row to row.</param>
    /// <param name="rows">Rows by which the buffer advances.</param>
    /// <param name="keep">Rows that are kept.</param>
    /// <param name="first">Row of the map that is then at the front.</param>
    /// <returns>Where the map's row 0 would be: row n is at n * rowPitch from there.</returns>
    public static float* Advance(float* buffer, int rowPitch, int rows, int keep, int first)
    {
        if (rows > 0 && keep > 0)
        {
            var bytes = (long)keep * rowPitch * sizeof(float);
            Buffer.MemoryCopy(buffer + ((long)rows * rowPitch), buffer, bytes, bytes);
        }

        // Far outside the buffer, which checked arithmetic might take for an overflow.
        return unchecked(buffer - ((long)first * rowPitch));
    }
}
