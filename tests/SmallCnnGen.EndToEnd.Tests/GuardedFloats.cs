using System;
using System.Buffers;
using System.ComponentModel;
using System.Runtime.InteropServices;

namespace SmallCnnGen.EndToEnd.Tests;

/// <summary>
/// Floats between two pages that must not be touched (Linux): reading or writing one float too far kills the process,
/// which no test can overlook.
/// </summary>
internal sealed unsafe partial class GuardedFloats : MemoryManager<float>
{
    private const int ProtNone = 0, ProtReadWrite = 3, MapPrivateAnonymous = 0x22;

    private readonly nint _mapping;
    private readonly nuint _mapped;
    private readonly float* _start;
    private readonly int _length;

    /// <summary>Allocates.</summary>
    /// <param name="length">Floats.</param>
    /// <param name="atEnd">True: the last float is the last before the page behind; false: the first is the first after the page before.</param>
    public GuardedFloats(int length, bool atEnd)
    {
        nuint page = (nuint)Environment.SystemPageSize;
        nuint bytes = (nuint)length * sizeof(float);
        nuint inner = (bytes + page - 1) / page * page;
        _mapped = inner + (2 * page);
        _mapping = Map(0, _mapped, ProtNone, MapPrivateAnonymous, -1, 0);
        if (_mapping == -1 || Protect(_mapping + (nint)page, inner, ProtReadWrite) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        byte* first = (byte*)_mapping + page;
        _start = (float*)(atEnd ? first + inner - bytes : first);
        _length = length;
    }

    /// <inheritdoc/>
    public override Span<float> GetSpan() => new(_start, _length);

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0) => new(_start + elementIndex);

    /// <inheritdoc/>
    public override void Unpin()
    {
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _ = Unmap(_mapping, _mapped);

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    private static partial int Protect(nint address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    private static partial int Unmap(nint address, nuint length);
}
