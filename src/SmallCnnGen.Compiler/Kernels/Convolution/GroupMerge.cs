namespace SmallCnnGen.Compiler.Kernels.Convolution;

/// <summary>
/// Groups with few channels do not fill a vector, so several are computed as one block-diagonal group whose other
/// weights are zero. The factor is chosen so that the fewest vector operations remain. A NaN or infinite input then spoils
/// the outputs of all groups merged with its own (src/docs/language.md).
/// </summary>
public static class GroupMerge
{
    /// <summary>How many groups to merge.</summary>
    /// <param name="bits">Register width.</param>
    /// <param name="groups">Groups.</param>
    /// <param name="inPerGroup">Input channels of each.</param>
    /// <param name="outPerGroup">Output channels of each.</param>
    public static int Factor(int bits, int groups, int inPerGroup, int outPerGroup)
    {
        int best = 1;
        double bestCost = double.MaxValue;
        for (int factor = 1; factor <= groups && factor <= 32; factor++)
        {
            if (groups % factor != 0)
                continue;
            int outputs = factor * outPerGroup;
            int lanes = Vec.For(bits, outputs).Lanes;
            double vectors = (outputs + lanes - 1) / lanes;
            double cost = (double)(groups / factor) * vectors * factor * inPerGroup;
            if (cost < bestCost)
            {
                bestCost = cost;
                best = factor;
            }
        }

        return best;
    }
}
