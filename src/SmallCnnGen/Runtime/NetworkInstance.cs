using System;
using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading;

namespace SmallCnnGen.Runtime;

/// <summary>
/// What one instance of a generated network owns: its arena, and the right of one inference at a time to use it.
/// The weights are shared.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed unsafe class NetworkInstance : IDisposable
{
    private const int Free = 0, Busy = 1, Disposed = 2;

    private readonly string _network;
    private readonly int _start;
    private readonly int _length;
    private readonly ThreadTeam? _team;
    private float[] _array;
    private int _state;

    /// <summary>Creates an instance of one thread and allocates its arena, once.</summary>
    /// <param name="weights">Packed weights.</param>
    /// <param name="network">Name of the network.</param>
    /// <param name="fingerprint">Fingerprint of its packing plan.</param>
    /// <param name="arenaFloats">Floats of the arena.</param>
    /// <param name="vectorBits">Vector width of the kernels.</param>
    /// <exception cref="ArgumentException">The weights belong to another network (SCNN3007).</exception>
    /// <exception cref="PlatformNotSupportedException">This process cannot run kernels of that width.</exception>
    public NetworkInstance(NetworkWeights weights, string network, ulong fingerprint, int arenaFloats, int vectorBits)
        : this(weights, network, fingerprint, arenaFloats, vectorBits, 1, null)
    {
    }

    /// <summary>Creates an instance that several threads may share, and allocates its arena, once.</summary>
    /// <param name="weights">Packed weights.</param>
    /// <param name="network">Name of the network.</param>
    /// <param name="fingerprint">Fingerprint of its packing plan.</param>
    /// <param name="arenaFloats">Floats of the arena.</param>
    /// <param name="vectorBits">Vector width of the kernels.</param>
    /// <param name="threads">Threads, the caller's included; 1 for none of its own.</param>
    /// <param name="part">With several threads: computes one thread's share of a run.</param>
    /// <exception cref="ArgumentException">The weights belong to another network (SCNN3007).</exception>
    /// <exception cref="PlatformNotSupportedException">This process cannot run kernels of that width.</exception>
    public NetworkInstance(NetworkWeights weights, string network, ulong fingerprint, int arenaFloats, int vectorBits, int threads, delegate*<ThreadTeam.Core, nint*, int, void> part)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(network);
        ArgumentOutOfRangeException.ThrowIfNegative(arenaFloats);
        if (weights.Fingerprint != fingerprint || weights.Network != network)
        {
            var fix = weights.Network == network
                ? "they were packed by another build of it; load the weights file again"
                : "load the weights with the type that runs them";
            throw new ArgumentException(FormattableString.Invariant(
                $"{WeightsProblem.OtherNetwork} the weights were packed for network {weights.Network} (fingerprint {weights.Fingerprint:x16}), not for {network} (fingerprint {fingerprint:x16}): {fix}."), nameof(weights));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threads, ThreadTeam.MaxThreads);
        Guard.VectorSupport(network, vectorBits);
        _network = network;
        _length = arenaFloats;
        _array = AlignedFloats.Allocate(arenaFloats, out _start);
        Weights = weights;
        _team = threads > 1 ? new ThreadTeam(network, threads, part) : null;
    }

    /// <summary>Threads that share a run, the caller's included.</summary>
    public int Threads => _team?.Threads ?? 1;

    /// <summary>The weights this instance runs with.</summary>
    public NetworkWeights Weights { get; }

    /// <summary>The arena: 64-byte aligned, never moved, with 16 floats of slack before and after.</summary>
    public Span<float> Arena
    {
        get
        {
            var array = Volatile.Read(ref _array);
            if (array.Length == 0)
                ThrowDisposed();
            return new Span<float>(array, _start, _length);
        }
    }

    /// <summary>Runs all shares of a run; only with several threads.</summary>
    /// <param name="arguments">Handed to every share.</param>
    public void Run(nint* arguments) => _team!.Run(arguments);

    /// <summary>Begins an inference.</summary>
    /// <exception cref="ObjectDisposedException">The instance was disposed of.</exception>
    /// <exception cref="InvalidOperationException">An inference is already running on this instance.</exception>
    public void Enter()
    {
        var state = Interlocked.CompareExchange(ref _state, Busy, Free);
        if (state != Free)
            ThrowNotFree(state);
    }

    /// <summary>Ends an inference.</summary>
    public void Exit()
    {
        // not a plain store: an instance disposed of meanwhile stays so
        if (Interlocked.CompareExchange(ref _state, Free, Busy) == Disposed)
            _team?.Dispose();
    }

    /// <summary>
    /// Gives up the arena. An inference still running on another thread finishes on the memory it holds; later ones
    /// are refused.
    /// </summary>
    public void Dispose()
    {
        // the threads of an inference that is still running end with it
        if (Interlocked.Exchange(ref _state, Disposed) == Free)
            _team?.Dispose();
        Volatile.Write(ref _array, []);
    }

    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ThrowNotFree(int state)
    {
        if (state == Disposed)
            ThrowDisposed();
        throw new InvalidOperationException(
            $"This instance of {_network} is already running: one instance runs one inference at a time. " +
            "Make one instance per thread from the same Weights (they are shared, so another instance costs only its arena).");
    }

    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ThrowDisposed() => throw new ObjectDisposedException(_network);
}
