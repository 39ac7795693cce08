using System;
using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Threading;

namespace SmallCnnGen.Runtime;

/// <summary>
/// The threads of one instance. Every thread, the caller's included, walks through the same list of kernel calls, each
/// computing its share of every call, and all meet at a barrier where a kernel reads what the one before wrote. A thread
/// that waits spins for some microseconds and then sleeps, so an idle instance costs no processor time. Nothing is
/// allocated after construction.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed unsafe class ThreadTeam : IDisposable
{
    /// <summary>More threads than this never helped one image.</summary>
    public const int MaxThreads = 64;

    // Workers know the core only: an instance that nobody holds any more is finalized, and that ends them.
    private readonly Core _core;
    private readonly Thread[] _workers;

    /// <summary>Starts the workers: one less than the threads.</summary>
    /// <param name="network">Name of the network, for the threads' names.</param>
    /// <param name="threads">Threads, the caller of <see cref="Run"/> included; 2 to 64.</param>
    /// <param name="part">Computes one thread's share: the team, the arguments of <see cref="Run"/>, the thread's number.</param>
    public ThreadTeam(string network, int threads, delegate*<ThreadTeam.Core, nint*, int, void> part)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threads, MaxThreads);
        if (part == null)
            throw new ArgumentNullException(nameof(part));
        _core = new Core(threads, part);
        _workers = new Thread[threads - 1];
        for (var i = 1; i < threads; i++)
        {
            var core = _core;
            var number = i;
            _workers[i - 1] = new Thread(() => core.Work(number)) { IsBackground = true, Name = FormattableString.Invariant($"{network} {number + 1}") };
            _workers[i - 1].Start();
        }
    }

    /// <summary>Ends the workers of a team that was not disposed of.</summary>
    // null when the constructor refused its arguments
    ~ThreadTeam() => _core?.Stop();

    /// <summary>Threads, the caller's included.</summary>
    public int Threads => _core.Threads;

    /// <summary>The workers, for tests.</summary>
    internal ReadOnlySpan<Thread> Workers => _workers;

    /// <summary>Workers asleep, for tests.</summary>
    internal int Sleeping => _core.Sleeping;

    /// <summary>Computes all shares, one on the calling thread, and returns when all are done.</summary>
    /// <param name="arguments">Handed to every share; must stay valid until this returns.</param>
    public void Run(nint* arguments) => _core.Run(arguments);

    /// <summary>Ends the workers. Not while <see cref="Run"/> is running.</summary>
    public void Dispose()
    {
        _core.Stop();
        GC.SuppressFinalize(this);
    }

    /// <summary>What the workers share.</summary>
    [SuppressMessage("Design", "CA1034", Justification = "Named in the signature of generated code; nobody writes it.")]
    public sealed class Core
    {
        // Some 50 microseconds: longer than two threads' shares of a kernel differ, unless one lost its core.
        private const int Spins = 1500;

        // Then some milliseconds of giving way, during a run only: threads that take turns on one core, each asleep while the
        // other works, look to the system as if one core were enough, and it leaves them there.
        private const int Yields = 5000;

        private readonly object _gate = new();
        private readonly delegate*<Core, nint*, int, void> _part;
        private nint* _arguments;
        private int _arrived;
        private int _phase;
        private int _sleepers;
        private bool _stopped;

        internal Core(int threads, delegate*<Core, nint*, int, void> part)
        {
            Threads = threads;
            _part = part;
        }

        /// <summary>Threads, the caller's included.</summary>
        public int Threads { get; }

        internal int Sleeping => Volatile.Read(ref _sleepers);

        /// <summary>Waits until every thread of the team has come here; alone, returns at once.</summary>
        /// <param name="team">The team, or null for one thread.</param>
        public static void Wait(Core? team) => team?.Barrier(Yields);

        /// <summary>
        /// First of some units that a part computes, or one past its last for the next part, where the last two units overlap:
        /// no part begins between them, so that no two threads write the same element.
        /// </summary>
        /// <param name="units">Units; at least 2.</param>
        /// <param name="part">Which part.</param>
        /// <param name="parts">How many parts there are.</param>
        public static int Cut(int units, int part, int parts)
        {
            var cut = (int)((long)units * part / parts);
            return cut == units - 1 ? cut - 1 : cut;
        }

        internal void Run(nint* arguments)
        {
            _arguments = arguments;
            Barrier(Yields);
            _part(this, arguments, 0);
            Barrier(Yields);
        }

        internal void Work(int number)
        {
            while (true)
            {
                Barrier(0);
                if (Volatile.Read(ref _stopped))
                    return;
                _part(this, _arguments, number);
                Barrier(Yields);
            }
        }

        /// <summary>Lets the workers go; they wait at the barrier that begins a run.</summary>
        internal void Stop()
        {
            if (_stopped)
                return;
            Volatile.Write(ref _stopped, true);

            // Not a barrier: the caller may be the finalizer, which must not wait for threads still starting.
            if (Interlocked.Increment(ref _arrived) == Threads)
                Open();
        }

        /// <summary>Waits for all: spins, gives way up to a number of times, sleeps.</summary>
        private void Barrier(int yields)
        {
            var phase = Volatile.Read(ref _phase);
            if (Interlocked.Increment(ref _arrived) == Threads)
            {
                Open();
                return;
            }

            for (var i = 0; i < Spins; i++)
            {
                if (Volatile.Read(ref _phase) != phase)
                    return;
                Thread.SpinWait(1);
            }

            for (var i = 0; i < yields; i++)
            {
                if (Volatile.Read(ref _phase) != phase)
                    return;
                Thread.Yield();
            }

            lock (_gate)
            {
                // Counted before the phase is looked at again, and Open looks at the count after it changed the phase.
                Interlocked.Increment(ref _sleepers);
                while (Volatile.Read(ref _phase) == phase)
                    Monitor.Wait(_gate);
                Interlocked.Decrement(ref _sleepers);
            }
        }

        private void Open()
        {
            Volatile.Write(ref _arrived, 0);
            Interlocked.Increment(ref _phase);
            if (Volatile.Read(ref _sleepers) == 0)
                return;
            lock (_gate)
                Monitor.PulseAll(_gate);
        }
    }
}
