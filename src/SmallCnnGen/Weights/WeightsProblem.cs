namespace SmallCnnGen;

/// <summary>Ids of what can be wrong with weights. Never reused; each has a page in src/docs/rules.</summary>
internal static class WeightsProblem
{
    /// <summary>The network needs a tensor the file does not have.</summary>
    public const string Missing = "SCNN3001";

    /// <summary>The file has a tensor the network does not know.</summary>
    public const string Unexpected = "SCNN3002";

    /// <summary>A tensor has another shape than the network declares.</summary>
    public const string WrongShape = "SCNN3003";

    /// <summary>A tensor is not made of floating-point numbers we read.</summary>
    public const string WrongDType = "SCNN3004";

    /// <summary>A tensor holds NaN or an infinity, or folding produced one.</summary>
    public const string NotFinite = "SCNN3005";

    /// <summary>The file is not valid safetensors.</summary>
    public const string InvalidFile = "SCNN3006";

    /// <summary>Packed weights of one network were given to another.</summary>
    public const string OtherNetwork = "SCNN3007";

    /// <summary>Running variance + epsilon is not positive, so it has no square root to divide by.</summary>
    public const string BadVariance = "SCNN3008";
}
