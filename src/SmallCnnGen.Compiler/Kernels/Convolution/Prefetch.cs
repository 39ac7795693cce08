namespace SmallCnnGen.Compiler.Kernels.Convolution;

/// <summary>Fetching the next panel of weights while the current one is used, spread evenly over the tiles.</summary>
/// <param name="Lines">Cache lines fetched at a time; 0 for no prefetching.</param>
/// <param name="Interval">Steps of the dot product between fetches; divides their number.</param>
/// <param name="Start">Floats into the next panel at which this sequence of tiles begins.</param>
public readonly record struct Prefetch(int Lines, int Interval, int Start)
{
    private const int LineFloats = 16;

    /// <summary>No prefetching.</summary>
    public static Prefetch None => default;

    private int StepsPerTile { get; init; }

    /// <summary>Spreads a panel over the tiles that use the one before.</summary>
    /// <param name="steps">Steps of the dot product in a tile.</param>
    /// <param name="panelLanes">Floats of weights a step reads.</param>
    /// <param name="tiles">Tiles a panel serves.</param>
    /// <param name="block">A number of steps that the interval divides too; 0 for any.</param>
    public static Prefetch Spread(int steps, int panelLanes, int tiles, int block = 0)
    {
        // Without prefetching every step's lines come late once; one line every so many steps brings them all in time.
        double linesPerStep = panelLanes / (double)LineFloats / tiles;
        int interval = 1;
        for (int candidate = 1; candidate <= steps && candidate <= 32; candidate++)
        {
            if (steps % candidate == 0 && block % candidate == 0 && (candidate <= 4 || candidate * linesPerStep <= 1))
                interval = candidate;
        }

        int lines = (int)System.Math.Ceiling((interval * linesPerStep) - 1e-9);
        return interval < 4 ? None : new Prefetch(System.Math.Max(1, lines), interval, 0) { StepsPerTile = steps };
    }

    /// <summary>The same for tiles that follow a number of others.</summary>
    public Prefetch After(int tiles) => Lines == 0 ? this : this with { Start = tiles * (StepsPerTile / Interval) * Lines * LineFloats };
}
