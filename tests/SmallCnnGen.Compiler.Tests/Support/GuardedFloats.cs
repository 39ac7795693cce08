using System;
using System.Runtime.InteropServices;

namespace SmallCnnGen.Compiler.Tests.Support;

/// <summary>
/// Floats beside pages that no one may touch, so that reading or writing one element too many or too few crashes here
/// and not at a user's. Linux only; elsewhere ordinary memory.
/// </summary>
internal sealed unsafe class GuardedFloats : IDisposable
{
    private readonly byte* _start;
    private readonly nint _length;
    private readonly nint _bytes;

    /// <param name="length">Floats.</param>
    public GuardedFloats(int length)
    {
        nint page = Environment.SystemPageSize;
        _bytes = (nint)length * sizeof(float);
        Inside = (_bytes + page - 1) / page * page;
        Length = length;
        if (!OperatingSystem.IsLinux())
        {
            _length = Inside;
            _start = (byte*)NativeMemory.AlignedAlloc((nuint)Inside, 64);
            return;
        }

        _length = Inside + (2 * page);
        _start = (byte*)Map(0, _length, ProtRead | ProtWrite, MapPrivate | MapAnonymous, -1, 0);
        if (_start == (byte*)-1)
            throw new OutOfMemoryException();
        if (Protect((nint)_start, page, 0) != 0 || Protect((nint)(_start + page + Inside), page, 0) != 0)
            throw new InvalidOperationException("mprotect failed");
        _start += page;
    }

    private nint Inside { get; }

    public int Length { get; }

    /// <summary>The floats that begin where the page before ends.</summary>
    public nint AtStart => (nint)_start;

    /// <summary>The floats that end where the page after begins.</summary>
    public nint AtEnd => (nint)(_start + Inside - _bytes);

    public Span<float> Span(nint at) => new((void*)at, Length);

    public void Dispose()
    {
        if (OperatingSystem.IsLinux())
            _ = Unmap((nint)_start - Environment.SystemPageSize, _length);
        else
            NativeMemory.AlignedFree(_start);
    }

    private const int ProtRead = 1, ProtWrite = 2, MapPrivate = 2, MapAnonymous = 32;

    [DllImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static extern nint Map(nint address, nint length, int protection, int flags, int file, nint offset);

    [DllImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    private static extern int Protect(nint address, nint length, int protection);

    [DllImport("libc", EntryPoint = "munmap", SetLastError = true)]
    private static extern int Unmap(nint address, nint length);
}
